import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChargeNumbers } from './charge-numbers.ts';

describe('the numbers of charges', () => {
  it('are those of a list of the different ones, in the order in which they come', () => {
    const charges = fc.record({
      connectFeeNanos: fc.constantFrom(0, 64, 128, 10_000_000, 9_007_199_254_740_991), initialIncrementSec: fc.nat(70), incrementSec: fc.nat(70), further: fc.nat(3),
    });
    fc.assert(fc.property(fc.array(charges, { maxLength: 200 }), (rates) => {
      const [numbers, different] = [new ChargeNumbers(), [] as string[]];
      for (const { further, ...rate } of rates) {
        const key = JSON.stringify([rate, further]);
        if (!different.includes(key)) different.push(key);
        expect(numbers.numberOf(rate, further)).toBe(different.indexOf(key));
      }
      expect(numbers.size).toBe(different.length);
    }));
  });
});
