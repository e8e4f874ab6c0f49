import { describe, expect, it } from '@jest/globals';
import type { Rounding } from '../rounding.ts';
import { priceOf } from './price.ts';
import { type ChargeTerms, isBySecond, NO_FURTHER_TERMS, plainSchedule, type Schedule } from './schedule.ts';

const rounding: Rounding = { decimals: 9, mode: 'half_up' };
const rate = { ratePerMinNanos: 600_000_000n, connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec: 1 };
const plain = plainSchedule(rate, rounding);
const withTerms = (terms: Partial<ChargeTerms>): Schedule => ({ ...plain, terms: { ...NO_FURTHER_TERMS, ...terms } });
const usd = { base: 'EUR', quote: 'USD', numerator: 2n, decimals: 0, validFromUs: 0, source: 'ECB', isInverse: false };

describe('a price that follows from a rate by the second', () => {
  it.each<[what: string, schedule: Schedule, isPlain: boolean]>([
    ['the rate alone', plain, true],
    ['terms that are nothing', withTerms({}), true],
    ['tax and a fee of failed attempts', withTerms({ taxPpm: 230_000, attemptFeeNanos: 5n }), true],
    ['a connect fee', plainSchedule({ ...rate, connectFeeNanos: 1n }, rounding), false],
    ['a minute begun', plainSchedule({ ...rate, incrementSec: 60 }, rounding), false],
    ['a first block', plainSchedule({ ...rate, initialIncrementSec: 30 }, rounding), false],
    ['a minimum charge', withTerms({ minChargeNanos: 1n }), false],
    ['a most that it costs', withTerms({ maxCost: { nanos: 1n, strategy: 'free' } }), false],
    ['pulses', withTerms({ pulses: { policy: 'first_pulse', startpulseSec: 0, frequencySec: 1 } }), false],
    ['another window later', { ...plain, segments: [...plain.segments, { fromSec: 60, window: 'night', steps: plain.segments[0]?.steps ?? [] }] }, false],
    ['a rate per second', { ...plain, segments: [{ fromSec: 0, window: '', steps: [{ fromSec: 0, rateNanos: 1n, perSec: 1, incrementSec: 1, entryFeeNanos: 0n }] }] }, false],
    ['another currency', { ...plain, exchange: { rates: [usd], rateTerms: [] } }, false],
  ])('is one of %s', (_, schedule, isPlain) => {
    expect(isBySecond(schedule)).toBe(isPlain);
    if (isPlain) expect(priceOf({ ...schedule, terms: { ...schedule.terms, taxPpm: 0 } }, 61).amount).toBe(610_000_000n);
  });
});
