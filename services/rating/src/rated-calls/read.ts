import { instantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { nanos, type RoundingMode } from '@tollwire/telecom';
import type { RatedSide } from '../domain/price-at.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import type { BuyRefusal } from '../domain/tables.ts';
import { marginOfFacts } from '../wire/margin.ts';
import { attemptsOfText } from '../wire/rated-attempt.ts';
import { furtherFactsOf } from './further-facts.ts';

type Side<Name extends 'sell' | 'buy'> = {
  readonly [Field in
    | `${Name}_currency` | `${Name}_deck_digest` | `${Name}_prefix` | `${Name}_further_facts`]: string | null;
} & {
  readonly [Field in `${Name}_nanos` | `${Name}_rate_per_min_nanos` | `${Name}_connect_fee_nanos`]: bigint | null;
} & {
  readonly [Field in
    | `${Name}_country_prefix_id` | `${Name}_initial_increment_sec` | `${Name}_increment_sec` | `${Name}_billed_sec` | `${Name}_rounding_decimals`]: number | null;
} & { readonly [Field in `${Name}_rounding_mode`]: RoundingMode | null };

/** A row of rated_call. */
export interface RatedRow extends Side<'sell'>, Side<'buy'> {
  readonly call_key: string;
  readonly revision: number;
  readonly party_key: string;
  readonly plan_kind: 'tariff' | 'voip_plan' | null;
  readonly plan_id: number | null;
  readonly called_e164: string;
  readonly started_at_us: bigint;
  readonly answered_at_us: bigint | null;
  readonly ended_at_us: bigint;
  readonly q850_cause: number;
  readonly duration_sec: number;
  readonly carrier_code: string;
  readonly pre_rated: boolean;
  readonly buy_refusal: BuyRefusal | null;
  readonly rated_at_us: bigint;
  readonly routed_by: string | null;
  readonly authorized_at_us: bigint | null;
  readonly failed_attempts: string | null;
  readonly margin_nanos: bigint | null;
  readonly margin_facts: string | null;
}

/** The newest rating of a call; undefined where it has none. */
export async function readRatedCall(sql: Sql, callKey: string): Promise<RatedRecord | undefined> {
  const [row] = await sql.query<RatedRow>('select * from rated_call where call_key = $1 order by revision desc limit 1', [callKey]);
  return row === undefined ? undefined : recordOf(row);
}

/** The record of a row of rated_call. */
export function recordOf(row: RatedRow): RatedRecord {
  const [sell, buy] = [sideOf(row, 'sell'), row.buy_nanos === null ? undefined : sideOf(row, 'buy')];
  const margin = marginOfFacts(row.margin_nanos, row.margin_facts, sell, buy);
  return {
    callKey: row.call_key,
    revision: row.revision,
    partyKey: row.party_key,
    plan: row.plan_kind === null || row.plan_id === null ? undefined : { kind: row.plan_kind, id: row.plan_id },
    startedAt: instantUs(Number(row.started_at_us)),
    answeredAt: row.answered_at_us === null ? undefined : instantUs(Number(row.answered_at_us)),
    endedAt: instantUs(Number(row.ended_at_us)),
    q850Cause: row.q850_cause,
    carrierCode: row.carrier_code,
    rated: {
      calledE164: row.called_e164,
      durationSec: row.duration_sec,
      sell,
      buy,
      buyRefusal: row.buy_refusal ?? undefined,
      preRated: row.pre_rated,
      ...(row.routed_by === null ? {} : { routedBy: row.routed_by }),
      ...(row.authorized_at_us === null ? {} : { authorizedAt: instantUs(Number(row.authorized_at_us)) }),
      ...(row.failed_attempts === null ? {} : { attempts: attemptsOfText(row.failed_attempts) }),
      ...(margin === undefined ? {} : { margin }),
    },
    ratedAt: instantUs(Number(row.rated_at_us)),
  };
}

function sideOf(row: RatedRow, side: 'sell' | 'buy'): RatedSide {
  const deckDigest = row[`${side}_deck_digest`];
  const amount = { nanos: nanos(row[`${side}_nanos`] ?? 0n), currency: row[`${side}_currency`] ?? '' };
  if (deckDigest === null) return { amount, derivation: undefined };
  return {
    amount,
    derivation: {
      deckDigest,
      prefix: row[`${side}_prefix`] ?? '',
      countryPrefixId: row[`${side}_country_prefix_id`] ?? 0,
      terms: {
        ratePerMinNanos: row[`${side}_rate_per_min_nanos`] ?? 0n,
        connectFeeNanos: row[`${side}_connect_fee_nanos`] ?? 0n,
        initialIncrementSec: row[`${side}_initial_increment_sec`] ?? 0,
        incrementSec: row[`${side}_increment_sec`] ?? 1,
      },
      billedSec: row[`${side}_billed_sec`] ?? 0,
      rounding: { decimals: row[`${side}_rounding_decimals`] ?? 9, mode: row[`${side}_rounding_mode`] ?? 'half_up' },
      ...furtherFactsOf(row[`${side}_further_facts`]),
    },
  };
}
