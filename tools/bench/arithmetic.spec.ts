import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { latenciesOf, percentile, perSec, ratio } from './arithmetic.ts';

describe('the arithmetic of figures', () => {
  it.each([
    { sorted: [7], share: 0.99, expected: 7 },
    { sorted: [1, 2], share: 0.5, expected: 1 },
    { sorted: [1, 2], share: 0.51, expected: 2 },
    { sorted: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share: 0.9, expected: 9 },
    { sorted: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], share: 0.99, expected: 10 },
    { sorted: [], share: 0.5, expected: Number.NaN },
  ])('the share $share of $sorted does not exceed $expected', ({ sorted, share, expected }) => {
    expect(percentile(sorted, share)).toBe(expected);
  });

  it('puts latencies in any order into a distribution', () => {
    const ms = Array.from({ length: 1000 }, (_, at) => ((at * 389) % 1000) + 1);
    expect(latenciesOf(ms)).toEqual({ count: 1000, p50Ms: 500, p90Ms: 900, p99Ms: 990, maxMs: 1000 });
  });

  it('names a value that was measured, and at least the share that it names lies below', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (values, percent) => {
        const value = percentile([...values].sort((one, other) => one - other), percent / 100);
        expect(values).toContain(value);
        expect(values.filter((each) => each <= value).length).toBeGreaterThanOrEqual((percent / 100) * values.length - 1e-9);
      }),
    );
  });

  it.each([
    { count: 500, ms: 1000, expected: 500 },
    { count: 1, ms: 3, expected: 333 },
    { count: 5, ms: 0, expected: 0 },
  ])('$count in $ms ms are $expected a second', ({ count, ms, expected }) => {
    expect(perSec(count, ms)).toBe(expected);
  });

  it('divides, and takes a part of nothing for nothing', () => {
    expect(ratio(1, 3)).toBe(0.333);
    expect(ratio(5000, 8000)).toBe(0.625);
    expect(ratio(1, 0)).toBe(0);
  });
});
