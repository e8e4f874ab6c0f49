import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { formatNanos } from '../money.ts';
import { exchangeFactor } from '../exchange-rate.ts';
import { compare, plus, rational, times } from '../rational.ts';
import { charge } from '../rate.ts';
import { roundTo } from '../rounding.ts';
import { derivationOf } from './derivation.ts';
import { durationSecMax } from './max-duration.ts';
import { attemptsPrice, billableSec, bySecond, priceInRationals, priceOf, withTax } from './price.ts';
import { explainPrice } from './explain-price.ts';
import { amount, anyExchanged, anyRounding, anySchedule, scheduleOf, steps } from './schedule.fixture.ts';
import { plainSchedule } from './schedule.ts';
import type { ChargeTerms, Schedule } from './schedule.ts';
import type { AmountTerm } from './schedule-exchange.ts';

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

  it('are not counted below the minimum duration, the incoming leg neither', () => {
    const terms = { minDurationSec: 5, pulses: { policy: 'incoming_leg' as const, startpulseSec: 60, frequencySec: 30 } };
    expect([0, 4, 5].map((durationSec) => priceOf(scheduleOf('0:0.12:60', terms), durationSec).billedSec)).toEqual([0, 0, 90]);
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

/** Charges second by second: each belongs to the increment that is under way, which keeps the rate that it began with. Each amount is converted by itself. */
function bySeconds(schedule: Schedule, durationSec: number, allowanceSec: number) {
  const { terms, rounding } = schedule;
  const factor = exchangeFactor(schedule.exchange?.rates ?? []);
  const inPlanCurrency = (term: AmountTerm, nanos: bigint) => (schedule.exchange?.rateTerms.includes(term) === true ? times(rational(nanos), factor) : rational(nanos));
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
  const fees = plus(
    plus(inPlanCurrency('connectFeeNanos', terms.connectFeeNanos), inPlanCurrency('disconnectFeeNanos', durationSec >= terms.disconnectFeeAfterSec ? terms.disconnectFeeNanos : 0n)),
    inPlanCurrency('blockFeeNanos', terms.blockSec === 0 ? 0n : BigInt(Math.floor(billable / terms.blockSec)) * terms.blockFeeNanos),
  );
  const charged = plus(times(exact, factor), fees);
  const least = inPlanCurrency('minChargeNanos', terms.minChargeNanos);
  const most = terms.maxCost === undefined ? undefined : inPlanCurrency('maxCost', terms.maxCost.nanos);
  const raised = compare(charged, least) < 0 ? least : charged;
  const net = most !== undefined && compare(raised, most) > 0 ? most : raised;
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

describe('a rate in another currency than its plan', () => {
  const euro = { base: 'EUR', quote: 'USD', numerator: 125n, decimals: 2, validFromUs: 0, source: 'ECB' };
  /** Dollars for a plan in euros: 1 EUR = 1.25 USD. */
  const dollars = (terms: Partial<ChargeTerms>, rateTerms: readonly AmountTerm[], rate = '0:0.10:30, 30:0.10:6+0.01'): Schedule =>
    ({ ...scheduleOf(rate, terms), exchange: { rates: [{ ...euro, isInverse: true }], rateTerms } });
  const fee = { connectFeeNanos: amount('0.05') };

  it.each(table(`
    terms                                of_the_rate       duration | price
    -                                    -                 31       | 36 s 0.056
    connect 0.05                         -                 31       | 36 s 0.106
    connect 0.05                         connectFeeNanos   31       | 36 s 0.096
    disconnect 0.02 from 20 s            -                 31       | 36 s 0.076
    at least 0.08                        -                 31       | 36 s 0.08
    at least 0.08                        minChargeNanos    31       | 36 s 0.064
    at most 0.12                         -                 600      | 600 s 0.12
    at most 0.12                         maxCost           600      | 600 s 0.096
    0.01 per 60 s                        -                 60       | 60 s 0.098
    0.01 per 60 s                        blockFeeNanos     60       | 60 s 0.096
    tax 20 %                             -                 31       | 36 s 0.0672
  `))('$terms, of the rate $of_the_rate: $duration s cost $price', ({ terms = '', of_the_rate: of = '', duration, price }) => {
    const named: Readonly<Record<string, Partial<ChargeTerms>>> = {
      'connect 0.05': fee, 'disconnect 0.02 from 20 s': { disconnectFeeNanos: amount('0.02'), disconnectFeeAfterSec: 20 }, 'at least 0.08': { minChargeNanos: amount('0.08') },
      'at most 0.12': { maxCost: { nanos: amount('0.12'), strategy: 'free' } }, '0.01 per 60 s': { blockFeeNanos: amount('0.01'), blockSec: 60 }, 'tax 20 %': { taxPpm: 200_000 },
    };
    const foreign = (['connectFeeNanos', 'minChargeNanos', 'maxCost', 'blockFeeNanos'] as const).filter((term) => term === of);
    expect(told(dollars(named[terms] ?? {}, foreign), Number(duration))).toBe(price);
  });

  it('has attempts in the currency of who states their fee', () => {
    const attempt = { attemptFeeNanos: amount('1') };
    expect([dollars(attempt, []), dollars(attempt, ['attemptFeeNanos'])].map((schedule) => formatNanos(attemptsPrice(schedule, 2)))).toEqual(['2.00', '1.60']);
  });

  it('ends a call at its maximum, in whichever currency that is', () => {
    const most = { maxCost: { nanos: amount('0.12'), strategy: 'disconnect' } } as const;
    expect([dollars(most, [], '0:0.01/1:1'), dollars(most, ['maxCost'], '0:0.01/1:1')].map((schedule) => durationSecMax(schedule, amount('100'), 60))).toEqual([15, 12]);
  });

  it('of 6 to a base, for a customer of 2 to the base, costs three times as much (CUR-01)', () => {
    const toBase = { quote: 'BAS', decimals: 0, validFromUs: 0, source: '' };
    const rates = [{ ...toBase, base: 'AAA', numerator: 6n, isInverse: false }, { ...toBase, base: 'CCC', numerator: 2n, isInverse: true }];
    expect(told({ ...scheduleOf('0:0.10:60'), exchange: { rates, rateTerms: [] } }, 60)).toBe('60 s 0.3');
  });

  it('explains itself: its own amounts, the exchange, then those of the plan', () => {
    const terms = { ...fee, disconnectFeeNanos: amount('0.02'), minChargeNanos: amount('0.25'), taxPpm: 200_000 };
    expect(explainPrice(dollars(terms, ['connectFeeNanos', 'minChargeNanos']), 31, 'EUR')).toEqual([
      '31 s of conversation count as 31 s',
      'from second 0: 30 s × 0.10/min, in increments of 30 s, = 0.05; together 0.05 USD',
      '+ fee on entering the step 0.01 = 0.06 USD',
      'from second 30: 6 s × 0.10/min, in increments of 6 s, = 0.01; together 0.07 USD',
      '+ connect fee 0.05 = 0.12 USD',
      '0.12 USD = 0.096 EUR by 1 EUR = 1.25 USD (ECB, always)',
      '+ disconnect fee 0.02 = 0.116 EUR',
      'raised to the minimum charge of 0.25 USD = 0.2 EUR',
      '+ 20 % tax = 0.24 EUR',
      'rounded half up to 9 decimals = 0.24 EUR',
    ]);
  });

  it('comes to the same as its derivation, whatever the schedule', () => {
    fc.assert(fc.property(anyExchanged, fc.nat(1_500), (schedule, durationSec) => {
      const lines = derivationOf(schedule, durationSec);
      const last = lines.findLast((line) => 'sum' in line);
      const rounded = last === undefined || !('sum' in last) ? 0n : roundTo(last.sum, schedule.rounding.decimals, schedule.rounding.mode);
      expect(lines.at(-1)).toMatchObject({ kind: 'rounding', amount: rounded });
    }), { numRuns: 200 });
  });

  it('never goes beyond a maximum that ends the call', () => {
    fc.assert(fc.property(anyExchanged, fc.bigInt({ min: 0n, max: 2n ** 36n }), (schedule, nanos) => {
      const ending: Schedule = { ...schedule, terms: { ...schedule.terms, minChargeNanos: 0n, taxPpm: 0, maxCost: { nanos, strategy: 'disconnect' } }, rounding: { decimals: 9, mode: 'up' } };
      const { maxCost: _, ...endless } = ending.terms;
      const limit = durationSecMax(ending, 2n ** 62n, 7_200);
      const price = (sec: number) => priceOf({ ...ending, terms: { ...endless, maxCost: undefined } }, sec).amount;
      const most = schedule.exchange?.rateTerms.includes('maxCost') === true ? roundTo(times(rational(nanos), exchangeFactor(schedule.exchange.rates)), 9, 'up') : nanos;
      if (limit > 0) expect(price(limit) <= most).toBe(true);
      if (limit < 7_200 && price(limit + 1) <= 2n ** 62n) expect(price(limit + 1) > most - 1n).toBe(true);
    }), { numRuns: 200 });
  });
});
