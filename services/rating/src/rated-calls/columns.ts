import { pgArray } from '@tollwire/event-store';
import type { RatedSide } from '../domain/price-at.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import { marginFactsText } from '../wire/margin.ts';
import { attemptsText } from '../wire/rated-attempt.ts';
import { furtherFactsText } from './further-facts.ts';

/** A column of rated_call: its name, its type in PostgreSQL, and its value in a record. */
type Column =
  | { readonly name: string; readonly type: 'text'; readonly valueOf: (record: RatedRecord) => string | null }
  | { readonly name: string; readonly type: 'integer' | 'bigint'; readonly valueOf: (record: RatedRecord) => number | bigint | null };

/** The columns of rated_call, in the order in which they are inserted. */
export const columns: readonly Column[] = [
  { name: 'call_key', type: 'text', valueOf: (record) => record.callKey },
  { name: 'revision', type: 'integer', valueOf: (record) => record.revision },
  { name: 'party_key', type: 'text', valueOf: (record) => record.partyKey },
  { name: 'plan_kind', type: 'text', valueOf: (record) => record.plan?.kind ?? null },
  { name: 'plan_id', type: 'integer', valueOf: (record) => record.plan?.id ?? null },
  { name: 'called_e164', type: 'text', valueOf: (record) => record.rated.calledE164 },
  { name: 'started_at_us', type: 'bigint', valueOf: (record) => record.startedAt },
  { name: 'answered_at_us', type: 'bigint', valueOf: (record) => record.answeredAt ?? null },
  { name: 'ended_at_us', type: 'bigint', valueOf: (record) => record.endedAt },
  { name: 'q850_cause', type: 'integer', valueOf: (record) => record.q850Cause },
  { name: 'duration_sec', type: 'integer', valueOf: (record) => record.rated.durationSec },
  { name: 'carrier_code', type: 'text', valueOf: (record) => record.carrierCode },
  { name: 'pre_rated', type: 'integer', valueOf: (record) => (record.rated.preRated ? 1 : 0) },
  { name: 'buy_refusal', type: 'text', valueOf: (record) => record.rated.buyRefusal ?? null },
  { name: 'rated_at_us', type: 'bigint', valueOf: (record) => record.ratedAt },
  ...sideColumns('sell', (record) => record.rated.sell),
  ...sideColumns('buy', (record) => record.rated.buy),
  { name: 'margin_nanos', type: 'bigint', valueOf: ({ rated: { margin } }) => (typeof margin === 'object' ? margin.amount.nanos : null) },
  { name: 'margin_facts', type: 'text', valueOf: (record) => marginFactsText(record.rated.margin) },
  { name: 'routed_by', type: 'text', valueOf: (record) => record.rated.routedBy ?? null },
  { name: 'authorized_at_us', type: 'bigint', valueOf: (record) => record.rated.authorizedAt ?? null },
  { name: 'failed_attempts', type: 'text', valueOf: (record) => attemptsText(record.rated.attempts) },
];

function sideColumns(side: string, of: (record: RatedRecord) => RatedSide | undefined): Column[] {
  return [
    { name: `${side}_nanos`, type: 'bigint', valueOf: (record) => of(record)?.amount.nanos ?? null },
    { name: `${side}_currency`, type: 'text', valueOf: (record) => of(record)?.amount.currency ?? null },
    { name: `${side}_deck_digest`, type: 'text', valueOf: (record) => of(record)?.derivation?.deckDigest ?? null },
    { name: `${side}_prefix`, type: 'text', valueOf: (record) => of(record)?.derivation?.prefix ?? null },
    { name: `${side}_country_prefix_id`, type: 'integer', valueOf: (record) => of(record)?.derivation?.countryPrefixId || null },
    { name: `${side}_rate_per_min_nanos`, type: 'bigint', valueOf: (record) => of(record)?.derivation?.terms.ratePerMinNanos ?? null },
    { name: `${side}_connect_fee_nanos`, type: 'bigint', valueOf: (record) => of(record)?.derivation?.terms.connectFeeNanos ?? null },
    { name: `${side}_initial_increment_sec`, type: 'integer', valueOf: (record) => of(record)?.derivation?.terms.initialIncrementSec ?? null },
    { name: `${side}_increment_sec`, type: 'integer', valueOf: (record) => of(record)?.derivation?.terms.incrementSec ?? null },
    { name: `${side}_billed_sec`, type: 'integer', valueOf: (record) => of(record)?.derivation?.billedSec ?? null },
    { name: `${side}_rounding_decimals`, type: 'integer', valueOf: (record) => of(record)?.derivation?.rounding.decimals ?? null },
    { name: `${side}_rounding_mode`, type: 'text', valueOf: (record) => of(record)?.derivation?.rounding.mode ?? null },
    { name: `${side}_further_facts`, type: 'text', valueOf: (record) => furtherFactsText(of(record)) },
  ];
}

/** One array parameter for each column. */
export function arraysOf(records: readonly RatedRecord[]): Buffer[] {
  return columns.map(({ type, valueOf }) => pgArray(type, records, valueOf));
}
