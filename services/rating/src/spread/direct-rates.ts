import { assert } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { RateTableBuilder } from '@tollwire/telecom';
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

const selectRates = `
  select carrier_code, currency, prefix, rate_per_min_nanos, valid_from_us,
    coalesce(lead(valid_from_us) over (partition by carrier_code, prefix order by valid_from_us), 0) as valid_until_us
  from direct_rate order by prefix, valid_from_us`;

/** Every carrier's direct rates as a deck, one for each currency that it quotes in. They are charged by the second. */
export async function directDecks(sql: Sql): Promise<RatedDeck[]> {
  const rows = await sql.query<RateRow>(selectRates);
  const byDeck = Map.groupBy(rows, ({ carrier_code, currency }) => `${carrier_code} ${currency}`);
  return [...byDeck.values()].flatMap((rates) => (rates[0] === undefined ? [] : [deckOf(rates[0], rates)]));
}

function deckOf({ carrier_code: carrierCode, currency }: RateRow, rates: readonly RateRow[]): RatedDeck {
  const builder = new RateTableBuilder(rates.length);
  const each = <T>(value: T): T[] => rates.map(() => value);
  const added = builder.add({
    prefix: rates.map(({ prefix }) => prefix),
    ratePerMinNanos: rates.map((rate) => rate.rate_per_min_nanos),
    validFromUs: rates.map((rate) => rate.valid_from_us),
    validUntilUs: rates.map((rate) => rate.valid_until_us),
    connectFeeNanos: each(0n), initialIncrementSec: each(1), incrementSec: each(1), blocked: each(false), countryPrefixId: [],
  });
  assert(added.ok, `the direct rates of ${carrierCode} are in order, as the database gives them`);
  const digest = `direct:${carrierCode}`;
  return { kind: 'carrier', ownerId: directOwnerId, version: 1, digest, currency, carrierCode, validFromUs: 0, validUntilUs: Infinity, rates: builder.build() };
}
