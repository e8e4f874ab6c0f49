import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { table } from '@tollwire/testing';
import { BATCH_CALLS_MAX, type Place, placeAfter, placeBefore, sliceEnd } from './walk.ts';

const MINUTE = 60_000_000;
const at = (us: number) => instantUs(us);
const callsAt = (us: readonly number[]) => {
  const calls = us.map((startedAt, n) => ({ startedAt: at(startedAt), callKey: `k${String(n).padStart(9, '0')}` }));
  return calls.sort((a, b) => a.startedAt - b.startedAt || (a.callKey < b.callKey ? -1 : 1));
};

describe('the slices of a walk', () => {
  it.each(table<'calls' | 'tookMs' | 'sliceMin' | 'next'>(`
    calls  tookMs  sliceMin  next
    0      5       1         2
    499    5       4         8
    500    5       4         4
    999    5       4         4
    1000   5       4         2
    10     201     4         2
    0      5       1440      1440
    0      5       1000      1440
  `))('of $sliceMin min with $calls calls in $tookMs ms are followed by one of $next min', ({ calls, tookMs, sliceMin, next }) => {
    const place = { ...placeBefore(at(0)), sliceUs: Number(sliceMin) * MINUTE };
    const some = callsAt(Array.from({ length: Number(calls) }, () => 7));
    expect(placeAfter(place, sliceEnd(place, at(1e15)), some, Number(tookMs)).sliceUs).toBe(Number(next) * MINUTE);
  });

  it('end where the period does', () => {
    expect(sliceEnd(placeBefore(at(10)), at(20))).toBe(20);
    expect(sliceEnd(placeBefore(at(10)), at(10 * MINUTE))).toBe(10 + MINUTE);
  });

  it('never become nothing, and never hang at an instant with more calls than a batch holds', () => {
    const full = callsAt(Array.from({ length: BATCH_CALLS_MAX }, () => 5));
    expect(placeAfter({ atUs: at(5), callKey: 'a', sliceUs: 1 }, at(6), full, 999)).toEqual({ atUs: 5, callKey: full.at(-1)?.callKey, sliceUs: 1 });
  });
});

describe('a walk', () => {
  it('sees every call of the period once, wherever they crowd', () => {
    const [from, until] = [1_000, 3_000 * MINUTE];
    const crowd = Array.from({ length: 3 * BATCH_CALLS_MAX }, () => 77 * MINUTE);
    const spread = Array.from({ length: 5_000 }, (_, n) => from + ((n * 7_919 * MINUTE) % (until - from)));
    const all = callsAt([...crowd, ...spread, from, until - 1, until, from - 1]);
    const seen: string[] = [];
    let place: Place = placeBefore(at(from));
    while (place.atUs < until || place.callKey !== '') {
      const { atUs, callKey } = place;
      const end = sliceEnd(place, at(until));
      const batch = all.filter(({ startedAt, ...call }) => startedAt >= atUs && startedAt < end && (startedAt > atUs || call.callKey > callKey)).slice(0, BATCH_CALLS_MAX);
      seen.push(...batch.map((call) => call.callKey));
      place = placeAfter(place, end, batch, 1);
    }
    expect(seen).toEqual(all.filter(({ startedAt }) => startedAt >= from && startedAt < until).map(({ callKey }) => callKey));
  });
});
