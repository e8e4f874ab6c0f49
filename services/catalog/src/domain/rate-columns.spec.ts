import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { drained } from '../fixture/drained.fixture.ts';
import { type Rate, RateColumns } from './rate-columns.ts';

const rate: Rate = {
  prefix: '43', ratePerMinNanos: 10n, connectFeeNanos: 2n, initialIncrementSec: 30, incrementSec: 6, validFromUs: 0, validUntilUs: 0, blocked: false,
};
const anyRate: fc.Arbitrary<Rate> = fc.record({
  prefix: fc.stringMatching(/^[1-9][0-9]{0,14}$/),
  ratePerMinNanos: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  connectFeeNanos: fc.bigInt({ min: 0n, max: 10n ** 15n }),
  initialIncrementSec: fc.integer({ min: 1, max: 3600 }),
  incrementSec: fc.integer({ min: 1, max: 3600 }),
  validFromUs: fc.integer({ min: 0, max: 2 ** 53 - 1 }),
  validUntilUs: fc.integer({ min: 0, max: 2 ** 53 - 1 }),
  blocked: fc.boolean(),
});
const ratesOf = (columns: RateColumns) => Array.from({ length: columns.size }, (_, at) => columns.rateAt(at));
const sortedOf = (columns: RateColumns) => Array.from(drained(columns.sorted()).result);

describe('rates in columns', () => {
  it('are what went in, each exact to the last digit', () => {
    fc.assert(fc.property(fc.array(anyRate), (rates) => {
      expect(ratesOf(RateColumns.of(rates))).toEqual(rates);
    }));
  });

  it('are the same read back from their bytes, from whatever place in memory those come', () => {
    fc.assert(fc.property(fc.array(anyRate, { maxLength: 20 }), fc.integer({ min: 0, max: 9 }), (rates, offset) => {
      const bytes = RateColumns.of(rates).toBytes();
      const moved = new Uint8Array(offset + bytes.length);
      moved.set(bytes, offset);
      expect(ratesOf(RateColumns.fromBytes(moved.subarray(offset)))).toEqual(rates);
    }));
  });

  it('leave out of their bytes what there is no rate for', () => {
    const columns = new RateColumns(1_000);
    columns.push(rate, 1);
    expect(columns.toBytes().length).toBe(RateColumns.of([rate]).toBytes().length);
    expect(ratesOf(RateColumns.fromBytes(columns.toBytes()))).toEqual([rate]);
  });

  it('keep the line that each came from, through bytes and when they are put together', () => {
    const [one, two] = [new RateColumns(2), new RateColumns(1)];
    one.push(rate, 7);
    one.push({ ...rate, prefix: '44' }, 8);
    two.push({ ...rate, prefix: '45' }, 9);
    const all = new RateColumns(3);
    for (const part of [one, two]) all.append(RateColumns.fromBytes(part.toBytes()));
    expect([...all.line]).toEqual([7, 8, 9]);
    expect(ratesOf(all).map(({ prefix }) => prefix)).toEqual(['43', '44', '45']);
  });

  it('are copied with an end of their own, all else as it was', () => {
    const given = { ...rate, validFromUs: 5, validUntilUs: 50, blocked: true };
    const copy = new RateColumns(1);
    copy.copy(RateColumns.of([given]), 0, 20);
    expect(ratesOf(copy)).toEqual([{ ...given, validUntilUs: 20 }]);
  });

  it('never spill: one too many is a bug, not a lost rate', () => {
    const full = RateColumns.of([rate]);
    expect(() => full.push(rate, 1)).toThrow('room for one more');
    expect(() => full.append(RateColumns.of([rate]))).toThrow('room for what is appended');
    expect(() => full.copy(full, 0, 0)).toThrow('room for one more');
  });
});

describe('the order of rates', () => {
  it.each(table(`
    left            | right           | comes
    4               | 43              | before
    43              | 44              | before
    439             | 44              | before
    43              | 430             | before
    430             | 4300            | before
    430             | 431             | before
    999999999999999 | 999999999999999 | together
    1               | 100000000000000 | before
    12              | 12              | together
  `))('$left comes $comes $right, as digits do', ({ left = '', right = '', comes }) => {
    const columns = RateColumns.of([{ ...rate, prefix: left }, { ...rate, prefix: right }]);
    const sign = Math.sign(columns.comparePrefix(0, columns, 1));
    expect(sign < 0 ? 'before' : sign > 0 ? 'after' : 'together').toBe(comes);
    expect(Math.sign(columns.comparePrefix(1, columns, 0)) + sign).toBe(0);
  });

  it('knows how many digits a prefix has, and reads them back as a number', () => {
    fc.assert(fc.property(fc.stringMatching(/^[1-9][0-9]{0,14}$/), (prefix) => {
      const columns = RateColumns.of([{ ...rate, prefix }]);
      expect([String(columns.prefixNumberAt(0)), columns.prefixLengthAt(0)]).toEqual([prefix, prefix.length]);
    }));
  });

  it('is by prefix, then by date, then by line', () => {
    const columns = new RateColumns(5);
    columns.push({ ...rate, prefix: '44' }, 1);
    columns.push({ ...rate, prefix: '43', validFromUs: 9 }, 2);
    columns.push({ ...rate, prefix: '43', validFromUs: 3 }, 5);
    columns.push({ ...rate, prefix: '43', validFromUs: 3 }, 4);
    columns.push({ ...rate, prefix: '4' }, 3);
    expect(sortedOf(columns).map((at) => columns.line[at])).toEqual([3, 4, 5, 2, 1]);
  });

  it('of a file that comes sorted is the order of its lines', () => {
    expect(sortedOf(RateColumns.of(['1', '2', '21', '3'].map((prefix) => ({ ...rate, prefix }))))).toEqual([0, 1, 2, 3]);
  });
});
