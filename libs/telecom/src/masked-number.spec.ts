import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { maskedNumber } from './masked-number.ts';

describe('a masked number', () => {
  it('shows its prefix and no subscriber', () => {
    const rows = table<'number' | 'masked'>(`
      number        | masked
      436641234567  | 436641******
      +436641234567 | +436641******
      4315550100    | 431555****
      5550100       | 555****
      10012         | 1****
      +1001         | *****
      1001          | ****
      112           | ***
      anonymous     | *********
      sip:jo@a.bc   | ***********
    `);
    expect(rows.map(({ number }) => ({ number, masked: maskedNumber(number) }))).toEqual(rows);
    expect(maskedNumber('')).toBe('');
  });

  it('tells nothing of its last four characters, and is masked once and for all', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\+?\d{0,20}$/)), (number) => {
      const masked = maskedNumber(number);
      expect([masked.length, masked.slice(-4)]).toEqual([number.length, '*'.repeat(Math.min(4, number.length))]);
      expect(maskedNumber(masked)).toBe(masked);
    }));
  });
});
