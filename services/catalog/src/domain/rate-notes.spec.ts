import { describe, expect, it } from '@jest/globals';
import { ANY_TIME, profileOfText, type RateProfile, profileText } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { type Rate, RateColumns } from './rate-columns.ts';
import { fillNotes, noNotes, notesText, windowKey } from './rate-notes.ts';
import { referencePriceNanos } from './reference-price.ts';

const amount = fc.bigInt({ min: 0n, max: 10n ** 15n });
const second = fc.integer({ min: 1, max: 86_400 });
const anyProfile: fc.Arbitrary<RateProfile> = fc.record({
  window: fc.option(fc.record({
    name: fc.constantFrom('', '5n', 'peak "nanos"'), weekdays: fc.subarray([1, 2, 3]), monthDays: fc.subarray([1, 31]), months: fc.subarray([1, 12]), years: fc.subarray([2026]),
    fromSec: second, untilSec: second, weight: fc.nat({ max: 9 }),
  }), { nil: undefined }),
  furtherSteps: fc.array(fc.record({ fromSec: second, rateNanos: amount, perSec: second, incrementSec: second, entryFeeNanos: amount }), { maxLength: 3 }),
  terms: fc.record({ attemptFeeNanos: amount, minDurationSec: second, taxPpm: second, maxCost: fc.record({ nanos: amount, strategy: fc.constantFrom('free', 'disconnect') }) }, { requiredKeys: [] }),
});
const rate: Rate = {
  prefix: '43', ratePerMinNanos: 10n, connectFeeNanos: 2n, initialIncrementSec: 30, incrementSec: 6, validFromUs: 0, validUntilUs: 0, blocked: false,
};

describe('what rates say alike', () => {
  it('is written as a line each, and read again as it was, with the numbers that it had', () => {
    fc.assert(fc.property(anyProfile, (profile) => {
      expect(profileText(profile)).not.toContain('\n');
      expect(profileOfText(profileText(profile))).toEqual(profile);
    }));
    fc.assert(fc.property(fc.array(anyProfile, { maxLength: 4 }), fc.array(fc.constantFrom('Wien', '{"x": 1}', ''), { maxLength: 4 }), (profiles, names) => {
      const [notes, again] = [noNotes(), noNotes()];
      for (const profile of profiles) notes.profiles.numberOf(profile);
      for (const destination of names) notes.names.numberOf({ destination, country: 'AT' });
      fillNotes(again, notesText(notes));
      expect([again.profiles.items, again.names.items]).toEqual([notes.profiles.items, notes.names.items]);
    }));
  });

  it('is numbered anew where columns are put together, and kept through their bytes', () => {
    const anyName = fc.option(fc.record({ destination: fc.constantFrom('Wien', 'Graz'), country: fc.constant('') }), { nil: undefined });
    const anyRates = fc.array(fc.tuple(fc.option(anyProfile, { nil: undefined }), anyName), { maxLength: 6 })
      .map((notes) => notes.map(([profile, name]) => ({ ...rate, profile, name })));
    fc.assert(fc.property(anyRates, anyRates, (one, two) => {
      const all = new RateColumns(one.length + two.length);
      for (const part of [one, two]) all.append(RateColumns.fromBytes(RateColumns.of(part).toBytes()));
      expect(Array.from({ length: all.size }, (_, at) => all.rateAt(at))).toEqual([...one, ...two]);
      const copies = new RateColumns(all.size);
      for (let at = 0; at < all.size; at += 1) copies.copy(all, at, 0);
      expect(Array.from({ length: copies.size }, (_, at) => copies.rateAt(at))).toEqual([...one, ...two]);
    }));
  });

  it('is nothing in bytes that were written before there was any', () => {
    const bytes = RateColumns.of([rate, { ...rate, prefix: '44' }]).toBytes();
    const before = bytes.subarray(0, bytes.length - 2 * 2 * Uint32Array.BYTES_PER_ELEMENT);
    expect(RateColumns.fromBytes(before).rateAt(1)).toEqual({ ...rate, prefix: '44' });
  });

  it('counts at the same time whatever it is called', () => {
    const peak = { ...ANY_TIME, name: 'peak', weekdays: [1], weight: 1 };
    expect(windowKey(peak)).toBe(windowKey({ ...peak, name: 'busy' }));
    expect(windowKey(peak)).not.toBe(windowKey({ ...peak, weight: 2 }));
    expect([windowKey(undefined), windowKey({ ...ANY_TIME, name: 'always' })]).toEqual(['', '']);
  });
});

describe('the price of the reference call', () => {
  it.each(table(`
    rate | fee  | increments | said                  | price
    0.10 | 0    | 60/60      | -                     | 0.1
    0.10 | 0.05 | 60/60      | -                     | 0.15
    0.10 | 0    | 90/60      | -                     | 0.15
    0.10 | 0    | 1/1        | step from 30          | 0.075
    0.10 | 0    | 60/60      | step from 60          | 0.1
    0.10 | 0    | 1/1        | at least 0.5          | 0.5
    0.10 | 0    | 1/1        | nothing below 61 s    | 0
    0.10 | 0    | 1/1        | 23 % of tax           | 0.123
  `))('at $rate, fee $fee, $increments, $said is $price', ({ rate: perMin, fee, increments = '', said = '', price }) => {
    const [initialIncrementSec = 0, incrementSec = 0] = increments.split('/').map(Number);
    const stepFrom = (fromSec: number): RateProfile => ({ window: undefined, furtherSteps: [{ fromSec, rateNanos: 50_000_000n, perSec: 60, incrementSec: 1, entryFeeNanos: 0n }], terms: {} });
    const profiles: Readonly<Record<string, RateProfile>> = {
      'step from 30': stepFrom(30), 'step from 60': stepFrom(60),
      'at least 0.5': { window: undefined, furtherSteps: [], terms: { minChargeNanos: 500_000_000n } },
      'nothing below 61 s': { window: undefined, furtherSteps: [], terms: { minDurationSec: 61 } },
      '23 % of tax': { window: undefined, furtherSteps: [], terms: { taxPpm: 230_000 } },
    };
    const nanos = (text = '') => BigInt(Math.round(Number(text) * 1e9));
    expect(referencePriceNanos({ ratePerMinNanos: nanos(perMin), connectFeeNanos: nanos(fee), initialIncrementSec, incrementSec, profile: profiles[said] })).toBe(nanos(price));
  });
});
