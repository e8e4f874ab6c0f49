import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { formatNanos } from '../money.ts';
import { plus, rational } from '../rational.ts';
import { charge } from '../rate.ts';
import { roundTo } from '../rounding.ts';
import { durationSecMax } from './max-duration.ts';
import { attemptsPrice, billableSec, bySecond, feesOf, limited, priceInRationals, priceOf, withTax } from './price.ts';
import { amount, anyRounding, anySchedule, scheduleOf, steps } from './schedule.fixture.ts';
import { plainSchedule } from './schedule.ts';
import type { ChargeTerms, Schedule } from './schedule.ts';

const told = (schedule: Schedule, durationSec: number, allowanceSec = 0): string => {
  const { billedSec, amount: nanos } = priceOf(schedule, durationSec, allowanceSec);
  return `${billedSec} s ${formatNanos(nanos, 0)}`;
};

describe('the price of steps', () => {
  it.each(table(`
    steps                                             duration | price
    0:0.10:30, 30:0.10:6                              31       | 36 s 0.06
    0:0.60:30, 30:0.60:18                             31       | 48 s 0.48
    0:0.10:60                                         61       | 120 s 0.2
    0:0.0001:10, 10:0.0001:11                         560      | 560 s 0.000933333
    0:0.20:6+0.02, 60:0.10:6+0.01, 120:0.05:6         150      | 150 s 0.355
    0:0.20:6+0.02, 60:0.10:6+0.01, 120:0.05:6         60       | 60 s 0.22
    0:0.20:6+0.02, 60:0.10:6+0.01, 120:0.05:6         61       | 66 s 0.24
    0:0.10/60:60, 60:0.05/60:1                        90       | 90 s 0.125
    0:0.01/1:1                                        12       | 12 s 0.12
    0:0:60                                            45       | 60 s 0
    0:0.10:60, 90:0.20:6                              75       | 90 s 0.15
    0:0.10:60, 90:0.20:6                              91       | 96 s 0.17
    0:0/60:1, 30:0.10:6                               31       | 36 s 0.01
    0:0.07/7:7                                        15       | 21 s 0.21
    0:0.10:30, 30:0.10:6                              0        | 0 s 0
  `))('$duration s by $steps cost $price', ({ steps: text = '', duration, price }) => {
    expect(told(scheduleOf(text), Number(duration))).toBe(price);
  });

  it('is the same as that of a plain rate', () => {
    const plain = fc.record({
      ratePerMinNanos: fc.bigInt({ min: 0n, max: 2n ** 55n }), connectFeeNanos: fc.bigInt({ min: 0n, max: 2n ** 40n }),
      initialIncrementSec: fc.integer({ min: 0, max: 90 }), incrementSec: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(fc.property(plain, anyRounding, fc.nat(5_000), (rate, rounding, durationSec) => {
      expect(priceOf(plainSchedule(rate, rounding), durationSec).amount).toBe(charge(durationSec, rate, rounding));
    }));
  });
});

const byMinute = '0:0.10:30, 30:0.10:6';

describe('what is charged beside the rate', () => {
  const named: Record<string, Partial<ChargeTerms>> = {
    'connect 0.05, disconnect 0.02': { connectFeeNanos: amount('0.05'), disconnectFeeNanos: amount('0.02') },
    'disconnect 0.02 from 20 s': { disconnectFeeNanos: amount('0.02'), disconnectFeeAfterSec: 20 },
    'at least 0.08': { minChargeNanos: amount('0.08') },
    'nothing below 5 s': { minDurationSec: 5 },
    '5 s of grace': { addedGraceSec: 5 },
    'raised to 60 above 40': { raisedToSec: 60, raisedAboveSec: 40 },
    '0.01 per 60 s': { blockFeeNanos: amount('0.01'), blockSec: 60 },
    'at most 0.12': { maxCost: { nanos: amount('0.12'), strategy: 'free' } },
    'tax 23 %': { taxPpm: 230_000 },
    'attempt 2': { attemptFeeNanos: amount('2') },
  };
  it.each(table(`
    terms                          duration | price
    connect 0.05, disconnect 0.02  31       | 36 s 0.13
    connect 0.05, disconnect 0.02  0        | 0 s 0
    disconnect 0.02 from 20 s      19       | 30 s 0.05
    disconnect 0.02 from 20 s      20       | 30 s 0.07
    at least 0.08                  31       | 36 s 0.08
    at least 0.08                  60       | 60 s 0.1
    at least 0.08                  0        | 0 s 0
    nothing below 5 s              4        | 0 s 0
    nothing below 5 s              5        | 30 s 0.05
    5 s of grace                   31       | 36 s 0.06
    5 s of grace                   32       | 42 s 0.07
    raised to 60 above 40          40       | 42 s 0.07
    raised to 60 above 40          45       | 60 s 0.1
    raised to 60 above 40          61       | 66 s 0.11
    0.01 per 60 s                  59       | 60 s 0.1
    0.01 per 60 s                  60       | 60 s 0.11
    0.01 per 60 s                  121      | 126 s 0.23
    at most 0.12                   600      | 600 s 0.12
    tax 23 %                       31       | 36 s 0.0738
    attempt 2                      31       | 36 s 0.06
  `))('$terms: $duration s cost $price', ({ terms = '', duration, price }) => {
    expect(told(scheduleOf(byMinute, named[terms]), Number(duration))).toBe(price);
  });

  it.each(table(`
    decimals  mode     | price
    4         up       | 0.0012
    4         down     | 0.0011
    9         half_up  | 0.001148
  `))('rounds once, after tax: $decimals decimals $mode give $price', ({ decimals, mode, price }) => {
    const rounding = { decimals: Number(decimals), mode: mode === 'up' || mode === 'down' ? mode : 'half_up' } as const;
    expect(formatNanos(priceOf(scheduleOf('0:0.0001:10, 10:0.0001:11', { taxPpm: 230_000 }, rounding), 560).amount, 0)).toBe(price);
  });

  it('charges attempts that failed by their number, with tax', () => {
    const customer = scheduleOf(byMinute, { attemptFeeNanos: amount('2.0'), taxPpm: 230_000 });
    expect([0, 1].map((count) => formatNanos(attemptsPrice(customer, count)))).toEqual(['0.00', '2.46']);
    expect(formatNanos(attemptsPrice(scheduleOf(byMinute, { attemptFeeNanos: amount('3.0') }), 2))).toBe('6.00');
  });
});

describe('the pulses of a card', () => {
  it.each(table(`
    duration | first_pulse  incoming_leg
    0        | 0            60
    1        | 60           90
    60       | 60           120
    61       | 90           150
    91       | 120          180
  `))('startpulse 60 and frequency 30 bill $duration s as $first_pulse or $incoming_leg s', ({ duration, first_pulse, incoming_leg }) => {
    const billed = (policy: 'first_pulse' | 'incoming_leg') => {
      const schedule = scheduleOf('0:0.12:60', { pulses: { policy, startpulseSec: 60, frequencySec: 30 } });
      return priceOf(schedule, Number(duration)).billedSec;
    };
    expect([billed('first_pulse'), billed('incoming_leg')]).toEqual([Number(first_pulse), Number(incoming_leg)]);
  });

  it('are refused where the credit is less than the first one', () => {
    const card = scheduleOf('0:0.12:1', { pulses: { policy: 'first_pulse', startpulseSec: 60, frequencySec: 30 } }, { decimals: 2, mode: 'up' });
    expect(durationSecMax(card, amount('0.11'), 7_200)).toBe(0);
    expect(durationSecMax(card, amount('0.12'), 7_200)).toBe(60);
  });
});

describe('windows of time', () => {
  const peakThenOff = (increment: string): Schedule => ({
    ...scheduleOf('0:0.10:1'),
    segments: [
      { fromSec: 0, window: 'peak', steps: steps(`0:0.10:${increment}`) },
      { fromSec: 30, window: 'off-peak', steps: steps(`0:0.05:${increment}`) },
    ],
  });

  it.each(table(`
    increment  duration | price
    1          30       | 30 s 0.05
    1          31       | 31 s 0.050833333
    1          90       | 90 s 0.1
    60         31       | 60 s 0.1
    60         61       | 120 s 0.15
    20         31       | 40 s 0.066666667
    20         41       | 60 s 0.083333333
  `))('an increment of $increment s goes on across the bound: $duration s cost $price', ({ increment = '', duration, price }) => {
    expect(told(peakThenOff(increment), Number(duration))).toBe(price);
  });

  it('charge steps by their own count of seconds, and the connect fee once', () => {
    const schedule: Schedule = {
      ...scheduleOf('0:0.10:1', { connectFeeNanos: amount('0.05') }),
      segments: [
        { fromSec: 0, window: 'peak', steps: steps('0:0.10:60, 60:0.06:6') },
        { fromSec: 90, window: 'off-peak', steps: steps('0:0.05:60, 60:0.03:60') },
      ],
    };
    // 60 s at 0.10, 30 s at 0.06; then the off-peak minute from 60 to 120 is half over, and its rest is charged.
    expect(told(schedule, 91)).toBe('120 s 0.195');
  });
});

describe('an allowance', () => {
  it.each(table(`
    allowance  duration | price
    0          31       | 36 s 0.06
    20         31       | 36 s 0.026666667
    36         31       | 36 s 0
    1000       31       | 36 s 0
  `))('of $allowance s pays for the first billed seconds of $duration s: $price', ({ allowance, duration, price }) => {
    expect(told(scheduleOf(byMinute), Number(duration), Number(allowance))).toBe(price);
  });

  it('is used for no more than what is billed', () => {
    expect(priceOf(scheduleOf(byMinute), 31, 1_000).freeSec).toBe(36);
    expect(priceOf(scheduleOf(byMinute), 31, 20).freeSec).toBe(20);
  });
});

/** Charges second by second: each belongs to the increment that is under way, which keeps the rate that it began with. */
function bySeconds(schedule: Schedule, durationSec: number, allowanceSec: number) {
  const { terms, rounding } = schedule;
  const billable = billableSec(terms, durationSec);
  const segments = bySecond(schedule);
  let exact = rational(0n);
  let increment = { endSec: 0, rateNanos: 0n, perSec: 1 };
  let second = 0;
  for (; second < billable || second < increment.endSec; second += 1) {
    if (second === increment.endSec) {
      const segment = segments.findLast(({ fromSec }) => fromSec <= second);
      const at = segment?.steps.findLastIndex(({ fromSec }) => fromSec <= second) ?? -1;
      const step = segment?.steps[at];
      if (step === undefined) throw new Error('no step');
      const done = Math.floor((second - step.fromSec) / step.incrementSec);
      const endSec = Math.min(step.fromSec + (done + 1) * step.incrementSec, segment?.steps[at + 1]?.fromSec ?? Infinity);
      if (second === step.fromSec) exact = plus(exact, rational(step.entryFeeNanos));
      increment = { endSec, rateNanos: step.rateNanos, perSec: step.perSec };
    }
    if (second >= allowanceSec) exact = plus(exact, rational(increment.rateNanos, BigInt(increment.perSec)));
  }
  if (billable === 0) return { billedSec: 0, freeSec: 0, amount: 0n };
  const net = limited(plus(exact, rational(feesOf(terms, billable, durationSec))), terms);
  return { billedSec: second, freeSec: Math.min(second, allowanceSec), amount: roundTo(withTax(net, terms), rounding.decimals, rounding.mode) };
}

describe('a price, whatever the schedule', () => {
  const durations = fc.nat(1_500);
  const allowances = fc.oneof(fc.constant(0), fc.nat(600));

  it('is what a count second by second comes to', () => {
    fc.assert(fc.property(anySchedule, durations, allowances, (schedule, durationSec, allowanceSec) => {
      expect(priceOf(schedule, durationSec, allowanceSec)).toEqual(bySeconds(schedule, durationSec, allowanceSec));
    }), { numRuns: 200 });
  });

  it('is the same by doubles and by rationals', () => {
    fc.assert(fc.property(anySchedule, fc.nat(200_000), allowances, (schedule, durationSec, allowanceSec) => {
      expect(priceOf(schedule, durationSec, allowanceSec)).toEqual(priceInRationals(schedule, durationSec, allowanceSec));
    }), { numRuns: 500 });
  });

  it('never falls as the call goes on, nor rises with the allowance', () => {
    fc.assert(fc.property(anySchedule, durations, fc.nat(100), allowances, fc.nat(100), (schedule, durationSec, more, allowanceSec, given) => {
      expect(priceOf(schedule, durationSec + more, allowanceSec).amount >= priceOf(schedule, durationSec, allowanceSec).amount).toBe(true);
      expect(priceOf(schedule, durationSec, allowanceSec + given).amount <= priceOf(schedule, durationSec, allowanceSec).amount).toBe(true);
    }), { numRuns: 500 });
  });

  it('has an exact inverse: the longest call that a credit pays for', () => {
    fc.assert(fc.property(anySchedule, fc.bigInt({ min: 0n, max: 2n ** 36n }), fc.constantFrom(600, 7_200), allowances, (schedule, credit, cap, allowanceSec) => {
      const limit = durationSecMax(schedule, credit, cap, allowanceSec);
      const { maxCost } = schedule.terms;
      if (limit > 0) expect(priceOf(schedule, limit, allowanceSec).amount <= credit).toBe(true);
      if (limit < cap && maxCost?.strategy !== 'disconnect') expect(priceOf(schedule, limit + 1, allowanceSec).amount > credit).toBe(true);
    }), { numRuns: 300 });
  });

  it('of parts sums to that of the whole', () => {
    fc.assert(fc.property(anySchedule, fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 }), (schedule, parts) => {
      let toldSec = 0;
      let sum = 0n;
      for (const part of parts) {
        const before = toldSec === 0 ? 0n : priceOf(schedule, toldSec).amount;
        toldSec += part;
        sum += priceOf(schedule, toldSec).amount - before;
      }
      expect(sum).toBe(priceOf(schedule, toldSec).amount);
    }), { numRuns: 200 });
  });
});

