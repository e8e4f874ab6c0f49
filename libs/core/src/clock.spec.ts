import { describe, expect, it } from '@jest/globals';
import { instantUs } from './clock.ts';

describe('an instant', () => {
  it('is exact to the microsecond, before 1970 and until 2255', () => {
    const instants = [-1, 0, 1, Date.UTC(2026, 10, 21) * 1000 + 1, Date.UTC(2255, 0, 1) * 1000 + 1];
    expect(instants.map(instantUs)).toEqual(instants);
  });

  it.each([0.5, Number.NaN, Infinity, -Infinity, 2 ** 53, Number('1e300')])('is not made of %p', (us) => {
    expect(() => instantUs(us)).toThrow(`${us} is a whole number of microseconds`);
  });
});
