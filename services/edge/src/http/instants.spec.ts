import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { table } from '@tollwire/testing';
import { isoOfUs, usOfIso } from './instants.ts';

describe('instants', () => {
  it.each(
    table<'text' | 'us'>(`
      text                             | us
      1970-01-01T00:00:00Z             | 0
      1970-01-01T00:00:00.000001Z      | 1
      1970-01-01T00:00:00.1Z           | 100000
      1970-01-01T01:00:00+01:00        | 0
      2024-02-29T00:00:00Z             | 1709164800000000
      2026-11-21T20:00:00.123456-05:30 | 1795311000123456
    `),
  )('$text is $us µs', ({ text, us }) => {
    expect(usOfIso(text)).toBe(Number(us));
  });

  it.each([
    '2026-02-29T00:00:00Z', '2026-02-30T00:00:00Z', '2026-04-31T00:00:00Z', '2026-13-01T00:00:00Z', '2026-01-01T25:00:00Z',
    '2026-01-01', '2026-01-01T00:00:00', '2026-01-01 00:00:00Z', '2026-01-01T00:00:00.0000001Z', 'yesterday', '', '1700000000',
  ])('%s names no instant', (text) => {
    expect(usOfIso(text)).toBeUndefined();
  });

  it('comes back from its own text to the microsecond', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8_000_000_000_000_000 }), (us) => {
        expect(usOfIso(isoOfUs(us))).toBe(us);
      }),
    );
  });
});
