import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { thresholdsCrossed } from './low-balance.ts';

describe('thresholds that a balance falls below', () => {
  it('are those from at or above to below, the highest first', () => {
    const rows = table<'before' | 'after' | 'crossed'>(`
      before | after | crossed
      10     | 5     | -
      5      | 4     | 5
      10     | 1     | 5 2
      10     | -6    | 5 2 -5
      4      | 3     | -
      4      | 6     | -
      -5     | -6    | -5
    `);
    for (const row of rows) expect({ ...row, crossed: thresholdsCrossed([2n, 5n, -5n], BigInt(row.before), BigInt(row.after)).join(' ') }).toEqual(row);
  });
});
