import { describe, expect, it } from '@jest/globals';
import { table } from './table.ts';

describe('table', () => {
  it('reads aligned columns parted by spaces and bars', () => {
    const rows = table<'duration' | 'increments' | 'billed'>(`
      duration  increments | billed
      1         30/6       | 30
      31        30/6       | 36
    `);
    expect(rows).toEqual([
      { duration: '1', increments: '30/6', billed: '30' },
      { duration: '31', increments: '30/6', billed: '36' },
    ]);
  });

  it('keeps single spaces inside a cell, and takes a dash for an empty one', () => {
    const [row] = table<'carrier' | 'reason'>(`
      | carrier       | reason |
      |---------------|--------|
      | Alpha Telecom | -      |
    `);
    expect(row).toEqual({ carrier: 'Alpha Telecom', reason: '' });
  });

  it('refuses a row that does not fill the columns', () => {
    expect(() => table('a  b\n1')).toThrow('The row "1" has 1 cells for 2 columns (a, b)');
  });
});
