import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { CELL_PREFIXES_MAX, covering, prefixesOf } from './prefix-cell.ts';

describe('a cell of prefixes', () => {
  it.each(table(`
    cell                            | country | prefixes                                  | faults
    4479                            | -       | 4479                                      | -
    4479, 4478                      | -       | 4479 4478                                 | -
    4479;4478                       | -       | 4479 4478                                 | -
    4479 4478                       | -       | 4479 4478                                 | -
    4479, 4478,                     | -       | 4479 4478                                 | -
    4479, 4479                      | -       | 4479                                      | -
    4479, 4478, 447911-447915       | -       | 4479 4478 447911 447912 447913 447914 447915 | -
    447910-447919                   | -       | 44791                                     | -
    447900 - 447999                 | -       | 4479                                      | -
    447900–447999                   | -       | 4479                                      | -
    447900‑447999                   | -       | 4479                                      | -
    447900 − 447999                 | -       | 4479                                      | -
    447908-447921                   | -       | 447908 447909 44791 447920 447921         | -
    10-99                           | -       | 1 2 3 4 5 6 7 8 9                         | -
    447911-447911                   | -       | 447911                                    | -
    447911-15                       | -       | -                                         | prefix_range_malformed:447911-15
    447915-447911                   | -       | -                                         | prefix_range_malformed:447915-447911
    44-x                            | -       | -                                         | prefix_malformed:44-x
    1-2-3                           | -       | -                                         | prefix_malformed:1-2-3
    +44                             | -       | -                                         | prefix_malformed:+44
    44, bad, 43                     | -       | 44 43                                     | prefix_malformed:bad
    1234567890123456                | -       | -                                         | prefix_malformed:1234567890123456
    7911, 7912                      | 44      | 447911 447912                             | -
    0-9                             | 44      | 44                                        | -
    00-49                           | 36      | 360 361 362 363 364                       | -
    123456789012345                 | 44      | -                                         | prefix_malformed:123456789012345
  `))('$cell after $country', ({ cell = '', country = '', prefixes, faults }) => {
    const found = prefixesOf(cell, country);
    expect(found.prefixes.join(' ')).toBe(prefixes);
    expect(found.faults.map(({ code, value }) => `${code}:${value}`).join(' ')).toBe(faults);
  });

  it('may hold a whole range of operators, and no more than a spreadsheet cell can', () => {
    const cell = (count: number) => Array.from({ length: count }, (_, at) => 447_000_000 + at).join(',');
    expect(prefixesOf(cell(CELL_PREFIXES_MAX)).prefixes).toHaveLength(CELL_PREFIXES_MAX);
    expect(prefixesOf(cell(CELL_PREFIXES_MAX + 1))).toMatchObject({ prefixes: [], faults: [{ code: 'too_many_prefixes' }] });
  });

  it('of a range begins the numbers of the range and no other, in few prefixes', () => {
    const ranges = fc.tuple(fc.integer({ min: 0, max: 9_999 }), fc.integer({ min: 0, max: 9_999 }));
    fc.assert(fc.property(ranges, ([one, other]) => {
      const [low, high] = [Math.min(one, other), Math.max(one, other)].map((bound) => `5${String(bound).padStart(4, '0')}`);
      const prefixes = covering(low ?? '', high ?? '');
      const begun = Array.from({ length: 10_000 }, (_, at) => 50_000 + at).filter((number) => prefixes.some((prefix) => String(number).startsWith(prefix)));
      expect([begun.length, begun[0], begun.at(-1)]).toEqual([Number(high) - Number(low) + 1, Number(low), Number(high)]);
      expect(prefixes.length).toBeLessThanOrEqual(18 * 5);
      expect(new Set(prefixes).size).toBe(prefixes.length);
    }), { numRuns: 50 });
  });

  it('of the longest range is still few prefixes', () => {
    expect(covering('100000000000001', '999999999999998').length).toBeLessThan(270);
  });
});
