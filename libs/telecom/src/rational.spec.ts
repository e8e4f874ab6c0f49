import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { compare, floor, formatRational, over, plus, rational, times } from './rational.ts';
import type { Rational } from './rational.ts';

const fractions = fc
  .tuple(fc.bigInt({ min: -1000n, max: 1000n }), fc.bigInt({ min: 1n, max: 1000n }))
  .map(([num, den]) => rational(num, den));

const same = (a: Rational, b: Rational): boolean => compare(a, b) === 0;

describe('rational', () => {
  it('keeps the denominator positive, and has none of 0', () => {
    expect(rational(1n, -2n)).toEqual({ num: -1n, den: 2n });
    expect(() => rational(1n, 0n)).toThrow('denominator');
  });

  it('adds, multiplies and divides as fractions do', () => {
    fc.assert(
      fc.property(fractions, fractions, fractions, (a, b, c) => {
        expect(same(plus(a, b), plus(b, a))).toBe(true);
        expect(same(times(a, plus(b, c)), plus(times(a, b), times(a, c)))).toBe(true);
        if (b.num !== 0n) expect(same(times(over(a, b), b), a)).toBe(true);
      }),
    );
  });

  it('has its floor at or below it, and less than one below it', () => {
    fc.assert(
      fc.property(fractions, (a) => {
        const whole = floor(a);
        expect(compare(rational(whole), a)).toBeLessThanOrEqual(0);
        expect(compare(a, rational(whole + 1n))).toBeLessThan(0);
      }),
    );
  });
});

describe('formatRational', () => {
  it.each(
    table(`
      num   den    text
      0     5      0
      1     4      0.25
      1     600    0.001(6)
      1     3      0.(3)
      -7    2      -3.5
      22    7      3.(142857)
      100   10     10
    `),
  )('$num / $den is written $text', ({ num, den, text }) => {
    expect(formatRational(rational(BigInt(num ?? ''), BigInt(den ?? '')))).toBe(text);
  });

  it('ends in … where the period is long', () => {
    expect(formatRational(rational(1n, 10_007n))).toMatch(/^0\.\d{60}…$/);
  });
});
