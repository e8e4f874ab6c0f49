import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { formatNanos, nanosOf } from './money.ts';
import { durationSecMax } from './price/max-duration.ts';
import { plainSchedule } from './price/schedule.ts';
import { compare, plus, rational } from './rational.ts';
import type { Rational } from './rational.ts';
import { billedSec, charge, chargeInBigints, chargeInDoubles, exactCharge } from './rate.ts';
import type { RateTerms } from './rate.ts';
import type { Rounding } from './rounding.ts';
import { roundTo } from './rounding.ts';

const nanosIn = (decimal: string): bigint => {
  const read = nanosOf(decimal);
  return read.ok ? read.value : -1n;
};

const termsOf = (perMin: string, increments: string, connect: string): RateTerms => {
  const [initial, increment] = increments.split('/').map(Number);
  return {
    ratePerMinNanos: nanosIn(perMin),
    connectFeeNanos: nanosIn(connect),
    initialIncrementSec: initial ?? 0,
    incrementSec: increment ?? 1,
  };
};

const increments = fc.record({ initialIncrementSec: fc.integer({ min: 0, max: 120 }), incrementSec: fc.integer({ min: 1, max: 90 }) });
const amounts = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2_000_000_000n }), fc.bigInt({ min: 0n, max: 2n ** 62n }));
const anyTerms: fc.Arbitrary<RateTerms> = fc
  .tuple(increments, amounts, amounts)
  .map(([steps, ratePerMinNanos, connectFeeNanos]) => ({ ...steps, ratePerMinNanos, connectFeeNanos }));
const anyRounding: fc.Arbitrary<Rounding> = fc.record({
  decimals: fc.integer({ min: 0, max: 9 }),
  mode: fc.constantFrom('up', 'down', 'half_up'),
});
const durations = fc.integer({ min: 0, max: 20_000 });

describe('charge', () => {
  it.each(
    table(`
      duration  increments  per_min  connect  decimals  mode     | billed  charge
      0         30/6        0.10     0.05     4         up       | 0       0.00
      1         30/6        0.10     0        4         half_up  | 30      0.05
      31        30/6        0.10     0        4         half_up  | 36      0.06
      31        30/6        0.0120   0        4         half_up  | 36      0.0072
      1         30/6        0.0120   0.01     4         half_up  | 30      0.016
      31        30/18       0.60     0        4         half_up  | 48      0.48
      61        60/60       0.10     0        4         half_up  | 120     0.20
      60        60/60       0.10     0        4         half_up  | 60      0.10
      31        30/6        0.10     0.05     4         half_up  | 36      0.11
      560       10/11       0.0001   0        4         up       | 560     0.001
      560       10/11       0.0001   0        4         down     | 560     0.0009
      560       10/11       0.0001   0        6         half_up  | 560     0.000933
      45        1/1         0        0        4         half_up  | 45      0.00
      60        30/6        0.78     0        4         half_up  | 60      0.78
      1         60/30       0.12     0        2         up       | 60      0.12
      61        60/30       0.12     0        2         up       | 90      0.18
      7         0/6         0.10     0        9         half_up  | 12      0.02
      1         1/1         0.10     0        9         half_up  | 1       0.001666667
    `),
  )('$duration s at $per_min/min by $increments costs $charge', (row) => {
    const terms = termsOf(row['per_min'] ?? '', row['increments'] ?? '', row['connect'] ?? '');
    const mode = row['mode'] === 'up' || row['mode'] === 'down' ? row['mode'] : 'half_up';
    expect(billedSec(Number(row['duration']), terms)).toBe(Number(row['billed']));
    expect(formatNanos(charge(Number(row['duration']), terms, { decimals: Number(row['decimals']), mode }))).toBe(row['charge']);
  });

  it('never falls as the call goes on', () => {
    fc.assert(
      fc.property(anyTerms, anyRounding, durations, fc.integer({ min: 0, max: 200 }), (terms, rounding, duration, more) => {
        expect(charge(duration + more, terms, rounding)).toBeGreaterThanOrEqual(charge(duration, terms, rounding));
      }),
    );
  });

  it('agrees with an oracle that goes second by second in rational arithmetic', () => {
    fc.assert(
      fc.property(anyTerms, anyRounding, fc.integer({ min: 0, max: 700 }), (terms, rounding, duration) => {
        const slow = secondBySecond(duration, terms);
        expect(compare(exactCharge(billedSec(duration, terms), terms), slow)).toBe(0);
        expect(charge(duration, terms, rounding)).toBe(roundTo(slow, rounding.decimals, rounding.mode));
      }),
    );
  });

  it('answers the same in doubles as in bigints, or leaves the answer to those', () => {
    const wide = fc.bigInt({ min: 0n, max: 2n ** 53n });
    fc.assert(
      fc.property(fc.oneof(amounts, wide), fc.oneof(amounts, wide), increments, anyRounding, durations, (rate, fee, steps, rounding, billed) => {
        const terms = { ...steps, ratePerMinNanos: rate, connectFeeNanos: fee };
        const fast = chargeInDoubles(billed, Number(rate), Number(fee), rounding);
        if (fast >= 0) expect(BigInt(fast)).toBe(chargeInBigints(billed, terms, rounding));
        else expect(rate * BigInt(billed) + fee * 60n).toBeGreaterThan(2n ** 53n - 1n);
      }),
      { numRuns: 2000 },
    );
  });
});

