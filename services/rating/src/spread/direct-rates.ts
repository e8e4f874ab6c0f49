import { assert } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { type RateColumns, RateTableBuilder } from '@tollwire/telecom';
import type { RatedDeck } from '../domain/tables.ts';

/** The owner of direct rates among a carrier's decks: no carrier plan has this number, so no voip_plan links it. */
export const directOwnerId = 0;

interface RateRow {
  readonly carrier_code: string;
  readonly currency: string;
  readonly prefix: string;
  readonly rate_per_min_nanos: bigint;
  readonly valid_from_us: bigint;
  readonly valid_until_us: bigint;
}

// A rate ends where the next word about its prefix begins; one without an amount is a withdrawal, and no rate.
const selectRates = `
  select * from (
    select carrier_code, currency, prefix, rate_per_min_nanos, valid_from_us,
      coalesce(lead(valid_from_us) over (partition by carrier_code, prefix order by valid_from_us), 0) as valid_until_us
    from direct_rate where $1::bigint is null or recorded_at_us is null or recorded_at_us <= $1) word
  where rate_per_min_nanos is not null
  order by prefix, valid_from_us`;

/** Every carrier's direct rates as a deck, one for each currency that it quotes in. They are charged by the second. With `knownAtUs` as they were known then. */
export async function directDecks(sql: Sql, knownAtUs: number | null = null): Promise<RatedDeck[]> {
  const rows = await sql.query<RateRow>(selectRates, [knownAtUs]);
  const byDeck = Map.groupBy(rows, ({ carrier_code, currency }) => `${carrier_code} ${currency}`);
  return [...byDeck.values()].flatMap((rates) => (rates[0] === undefined ? [] : [deckOf(rates[0], rates)]));
}

/** Why no table can be made of rates by prefix, in any order; undefined where one can. */
export function faultOfRates(prefix: readonly string[], ratePerMinNanos: readonly bigint[]): string | undefined {
  if (prefix.length !== ratePerMinNanos.length) return 'columns of unequal length';
  const sorted = prefix.map((text, at) => ({ prefix: text, rate: ratePerMinNanos[at] ?? -1n })).sort((a, b) => (a.prefix < b.prefix ? -1 : 1));
  const added = new RateTableBuilder(sorted.length).add(columnsOf(sorted.map((rate) => rate.prefix), sorted.map(({ rate }) => rate)));
  return added.ok ? undefined : added.refusal.reason;
}

/** The columns of rates that are charged by the second, without a fee. */
function columnsOf(prefix: readonly string[], ratePerMinNanos: readonly bigint[]): RateColumns {
  const each = <T>(value: T): T[] => prefix.map(() => value);
  return {
    prefix,
    ratePerMinNanos,
    connectFeeNanos: each(0n),
    initialIncrementSec: each(1),
    incrementSec: each(1),
    validFromUs: each(0n),
    validUntilUs: each(0n),
    blocked: each(false),
    countryPrefixId: [],
    profiles: [],
    profile: [],
    timeZone: '',
  };
}

function deckOf({ carrier_code: carrierCode, currency }: RateRow, rates: readonly RateRow[]): RatedDeck {
  const builder = new RateTableBuilder(rates.length);
  const added = builder.add({
    ...columnsOf(rates.map(({ prefix }) => prefix), rates.map((rate) => rate.rate_per_min_nanos)),
    validFromUs: rates.map((rate) => rate.valid_from_us),
    validUntilUs: rates.map((rate) => rate.valid_until_us),
  });
  assert(added.ok, `the direct rates of ${carrierCode} are in order, as the database gives them`);
  const digest = `direct:${carrierCode}`;
  return { kind: 'carrier', ownerId: directOwnerId, version: 1, digest, currency, carrierCode, validFromUs: 0, validUntilUs: Infinity, rates: builder.build() };
}
