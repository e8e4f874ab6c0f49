import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatNanos } from '../money.ts';
import { compare } from '../rational.ts';
import { derivationOf } from './derivation.ts';
import { explainPrice } from './explain-price.ts';
import { priceOf } from './price.ts';
import { amount, anySchedule, scheduleOf, steps } from './schedule.fixture.ts';
import type { Schedule } from './schedule.ts';

describe('an explained price', () => {
  it('lists the seconds, each rate with its window, fees, tax and the rounding', () => {
    const schedule: Schedule = {
      ...scheduleOf('0:0.10:60', { connectFeeNanos: amount('0.05'), taxPpm: 230_000, addedGraceSec: 2, blockFeeNanos: amount('0.01'), blockSec: 60 }, { decimals: 4, mode: 'up' }),
      segments: [
        { fromSec: 0, window: 'peak', steps: steps('0:0.10:60+0.02, 60:0.06:6') },
        { fromSec: 90, window: 'off-peak', steps: steps('0:0.05:60, 60:0.01/1:7') },
      ],
    };
    expect(explainPrice(schedule, 95, 'EUR')).toEqual([
      '95 s of conversation count as 97 s: 2 s of grace are added',
      '+ fee on entering the step 0.02 = 0.02 EUR',
      'from second 0: 60 s × 0.10/min (peak), in increments of 60 s, = 0.1; together 0.12 EUR',
      'from second 60: 30 s × 0.06/min (peak), in increments of 6 s, = 0.03; together 0.15 EUR',
      'from second 90: 12 s × 0.01 per 1 s (off-peak), in increments of 7 s, = 0.12; together 0.27 EUR',
      '+ connect fee 0.05 = 0.32 EUR',
      '+ block fee 0.01 = 0.33 EUR',
      '+ 23 % tax = 0.4059 EUR',
      'rounded up to 4 decimals = 0.4059 EUR',
    ]);
  });

  it('says why a call costs nothing, what a limit does, and what an allowance pays for', () => {
    expect(explainPrice(scheduleOf('0:0.10:60', { minDurationSec: 5 }), 4)).toEqual([
      '4 s of conversation are not charged: calls of less than 5 s are free', 'rounded half up to 9 decimals = 0.00',
    ]);
    expect(explainPrice(scheduleOf('0:0.10:60', { minChargeNanos: amount('0.5') }), 61)).toContain('raised to the minimum charge of 0.50');
    expect(explainPrice(scheduleOf('0:0.10:60', { maxCost: { nanos: amount('0.15'), strategy: 'free' } }), 61)).toContain('held to the maximum cost of 0.15');
    expect(explainPrice(scheduleOf('0:0.10:60'), 61, '', 20)[1]).toBe('from second 0: 120 s − 20 s of the allowance × 0.10/min, in increments of 60 s, = 0.1(6); together 0.1(6)');
  });

  it('tells the pulses of a card', () => {
    const card = (policy: 'first_pulse' | 'incoming_leg') => scheduleOf('0:0.12:60', { pulses: { policy, startpulseSec: 60, frequencySec: 30 } });
    expect(explainPrice(card('first_pulse'), 61)[0]).toBe('61 s of conversation count as 90 s: a first pulse of 60 s, then pulses of 30 s');
    expect(explainPrice(card('incoming_leg'), 0)[0]).toBe('0 s of conversation count as 60 s: 60 s for the incoming leg, then pulses of 30 s');
  });

  it('ends in the price, whatever the schedule, and its sums only rise before a maximum', () => {
    fc.assert(fc.property(anySchedule, fc.nat(2_000), fc.nat(100), (schedule, durationSec, allowanceSec) => {
      const lines = derivationOf(schedule, durationSec, allowanceSec);
      const price = priceOf(schedule, durationSec, allowanceSec);
      expect(lines.at(-1)).toEqual({ kind: 'rounding', rounding: schedule.rounding, amount: price.amount });
      // An exchange into a dearer currency makes a sum smaller.
      const from = Math.max(0, lines.findIndex(({ kind }) => kind === 'exchange'));
      const sums = lines.slice(from).flatMap((line) => ('sum' in line && !(line.kind === 'limit' && line.limit === 'max_cost') ? [line.sum] : []));
      if (schedule.terms.maxCost === undefined) sums.forEach((sum, at) => expect(compare(sums[Math.max(0, at - 1)] ?? sum, sum)).not.toBe(1));
      const billed = lines.reduce((sum, line) => sum + (line.kind === 'rate' ? line.lengthSec : 0), 0);
      expect(billed).toBe(price.billedSec);
      expect(explainPrice(schedule, durationSec, 'EUR', allowanceSec).at(-1)).toContain(formatNanos(price.amount));
    }), { numRuns: 300 });
  });
});
