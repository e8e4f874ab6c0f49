import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { drained } from '../fixture/drained.fixture.ts';
import { sortedPositions } from './sorted-positions.ts';

const sorted = (values: readonly number[]) => drained(sortedPositions(values.length, (a, b) => (values[a] ?? 0) - (values[b] ?? 0)));
const expected = (values: readonly number[]) => Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0));

/** Numbers that look random and are the same every time. */
const scattered = (length: number, different = length) => Array.from({ length }, (_, at) => (at * 48_271) % 2_147_483_647 % different);

describe('the positions in order', () => {
  it('are those that sorting at once gives, equal ones as they were', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 9 })), (values) => {
      expect([...sorted(values).result]).toEqual(expected(values));
    }));
  });

  // One slice, just over one, an odd number of runs, and a last run that is short.
  it.each([8_191, 8_192, 8_193, 16_384, 24_577, 40_000])('are right across slices: %i of them', (length) => {
    const values = scattered(length, 997);
    expect([...sorted(values).result]).toEqual(expected(values));
  });

  it('come with pauses in between, whether there is much to sort or only to look at', () => {
    expect(sorted(scattered(40_000)).pauses).toBeGreaterThan(5);
    expect(sorted(Array.from({ length: 40_000 }, (_, at) => at)).pauses).toBe(4);
  });

  it('of nothing and of one are themselves', () => {
    expect([[...sorted([]).result], [...sorted([7]).result]]).toEqual([[], [0]]);
  });
});
