import { describe, expect, it } from '@jest/globals';
import { instant, table } from '@tollwire/testing';
import { callSecMax, callUsMax, isPlausibleInstant } from './call-limits.ts';

describe('when something about a call can have happened', () => {
  const nowUs = instant('2026-03-01T12:00:00Z');

  it.each(table<'at' | 'plausible' | 'why'>(`
    at                        plausible | why
    1970-01-01T00:00:00Z      no        | a clock that was never set
    1999-12-31T23:59:59.999Z  no        | the last instant before the limit
    2000-01-01T00:00:00Z      yes       | the limit itself
    2026-03-01T12:00:00Z      yes       | now
    2026-03-02T12:00:00Z      yes       | a clock that is a day ahead
    2026-03-02T12:00:00.001Z  no        | and more than a day
    2126-03-01T12:00:00Z      no        | a century too late
  `))('$at: $plausible, $why', ({ at, plausible }) => {
    expect(isPlausibleInstant(instant(at), nowUs)).toBe(plausible === 'yes');
  });

  it('counts to the microsecond', () => {
    const limitUs = nowUs + 86_400_000_000;
    expect([limitUs, limitUs + 1].map((atUs) => isPlausibleInstant(atUs, nowUs))).toEqual([true, false]);
  });

  it('bounds a call by a week, the same in both units', () => {
    expect(callSecMax).toBe(7 * 24 * 60 * 60);
    expect(callUsMax).toBe(callSecMax * 1_000_000);
  });
});