describe('a maximum cost', () => {
  const perSecond = (strategy: 'free' | 'disconnect') => scheduleOf('0:0.01/1:1', { maxCost: { nanos: amount('0.12'), strategy } });

  it('ends the call, or lets it go on for nothing', () => {
    expect(durationSecMax(perSecond('disconnect'), amount('100'), 60)).toBe(12);
    expect(durationSecMax(perSecond('free'), amount('100'), 60)).toBe(60);
    expect(formatNanos(priceOf(perSecond('disconnect'), 12).amount)).toBe('0.12');
    expect(formatNanos(priceOf(perSecond('free'), 60).amount)).toBe('0.12');
  });

  it('counts fees, but not tax', () => {
    const dear = scheduleOf('0:0.01/1:1', { connectFeeNanos: amount('0.02'), taxPpm: 500_000, maxCost: { nanos: amount('0.12'), strategy: 'disconnect' } });
    expect(durationSecMax(dear, amount('100'), 60)).toBe(10);
    expect(formatNanos(priceOf(dear, 10).amount)).toBe('0.18');
  });

  it('is nothing to a call that costs nothing', () => {
    expect(durationSecMax(scheduleOf('0:0:1', { maxCost: { nanos: 0n, strategy: 'disconnect' } }), 0n, 60)).toBe(60);
  });
});
