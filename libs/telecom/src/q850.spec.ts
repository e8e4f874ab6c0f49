import { describe, expect, it } from '@jest/globals';
import { q850Cause, q850Causes } from './q850.ts';

describe('q850Causes', () => {
  it('has every code once, in ascending order, each with a name of its own', () => {
    const codes = q850Causes.map(({ code }) => code);
    expect(codes).toEqual([...new Set(codes)].sort((a, b) => a - b));
    expect(new Set(q850Causes.map(({ enumeration }) => enumeration)).size).toBe(q850Causes.length);
    expect(codes).toHaveLength(76 + 13);
  });

  it('keeps what switches add above the 7 bits of Q.850', () => {
    expect(q850Causes.filter(({ code }) => code > 127).map(({ code }) => code)).toEqual([
      487, 500, 501, 502, 503, 600, 601, 602, 603, 604, 605, 606, 607,
    ]);
  });

  it('finds a cause by its code', () => {
    expect(q850Cause(17)).toEqual({ code: 17, enumeration: 'USER_BUSY', cause: 'User busy' });
    expect(q850Cause(31)?.cause).toBe('Normal, unspecified');
    expect(q850Cause(99)?.cause).toBe('Information element/parameter non-existent or not implemented');
    expect(q850Cause(15)).toBeUndefined();
  });
});
