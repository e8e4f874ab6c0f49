import { describe, expect, it } from '@jest/globals';
import { timeUsOfRfc3339 } from './rfc3339.ts';

describe('RFC 3339 instants', () => {
  it.each([
    ['1970-01-01T00:00:00Z', 0],
    ['1970-01-01T00:00:00.000001Z', 1],
    ['1970-01-01t00:00:00.1z', 100_000],
    ['1970-01-01 00:00:01+00:00', 1_000_000],
    ['1970-01-01T01:00:00.123456789+01:00', 123_456],
    ['1969-12-31T23:59:59.999999Z', -1],
  ])('%s is %i µs', (text, timeUs) => {
    expect(timeUsOfRfc3339(text)).toBe(timeUs);
  });

  it.each(['', '1970-01-01', '1970-01-01T00:00:00', '1970-13-01T00:00:00Z', '1970-01-01T25:00:00Z', '5', '1970-01-01T00:00:00.Z'])(
    '%p is none',
    (text) => {
      expect(timeUsOfRfc3339(text)).toBeUndefined();
    },
  );
});
