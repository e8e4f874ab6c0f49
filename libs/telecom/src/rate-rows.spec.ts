import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RateRowsBuilder } from './rate-rows.ts';

const us = fc.oneof(fc.constantFrom(0, 1_700_000_000_000_000, 1_700_000_000_000_001, 1_800_000_000_000_000), fc.nat({ max: 2 ** 31 }).map((sec) => sec * 1_000_000));
const row = fc.record({
  rate: fc.nat({ max: Number.MAX_SAFE_INTEGER }), terms: fc.nat({ max: 2 ** 32 - 1 }), fromUs: us, untilUs: fc.oneof(us, fc.constant(Infinity)),
});

function rowsOf(rows: readonly { rate: number; terms: number; fromUs: number; untilUs: number }[], capacity = rows.length) {
  const builder = new RateRowsBuilder(capacity);
  for (const [at, each] of rows.entries()) builder.set(at, each);
  return builder.build(rows.length);
}

describe('the rows of a deck', () => {
  it('say what was put into them, and when they are valid', () => {
    fc.assert(fc.property(fc.array(row), fc.nat({ max: 9 }), us, (rows, room, at) => {
      const built = rowsOf(rows, rows.length + room);
      const told = rows.map((_, n) => ({ rate: built.rateAt(n), terms: built.termsAt(n), fromUs: built.fromUsAt(n), untilUs: built.untilUsAt(n) }));
      expect(told).toEqual(rows);
      expect(rows.map((_, n) => built.isValidAt(n, at))).toEqual(rows.map(({ fromUs, untilUs }) => fromUs <= at && at < untilUs));
    }));
  });

  it('take 16 bytes each, and 16 for each validity that is not remembered', () => {
    const undated = { rate: 1, terms: 0, fromUs: 0, untilUs: Infinity };
    const manyRows = (count: number, fromUs: (at: number) => number) => rowsOf(Array.from({ length: count }, (_, at) => ({ ...undated, fromUs: fromUs(at) })));
    expect(manyRows(1_000, () => 5).bytes).toBe(16_016);
    expect(manyRows(1_000, (at) => at % 2).bytes).toBe(16_032);
    expect(manyRows(20_000, (at) => at * 1_000_000).bytes).toBe(640_000);
  });
});
