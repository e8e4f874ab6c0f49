import { describe, expect, it } from '@jest/globals';
import { explainCharge } from './explain-charge.ts';

const rounding = { decimals: 4, mode: 'half_up' } as const;

describe('explainCharge', () => {
  it('goes from seconds to the rounded price, one step a line', () => {
    const terms = { ratePerMinNanos: 12_500_000n, connectFeeNanos: 10_000_000n, initialIncrementSec: 30, incrementSec: 6 };
    expect(explainCharge(31, terms, rounding, 'EUR')).toEqual([
      'rate 0.0125 EUR/min, increments 30/6 s',
      '31 s are billed as 36 s: first block 30 s + 1 × 6 s',
      '36 s × 0.0125/min ÷ 60 = 0.0075 EUR',
      '+ connect fee 0.01 = 0.0175 EUR',
      'rounded half up to 4 decimals = 0.0175 EUR',
    ]);
  });

  it('shows a fraction that repeats, before it is rounded', () => {
    const terms = { ratePerMinNanos: 100_000_000n, connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec: 1 };
    expect(explainCharge(1, terms, rounding)).toEqual([
      'rate 0.10/min, increments 0/1 s',
      '1 s are billed as 1 s: 1 × 1 s',
      '1 s × 0.10/min ÷ 60 = 0.001(6)',
      'rounded half up to 4 decimals = 0.0017',
    ]);
  });

  it('says that no conversation costs nothing', () => {
    const terms = { ratePerMinNanos: 100_000_000n, connectFeeNanos: 50_000_000n, initialIncrementSec: 30, incrementSec: 6 };
    expect(explainCharge(0, terms, rounding, 'EUR').at(-1)).toBe('0 s of conversation cost 0 EUR');
  });
});
