import { create } from '@bufbuild/protobuf';
import { DialingRulesSchema } from '@tollwire/contracts';
import type { AllowGatewaysRequest, CodedRefusal, DialingRules, LimitAccountRequest, LimitCardTypeRequest, ResumeAccountRequest, SuspendAccountRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { EventMeta, Sql } from '@tollwire/event-store';
import { gatewayColumns } from '../accounts/gateway-links.ts';
import type { CardDeps } from '../card.deps.ts';
import type { AccountCommand } from '../domain/account.ts';
import { refusable } from '../ledger/refusable.ts';
import { settingColumns, settingMessage } from '../wire/dialer-setting.ts';
import type { StoredSetting } from '../wire/dialer-setting.ts';
import { unknownParty } from '../wire/party.ts';
import { optionalTextOf, textOf } from '../wire/text.ts';
import { inCurrencyOf, settingNamed } from './dialer-settings.ts';

type Deps = Pick<CardDeps, 'database' | 'clock' | 'wakeRelay' | 'aggregates'>;
type Rules = Result<DialingRules, CodedRefusal>;

const selectCustomer = 'SELECT p.customer_id, p.currency FROM account_code a JOIN user_profile p USING (customer_id) WHERE a.code = $1';

const selectRules = `
  SELECT to_us(p.suspended) AS suspended_us, ${gatewayColumns}, ${settingColumns}
  FROM user_profile p LEFT JOIN dialer_setting d ON d.id = p.dialersetting_id WHERE p.customer_id = $1`;

const putCardType = `
  INSERT INTO cardtype_dialer_setting (cardtypeid, dialersetting_id, set_at, set_by) VALUES ($1, $2, from_us($3), $4)
  ON CONFLICT (cardtypeid) DO UPDATE SET dialersetting_id = excluded.dialersetting_id, set_at = excluded.set_at, set_by = excluded.set_by`;

/** Puts a customer's account under dialling limits, from the next call on; an empty name takes them away. */
export async function limitAccount(deps: Deps, { accountCode, setting: name }: LimitAccountRequest, meta: EventMeta): Promise<Rules> {
  return await changeAccount(deps, accountCode, meta, async (tx, { currency }) => {
    const setting = await settingNamed(tx, name);
    if (!setting.ok) return setting;
    const refusal = inCurrencyOf(setting.value, currency);
    return refusal === null ? ok({ type: 'Limit', dialerSettingId: setting.value?.id ?? null, at: deps.clock.nowUs() }) : refuse(refusal);
  });
}

const idsMax = 1_000;
const rowIdMax = 2 ** 31 - 1;

/** Says which gateways the calls of a customer's account may use, from the next call on; both lists empty: all. Routing knows what the ids stand for. */
export async function allowGateways(deps: Deps, { accountCode, ...asked }: AllowGatewaysRequest, meta: EventMeta): Promise<Rules> {
  const ids = { gatewayIds: [...new Set(asked.gatewayIds)], gatewayGroupIds: [...new Set(asked.gatewayGroupIds)] };
  for (const [field, list] of Object.entries(ids)) {
    if (list.length > idsMax) return refuse({ code: 'too_many_items', field, detail: `Give at most ${idsMax}` });
    if (list.some((id) => id < 1 || id > rowIdMax)) return refuse({ code: 'field_out_of_range', field });
  }
  return await changeAccount(deps, accountCode, meta, () => ok({ type: 'AllowGateways', ...ids, at: deps.clock.nowUs() }));
}

/** Suspends a customer's account: no call is let through or extended until it is resumed; what is up ends by its limit. */
export async function suspendAccount(deps: Deps, { accountCode, reason }: SuspendAccountRequest, meta: EventMeta): Promise<Rules> {
  const why = optionalTextOf(reason, 'reason');
  if (!why.ok) return why;
  return await changeAccount(deps, accountCode, meta, () => ok({ type: 'Suspend', reason: why.value, at: deps.clock.nowUs() }));
}

/** Ends the suspension of a customer's account. */
export async function resumeAccount(deps: Deps, { accountCode }: ResumeAccountRequest, meta: EventMeta): Promise<Rules> {
  return await changeAccount(deps, accountCode, meta, () => ok({ type: 'Resume', at: deps.clock.nowUs() }));
}

/** Puts the cards of a type under dialling limits, each card by itself; an empty name takes them away. */
export async function limitCardType({ database, clock }: Deps, { cardTypeId, setting: name }: LimitCardTypeRequest, by: string | null): Promise<Rules> {
  return await refusable(database, async (tx): Promise<Rules> => {
    const setting = await settingNamed(tx, name);
    if (!setting.ok) return setting;
    const [type] = await tx.query<{ currency: string }>('SELECT currency FROM cardtype WHERE cardtypeid = $1', [Math.min(cardTypeId, 2_147_483_647)]);
    if (type === undefined) return refuse({ code: 'unknown_card_type', field: 'cardTypeId' });
    const refusal = inCurrencyOf(setting.value, type.currency);
    if (refusal !== null) return refuse(refusal);
    if (setting.value === null) await tx.query('DELETE FROM cardtype_dialer_setting WHERE cardtypeid = $1', [cardTypeId]);
    else await tx.query(putCardType, [cardTypeId, setting.value.id, clock.nowUs(), by]);
    return ok(create(DialingRulesSchema, setting.value === null ? {} : { setting: settingMessage(setting.value) }));
  });
}

interface Customer {
  readonly customer_id: string;
  readonly currency: string;
}

/** Gives an order to the account of a code, and answers its rules as they are then. */
async function changeAccount(
  { database, aggregates, wakeRelay }: Deps,
  accountCode: string,
  meta: EventMeta,
  commandOf: (tx: Sql, customer: Customer) => Result<AccountCommand, CodedRefusal> | Promise<Result<AccountCommand, CodedRefusal>>,
): Promise<Rules> {
  const code = textOf(accountCode, 'accountCode', 64);
  if (!code.ok) return code;
  const changed = await refusable(database, async (tx): Promise<Rules> => {
    const [customer] = await tx.query<Customer>(selectCustomer, [code.value]);
    if (customer === undefined) return refuse(unknownParty({ kind: 'account', code: code.value }));
    const command = await commandOf(tx, customer);
    if (!command.ok) return command;
    const [answer] = await aggregates.accounts.handleIn(tx, [{ id: customer.customer_id, command: command.value, meta }]);
    const handled = present(answer, 'an answer for the command');
    return handled.ok ? ok(await rulesOf(tx, customer.customer_id)) : handled;
  });
  if (changed.ok) wakeRelay();
  return changed;
}

async function rulesOf(sql: Sql, customerId: string): Promise<DialingRules> {
  const [row] = await sql.query<StoredSettingOrNone>(selectRules, [customerId]);
  const { suspended_us: suspendedUs, gateway_ids: gatewayIds, gateway_group_ids: gatewayGroupIds, ...setting } = present(row, 'the profile of a customer');
  return create(DialingRulesSchema, { suspendedAtUs: suspendedUs ?? 0n, gatewayIds, gatewayGroupIds, ...(isSetting(setting) ? { setting: settingMessage(setting) } : {}) });
}

interface StoredSettingOrNone extends Omit<StoredSetting, 'id'> {
  readonly id: number | null;
  readonly suspended_us: bigint | null;
  readonly gateway_ids: number[];
  readonly gateway_group_ids: number[];
}

function isSetting(row: Omit<StoredSettingOrNone, 'suspended_us' | 'gateway_ids' | 'gateway_group_ids'>): row is StoredSetting {
  return row.id !== null;
}
