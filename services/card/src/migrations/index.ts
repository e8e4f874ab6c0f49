import { eventStoreGrants } from '@tollwire/event-store';
import { Migration2026112101Cards } from './Migration2026112101_cards.ts';
import { Migration2026112102Accounts } from './Migration2026112102_accounts.ts';
import { Migration2026112103Ledger } from './Migration2026112103_ledger.ts';
import { Migration2026112104Named } from './Migration2026112104_named.ts';
import { Migration2026112801PulsePolicy } from './Migration2026112801_pulse_policy.ts';
import { Migration2026112821CardLife } from './Migration2026112821_card_life.ts';
import { Migration2026112822Money } from './Migration2026112822_money.ts';
import { Migration2026112823CallControl } from './Migration2026112823_call_control.ts';
import { Migration2026112881CreditToCall } from './Migration2026112881_credit_to_call.ts';
import { Migration2026112921ForgottenCallers } from './Migration2026112921_forgotten_callers.ts';
import { Migration2026112931FailedTries } from './Migration2026112931_failed_tries.ts';
import { Migration2026112932TwoPeople } from './Migration2026112932_two_people.ts';
import { Migration2026112942RefusedRoutes } from './Migration2026112942_refused_routes.ts';
import { Migration2026113001AllUnmoved } from './Migration2026113001_all_unmoved.ts';
import { Migration2026113002RefusedCalls } from './Migration2026113002_refused_calls.ts';

/** Every step of the schema, in order. */
export const migrations = [
  Migration2026112101Cards,
  Migration2026112102Accounts,
  Migration2026112103Ledger,
  Migration2026112104Named,
  Migration2026112801PulsePolicy,
  Migration2026112821CardLife,
  Migration2026112822Money,
  Migration2026112823CallControl,
  Migration2026112881CreditToCall,
  Migration2026112921ForgottenCallers,
  Migration2026112931FailedTries,
  Migration2026112932TwoPeople,
  Migration2026112942RefusedRoutes,
  Migration2026113001AllUnmoved,
  Migration2026113002RefusedCalls,
] as const;

/** What the service's role may do; `:app` stands for the role. Money that has moved stays moved: no UPDATE, no DELETE. */
export const grants: readonly string[] = [
  ...eventStoreGrants,
  'GRANT SELECT, INSERT ON transfer, charge TO :app',
  'GRANT SELECT, INSERT, UPDATE ON ledger_account, reservation TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON cardtype, card_batch, card_state, "order", sale, user_profile TO :app',
  'GRANT SELECT, INSERT ON reseller TO :app',
  'GRANT SELECT, INSERT, UPDATE ON cid, card_pin, caller_policy TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON caller_address, failed_try, refused_route TO :app',
  'GRANT SELECT, INSERT ON payment, payment_reversal, commission, voucher_batch, voucher_approval, voucher_void, voucher, voucher_redemption TO :app',
  'GRANT SELECT, INSERT, UPDATE ON low_balance, broken_credit TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON credit_proposal TO :app',
  'GRANT SELECT, INSERT ON account_code TO :app',
  'GRANT SELECT, INSERT, DELETE ON userprofile_gateway, userprofile_voipservergroup TO :app',
  'GRANT SELECT, INSERT ON reservation_extension TO :app',
  'GRANT SELECT, INSERT, UPDATE ON dialer_setting TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON cardtype_dialer_setting TO :app',
  'GRANT SELECT ON card TO :app',
  'GRANT EXECUTE ON FUNCTION rename_freed_cli(text, text, text, text), rename_cli_order(text, text) TO :app',
  'GRANT EXECUTE ON FUNCTION all_unmoved(bigint, bigint) TO :app',
  'GRANT USAGE ON SEQUENCE cardtype_id TO :app',
];
