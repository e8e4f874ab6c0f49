import { describe, expect, it } from '@jest/globals';
import { deckCsv } from './deck-csv.ts';

const known = ['43', '43660', '1', '12', '8812', '979123456'];

describe('a deck for the bench', () => {
  it.each([[1], [1000], [45_000], [120_000]])('has %i different prefixes, sorted, all in the number plan', (count) => {
    const [header, ...rows] = [...deckCsv(count, known)].join('').trimEnd().split('\n');
    const prefixes = rows.map((row) => row.split(',')[0] ?? '');
    expect(header).toBe('prefix,rate,increments,connect_fee,blocked');
    expect(prefixes).toHaveLength(count);
    expect(new Set(prefixes).size).toBe(count);
    expect(prefixes.every((prefix, at) => prefix.length === 7 && (at === 0 || prefix > (prefixes[at - 1] ?? '')))).toBe(true);
    expect(prefixes.every((prefix) => /^(1|43|8812)/.test(prefix))).toBe(true);
    expect(rows.every((row) => /^\d{7},0\.\d{6},(30\/6|60\/60),(0|0\.010000),$/.test(row))).toBe(true);
  });

  it('comes in pieces, and not in more prefixes than the number plan has room for', () => {
    expect([...deckCsv(45_000, known)]).toHaveLength(4);
    expect(() => [...deckCsv(1_101_001, known)]).toThrow('only 1101000 prefixes');
  });
});
