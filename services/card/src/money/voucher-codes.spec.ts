import { describe, expect, it } from '@jest/globals';
import { codeIndex, codeOf, randomCodes } from './voucher-codes.ts';

describe('the code of a voucher', () => {
  it('is 16 random digits', () => {
    const codes = randomCodes(500);
    expect(new Set(codes).size).toBe(500);
    for (const code of codes) expect(code).toMatch(/^\d{16}$/);
  });

  it('is read however people space it, and is nothing else', () => {
    expect(['1234567890123456', '1234 5678-9012 3456', ' 1234-5678-9012-3456 '].map(codeOf)).toEqual(new Array(3).fill('1234567890123456'));
    expect(['', '123', '12345678901234567', '12345678901234５6', '1234567890123a56'].map(codeOf)).toEqual(new Array(5).fill(null));
  });

  it('is found by its digest under the key', () => {
    expect(codeIndex('key', '1234567890123456')).toMatch(/^[0-9a-f]{64}$/);
    expect(codeIndex('other', '1234567890123456')).not.toBe(codeIndex('key', '1234567890123456'));
  });
});
