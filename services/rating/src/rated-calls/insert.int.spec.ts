import { instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RatedSide } from '../domain/price-at.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import { openRating, type RatingBed } from '../spec/bed.ts';
import { insertRatedCalls } from './insert.ts';
import { readRatedCall } from './read.ts';

const side = (amount: bigint): RatedSide => ({
  amount: { nanos: nanos(amount), currency: 'EUR' },
  derivation: {
    deckDigest: 'ab'.repeat(32),
    prefix: '346',
    countryPrefixId: 34,
    terms: { ratePerMinNanos: 12_000_000n, connectFeeNanos: 1n, initialIncrementSec: 30, incrementSec: 6 },
    billedSec: 36,
    freeSec: 0,
    allowances: [],
    failedAttemptCount: 0,
    schedule: undefined,
    rounding: { decimals: 4, mode: 'up' },
  },
});

const record: RatedRecord = {
  callKey: 'fs1/a "quoted" \\ %2F, {call}/0',
  revision: 1,
  partyKey: 'account:null',
  plan: { kind: 'voip_plan', id: 7 },
  startedAt: instantUs(1_780_000_000_000_001),
  answeredAt: instantUs(1_780_000_005_000_000),
  endedAt: instantUs(1_780_000_036_000_000),
  q850Cause: 16,
  carrierCode: 'alpha',
  rated: { calledE164: '34650123456', durationSec: 31, sell: side(9_223_372_036_854_775_807n), buy: side(0n), buyRefusal: undefined, preRated: false },
  ratedAt: instantUs(1_780_000_040_000_000),
};

describe('rated_call', () => {
  let bed: RatingBed;

  beforeAll(async () => {
    bed = await openRating('rating_rows');
  });

  afterAll(() => bed.close());

  it('gives a rating back as it was', async () => {
    await insertRatedCalls(bed.database, [record]);
    expect(await readRatedCall(bed.database, record.callKey)).toEqual(record);
  });

  it('gives a country prefix that is unknown back as such', async () => {
    const known = side(1n);
    const sell = { ...known, derivation: known.derivation && { ...known.derivation, countryPrefixId: 0 } };
    const unplaced = { ...record, callKey: 'fs1/unplaced/0', rated: { ...record.rated, sell } };
    await insertRatedCalls(bed.database, [unplaced]);
    expect(await readRatedCall(bed.database, unplaced.callKey)).toEqual(unplaced);
    const rows = await bed.database.query('select sell_country_prefix_id, buy_country_prefix_id from rated_call where call_key = $1', [unplaced.callKey]);
    expect(rows).toEqual([{ sell_country_prefix_id: null, buy_country_prefix_id: 34 }]);
  });

  it('gives one without plan, answer, buy price and derivation back as it was', async () => {
    const amount = { nanos: nanos(0n), currency: 'EUR' };
    const rated = { ...record.rated, sell: { amount, derivation: undefined }, buy: undefined, buyRefusal: 'no_buy_rate', preRated: true } as const;
    const bare: RatedRecord = { ...record, callKey: 'fs1/bare/0', plan: undefined, answeredAt: undefined, rated };
    await insertRatedCalls(bed.database, [bare]);
    expect(await readRatedCall(bed.database, bare.callKey)).toEqual(bare);
  });

  it('gives a margin by exchange rates, and why there is none, back as it was', async () => {
    const rate = { base: 'EUR', quote: 'USD', numerator: 12n, decimals: 1, validFromUs: 1_780_000_000_000_000, source: 'ECB', isInverse: true };
    const euros = (amount: bigint) => ({ nanos: nanos(amount), currency: 'EUR' });
    const margins = [{ amount: euros(-7n), buy: { amount: euros(9n), rates: [rate] } }, { amount: euros(5n), buy: { amount: euros(0n), rates: [] } }, 'no_exchange_rate'] as const;
    for (const [at, margin] of margins.entries()) {
      const one = { ...record, callKey: `fs1/margin${at}/0`, rated: { ...record.rated, margin } };
      await insertRatedCalls(bed.database, [one]);
      expect(await readRatedCall(bed.database, one.callKey)).toEqual(one);
    }
  });

  it('tells which ratings were new, and lets those stand that were there', async () => {
    const fresh = { ...record, callKey: 'fs1/fresh/0' };
    const again = { ...record, rated: { ...record.rated, sell: side(1n) } };
    expect(await insertRatedCalls(bed.database, [again, fresh])).toEqual([fresh]);
    expect(await readRatedCall(bed.database, record.callKey)).toEqual(record);
    expect(await insertRatedCalls(bed.database, [])).toEqual([]);
  });

  it('answers the newest revision of a call', async () => {
    const rerated = { ...record, revision: 2, rated: { ...record.rated, sell: side(5n) } };
    expect(await insertRatedCalls(bed.database, [rerated])).toEqual([rerated]);
    expect((await readRatedCall(bed.database, record.callKey))?.revision).toBe(2);
    expect(await readRatedCall(bed.database, 'fs1/never/0')).toBeUndefined();
  });
});
