import { describe, expect, it } from '@jest/globals';
import { deckCsv } from './deck-csv.ts';

describe('a deck for the bench', () => {
  it.each([[1], [1000], [45_000]])('has %i different prefixes, sorted, of seven digits', (count) => {
    const [header, ...rows] = [...deckCsv(count)].join('').trimEnd().split('\n');
    const prefixes = rows.map((row) => row.split(',')[0] ?? '');
    expect(header).toBe('prefix,rate,increments,connect_fee,blocked');
    expect(new Set(prefixes).size).toBe(count);
    expect(prefixes).toEqual([...prefixes].sort());
    expect(prefixes.every((prefix) => /^[1-9]\d{6}$/.test(prefix))).toBe(true);
    expect(rows.every((row) => /^\d{7},0\.\d{6},(30\/6|60\/60),(0|0\.010000),$/.test(row))).toBe(true);
  });

  it('comes in pieces, and not in more prefixes than there are', () => {
    expect([...deckCsv(45_000)]).toHaveLength(4);
    expect(() => [...deckCsv(9_000_001)]).toThrow('only 9000000 prefixes');
  });
});
