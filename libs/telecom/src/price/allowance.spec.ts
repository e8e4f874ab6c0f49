import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { formatNanos } from '../money.ts';
import { durationSecMaxBeside, priceBeside } from './allowance.ts';
import type { Allowance, CoveredFees } from './allowance.ts';
import { priceOf } from './price.ts';
import { amount, anySchedule, scheduleOf } from './schedule.fixture.ts';

const isCovers = (text: string): text is CoveredFees => ['none', 'connect', 'all'].includes(text);
const allowanceOf = (sec: string, covers: string): Allowance => ({ sec: Number(sec), covers: isCovers(covers) ? covers : 'none' });

/** 0.60 a minute by the minute, 0.05 to connect, 0.02 to disconnect, at least 0.10. */
const dear = scheduleOf('0:0.60:60', { connectFeeNanos: amount('0.05'), disconnectFeeNanos: amount('0.02'), minChargeNanos: amount('0.10') });

describe('a price beside an allowance', () => {
  it.each(table(`
    duration  free  covers   | billed  paid_for  price
    61        0     all      | 120     0         1.27
    61        60    none     | 120     60        0.67
    61        60    all      | 120     60        0.67
    61        119   all      | 120     119       0.1
    61        120   none     | 120     120       0.1
    61        120   connect  | 120     120       0.1
    61        120   all      | 120     120       0
    61        999   all      | 120     120       0
    0         999   all      | 0       0         0
  `))('$duration s with $free s free that cover $covers cost $price', ({ duration, free = '', covers = '', billed, paid_for: paidFor, price }) => {
    const { billedSec, freeSec, amount: nanos } = priceBeside(dear, Number(duration), allowanceOf(free, covers));
    expect([billedSec, freeSec, formatNanos(nanos, 0)]).toEqual([Number(billed), Number(paidFor), price]);
  });

  const anyAllowance: fc.Arbitrary<Allowance> = fc.record({ sec: fc.nat(1_500), covers: fc.constantFrom('none', 'connect', 'all') });

  it('is what the rest costs: as if the free seconds were charged at nothing', () => {
    fc.assert(fc.property(anySchedule, fc.nat(1_500), fc.nat(1_500), (schedule, durationSec, sec) => {
      expect(priceBeside(schedule, durationSec, { sec, covers: 'none' })).toEqual(priceOf(schedule, durationSec, sec));
    }));
  });

  it('never falls as the call goes on, and never rises with the allowance', () => {
    fc.assert(fc.property(anySchedule, fc.nat(1_500), fc.nat(90), anyAllowance, fc.nat(90), (schedule, durationSec, longer, allowance, more) => {
      const price = priceBeside(schedule, durationSec, allowance).amount;
      expect(priceBeside(schedule, durationSec + longer, allowance).amount).toBeGreaterThanOrEqual(price);
      expect(priceBeside(schedule, durationSec, { ...allowance, sec: allowance.sec + more }).amount).toBeLessThanOrEqual(price);
    }));
  });

  it('has an exact inverse: the longest call that credit and allowance pay for', () => {
    const credit = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 20_000_000_000n }));
    fc.assert(fc.property(anySchedule, credit, anyAllowance, (schedule, creditNanos, allowance) => {
      const open = { ...schedule, terms: { ...schedule.terms, maxCost: undefined } };
      const limit = durationSecMaxBeside(open, creditNanos, 2_000, allowance);
      if (limit > 0) expect(priceBeside(open, limit, allowance).amount).toBeLessThanOrEqual(creditNanos);
      if (limit < 2_000) expect(priceBeside(open, limit + 1, allowance).amount).toBeGreaterThan(creditNanos);
    }));
  });

  it('lets who has no credit talk for as long as all is free', () => {
    expect([durationSecMaxBeside(dear, 0n, 7_200, { sec: 600, covers: 'all' }), durationSecMaxBeside(dear, 0n, 7_200, { sec: 600, covers: 'connect' })]).toEqual([600, 0]);
    expect(durationSecMaxBeside(dear, amount('0.66'), 7_200, { sec: 600, covers: 'all' })).toBe(600);
    expect(durationSecMaxBeside(dear, amount('0.67'), 7_200, { sec: 600, covers: 'all' })).toBe(660);
  });
});
