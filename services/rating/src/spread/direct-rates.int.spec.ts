import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchContentType, decodeMessage, encodeEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { normalizeE164 } from '@tollwire/telecom';
import { buyRateOf } from '../domain/tables.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { activated, deckOf } from '../spec/decks.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { DeckKind } from '@tollwire/contracts';
import { takeDirectRates } from './take-direct-rates.ts';

/** A load of direct rates as routing tells it: `rates` in millionths of a unit per minute. */
function loaded(carrierCode: string, validFromUs: number, rates: Readonly<Record<string, number>>) {
  const event = publicEventOf(publicEvents.ProviderRatesLoaded, {
    source: 'tollwire/routing', timeUs: validFromUs, parts: [carrierCode, String(validFromUs)],
    data: { carrierCode, currency: 'EUR', prefix: Object.keys(rates), ratePerMinNanos: Object.values(rates).map((micros) => BigInt(micros) * 1000n), validFromUs: BigInt(validFromUs), by: 'ops' },
  });
  const decoded = decodeMessage(batchContentType, () => undefined, encodeEvent(event));
  return decoded.ok ? decoded.value : [];
}

/** A withdrawal of them, likewise. */
function withdrawn(carrierCode: string, validUntilUs: number, ...prefix: readonly string[]) {
  const event = publicEventOf(publicEvents.ProviderRatesWithdrawn, {
    source: 'tollwire/routing', timeUs: validUntilUs, parts: [carrierCode, String(validUntilUs)], data: { carrierCode, prefix: [...prefix], validUntilUs: BigInt(validUntilUs), by: 'ops' },
  });
  const decoded = decodeMessage(batchContentType, () => undefined, encodeEvent(event));
  return decoded.ok ? decoded.value : [];
}

describe('direct rates of a provider', () => {
  let bed: RatingBed;
  let rating: RatingDeps;

  beforeAll(async () => {
    bed = await openRating('direct_rates');
    const deck = deckOf({ kind: DeckKind.CARRIER, ownerId: 5, carrierCode: 'GAMMA' }, 'prefix | rate\n34 | 0.03\n34650 | 0.09');
    bed.catalog.decks = [deck];
    bed.catalog.activeDecks = [activated(deck)];
    rating = bed.instance();
    await rating.replica.start();
  });

  afterAll(() => bed.close());

  const buy = (digits: string, atUs: number, plan?: { kind: 'voip_plan'; id: number }) => {
    const e164 = normalizeE164(digits);
    if (!e164.ok) return 'no number';
    const found = buyRateOf(rating.tables.now, plan, 'GAMMA', e164.value, instantUs(atUs));
    return typeof found === 'string' ? found : `${found.deck.rates.prefixAt(found.row)} ${found.deck.rates.ratePerMinAt(found.row)}`;
  };
  const take = async (...events: ReturnType<typeof loaded>[]) => {
    await runReaction(bed.database, takeDirectRates, events.flat());
    await rating.replica.refresh();
  };
  const since = 1_700_000_000_000_000;

  it('are what a call is bought for, where they are cheaper than an equally long prefix of the carrier plan', async () => {
    expect(buy('34911234567', since)).toBe('34 30000000');
    await take(loaded('GAMMA', since, { '34': 20_000, '44': 10_000 }));
    expect(buy('34911234567', since)).toBe('34 20000000');
    expect(buy('34650123456', since)).toBe('34650 90000000');
    expect(buy('442012345678', since)).toBe('44 10000000');
  });

  it('count from their load on, and a late event of an earlier load only fills what lies before', async () => {
    await take(loaded('GAMMA', since + 20, { '44': 30_000 }), loaded('GAMMA', since + 10, { '44': 40_000 }));
    expect([since - 1, since, since + 10, since + 19, since + 20].map((atUs) => buy('442012345678', atUs))).toEqual([
      'no_buy_rate', '44 10000000', '44 40000000', '44 40000000', '44 30000000',
    ]);
  });

  it('change nothing when they are told again', async () => {
    await take(loaded('GAMMA', since, { '44': 99_000 }));
    expect(buy('442012345678', since)).toBe('44 10000000');
  });

  it('are parked where no table can be made of them, and stop no news of rates', async () => {
    const malformed = [{ '34x': 1 }, { '': 1 }, { '1234567890123456': 1 }, { '46': 9_100_000_000_000 }];
    await take(...malformed.map((rates, at) => loaded('GAMMA', since + 100 + at, { '47': 50_000, ...rates })));
    expect(buy('4711111111', since + 200)).toBe('no_buy_rate');
    const letters = await bed.database.query<{ code: string; detail: string }>('select code, detail from dead_letter order by position');
    expect(letters.map(({ code }) => code)).toEqual(malformed.map(() => 'deck_malformed'));
    expect(letters.map(({ detail }) => detail).join()).toMatch(/"34x".*"".*"1234567890123456".*prefix 46 is negative or beyond/);
    await take(loaded('GAMMA', since + 300, { '47': 60_000 }));
    expect(buy('4711111111', since + 300)).toBe('47 60000000');
    expect(bed.errors).toEqual([]);
  });

  it('are no buy price from their withdrawal on, in whatever order it is heard of, and are one until then and when they are offered again', async () => {
    await take(withdrawn('GAMMA', since + 420, '49'), loaded('GAMMA', since + 400, { '49': 70_000 }), loaded('GAMMA', since + 440, { '49': 80_000 }));
    await take(withdrawn('GAMMA', since + 420, '49'), withdrawn('GAMMA', since + 460, '49', '44'));
    expect([400, 419, 420, 439, 440, 459, 460].map((after) => buy('4912345678', since + after))).toEqual([
      '49 70000000', '49 70000000', 'no_buy_rate', 'no_buy_rate', '49 80000000', '49 80000000', 'no_buy_rate',
    ]);
    expect([459, 460].map((after) => buy('442012345678', since + after))).toEqual(['44 30000000', 'no_buy_rate']);
  });

  it('leave the price to the carrier plan, or to a shorter prefix, once they are withdrawn', async () => {
    expect(buy('34911234567', since + 500)).toBe('34 20000000');
    await take(withdrawn('GAMMA', since + 500, '34'));
    expect([499, 500].map((after) => buy('34911234567', since + after))).toEqual(['34 20000000', '34 30000000']);
  });

  it('are what was known of them then, whatever was withdrawn later', async () => {
    const known = async (atUs: number, knownAtUs: number) => {
      const tables = await rating.asOf.of({ knownAtUs, fromUs: atUs, untilUs: atUs + 1, plan: undefined, buys: true });
      const e164 = normalizeE164('4912345678');
      const found = tables.ok && e164.ok ? buyRateOf(tables.value, undefined, 'GAMMA', e164.value, instantUs(atUs)) : 'no tables';
      return typeof found === 'string' ? found : String(found.deck.rates.ratePerMinAt(found.row));
    };
    expect(await known(since + 430, since + 419)).toBe('70000000');
    expect(await known(since + 430, since + 420)).toBe('no_buy_rate');
  });

  it('are parked where a withdrawal names what is no prefix', async () => {
    await take(withdrawn('GAMMA', since + 600, '46', '46x'));
    const [letter] = await bed.database.query<{ code: string; detail: string }>('select code, detail from dead_letter order by position desc limit 1');
    expect(letter).toMatchObject({ code: 'deck_malformed', detail: expect.stringContaining('46x') });
  });

  it('are there after a restart', async () => {
    rating = bed.instance();
    await rating.replica.start();
    expect(buy('442012345678', since + 20)).toBe('44 30000000');
    expect(buy('442012345678', since + 460)).toBe('no_buy_rate');
  });
});
