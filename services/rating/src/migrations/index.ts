import { eventStoreGrants } from '@tollwire/event-store';
import { Migration2026112101Ratings } from './Migration2026112101_ratings.ts';
import { Migration2026112102DirectRates } from './Migration2026112102_direct_rates.ts';
import { Migration2026112103CountryPrefixes } from './Migration2026112103_country_prefixes.ts';
import { Migration2026112801Schedules } from './Migration2026112801_schedules.ts';
import { Migration2026112811Margins } from './Migration2026112811_margins.ts';
import { Migration2026112823PlanHistory } from './Migration2026112823_plan_history.ts';
import { Migration2026112831Reratings } from './Migration2026112831_reratings.ts';
import { Migration2026112832KnownAt } from './Migration2026112832_known_at.ts';
import { Migration2026112833FailedAttempts } from './Migration2026112833_failed_attempts.ts';
import { Migration2026112914Portability } from './Migration2026112914_portability.ts';
import { Migration2026112851Allowances } from './Migration2026112851_allowances.ts';
import { Migration2026112931AuthorizedCalls } from './Migration2026112931_authorized_calls.ts';
import { Migration2026112921MaskedCalls } from './Migration2026112921_masked_calls.ts';
import { Migration2026112941WithdrawnRates } from './Migration2026112941_withdrawn_rates.ts';

/** Every step of the schema, in order. */
export const migrations = [
  Migration2026112101Ratings,
  Migration2026112102DirectRates,
  Migration2026112103CountryPrefixes,
  Migration2026112801Schedules,
  Migration2026112823PlanHistory,
  Migration2026112831Reratings,
  Migration2026112832KnownAt,
  Migration2026112833FailedAttempts,
  Migration2026112851Allowances,
  Migration2026112811Margins,
  Migration2026112914Portability,
  Migration2026112921MaskedCalls,
  Migration2026112931AuthorizedCalls,
  Migration2026112941WithdrawnRates,
] as const;

/** What the service's role may do; `:app` stands for the role. What was rated stands: no UPDATE, no DELETE. */
export const grants: readonly string[] = [
  ...eventStoreGrants,
  'GRANT SELECT, INSERT ON rated_call, subscriber_plan, direct_rate, deck_chunk TO :app',
  'GRANT SELECT, INSERT ON masked_call TO :app',
  'GRANT EXECUTE ON FUNCTION mask_erased_ratings(text[]), mask_rated_number(text, text, text) TO :app',
  'GRANT SELECT, INSERT ON allowance_bundle, allowance_grant, allowance_use TO :app',
  // To lock a row takes the right to update it: of a party, a bucket, a hold.
  'GRANT SELECT, INSERT, UPDATE ON allowance_party, allowance_bucket TO :app',
  'GRANT SELECT, UPDATE ON allowance_revision TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON allowance_hold, ported_call, authorized_call TO :app',
  'GRANT SELECT, INSERT, UPDATE ON deck_activation, plan_fact, replica_revision TO :app',
  'GRANT SELECT, INSERT, UPDATE ON rerating, rerating_difference TO :app',
];