/** Charges each second that has begun an increment for that whole increment, one after the other. */
function secondBySecond(duration: number, terms: RateTerms): Rational {
  let paidUntil = 0;
  let total = rational(0n);
  for (let second = 0; second < duration; second += 1) {
    if (second < paidUntil) continue;
    if (second === 0) total = plus(total, rational(terms.connectFeeNanos));
    const block = second === 0 && terms.initialIncrementSec > 0 ? terms.initialIncrementSec : terms.incrementSec;
    total = plus(total, rational(terms.ratePerMinNanos * BigInt(block), 60n));
    paidUntil += block;
  }
  return total;
}

describe('the longest call at a plain rate', () => {
  it.each(
    table(`
      credit  per_min  increments  connect  decimals  mode     cap    | limit
      1.00    0.10     6/6         0        4         half_up  86400  | 600
      0.01    0.04     60/1        0        4         half_up  86400  | 0
      0.11    0.12     60/30       0        2         up       86400  | 0
      0.12    0.12     60/30       0        2         up       86400  | 60
      0.50    0.10     6/6         0        4         half_up  86400  | 300
      1.00    0.10     1/1         0.50     4         half_up  86400  | 300
      0.49    0.10     1/1         0.50     4         half_up  86400  | 0
      0       0        60/60       0        4         half_up  7200   | 7200
      5.00    0.10     6/6         0        4         half_up  1000   | 1000
      -0.01   0        1/1         0        4         half_up  7200   | 0
    `),
  )('$credit at $per_min/min by $increments lasts $limit s', (row) => {
    const terms = termsOf(row['per_min'] ?? '', row['increments'] ?? '', row['connect'] ?? '');
    const mode = row['mode'] === 'up' ? 'up' : 'half_up';
    const rounding = { decimals: Number(row['decimals']), mode } as const;
    expect(durationSecMax(plainSchedule(terms, rounding), nanosIn(row['credit'] ?? ''), Number(row['cap']))).toBe(Number(row['limit']));
  });

  it('is the exact inverse of charge: the limit is affordable, one increment more is not', () => {
    const credits = fc.oneof(fc.bigInt({ min: 0n, max: 10_000_000_000n }), fc.bigInt({ min: 0n, max: 2n ** 62n }));
    const cap = 1_000_000;
    fc.assert(
      fc.property(credits, anyTerms, anyRounding, (credit, terms, rounding) => {
        const limit = durationSecMax(plainSchedule(terms, rounding), credit, cap);
        if (limit > 0) expect(charge(limit, terms, rounding)).toBeLessThanOrEqual(credit);
        if (limit < cap) {
          const more = limit === 0 ? 1 : limit + terms.incrementSec;
          expect(charge(more, terms, rounding)).toBeGreaterThan(credit);
          expect(limit === 0 || billedSec(limit, terms) === limit).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
