import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { compare, rational } from './rational.ts';
import { roundTo } from './rounding.ts';

const EIGHTHS = 8n;

describe('roundTo', () => {
  it.each(
    table(`
      nanos          decimals | up            down          half_up
      0              2        | 0             0             0
      1              9        | 1             1             1
      1              8        | 10            0             0
      5              8        | 10            0             10
      1250000        4        | 1300000       1200000       1300000
      1249999        4        | 1300000       1200000       1200000
      -1250000       4        | -1300000      -1200000      -1300000
      500000000      0        | 1000000000    0             1000000000
      933000         4        | 1000000       900000        900000
    `),
  )('$nanos nanos to $decimals decimals', (row) => {
    const exact = rational(BigInt(row['nanos'] ?? ''));
    expect(roundTo(exact, Number(row['decimals']), 'up')).toBe(BigInt(row['up'] ?? ''));
    expect(roundTo(exact, Number(row['decimals']), 'down')).toBe(BigInt(row['down'] ?? ''));
    expect(roundTo(exact, Number(row['decimals']), 'half_up')).toBe(BigInt(row['half_up'] ?? ''));
  });

  it('refuses decimals that no plan has', () => {
    expect(() => roundTo(rational(1n), 10, 'up')).toThrow('0 to 9 decimals');
  });

  it('stays within one unit of the exact amount, on the side that the mode names', () => {
    const amounts = fc.bigInt({ min: 0n, max: 10n ** 20n });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 9 }), (num, decimals) => {
        const exact = rational(num, EIGHTHS);
        const unit = 10n ** BigInt(9 - decimals);
        const up = roundTo(exact, decimals, 'up');
        const down = roundTo(exact, decimals, 'down');
        expect(compare(rational(down), exact)).toBeLessThanOrEqual(0);
        expect(compare(exact, rational(up))).toBeLessThanOrEqual(0);
        expect([0n, unit]).toContain(up - down);
        expect([up, down]).toContain(roundTo(exact, decimals, 'half_up'));
      }),
    );
  });
});
