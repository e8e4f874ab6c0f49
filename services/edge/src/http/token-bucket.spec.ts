import { describe, expect, it } from '@jest/globals';
import { testClock } from '@tollwire/testing';
import fc from 'fast-check';
import { TokenBuckets } from './token-bucket.ts';

describe('rate limit of a key', () => {
  const taken = (buckets: TokenBuckets, key: string, tries: number) => Array.from({ length: tries }, () => buckets.take(key)).filter(Boolean).length;

  it('lets twice the rate through at once, then the rate', () => {
    const clock = testClock('2026-03-01T10:00:00Z');
    const buckets = new TokenBuckets({ perSec: 10 }, clock);
    expect(taken(buckets, 'a', 100)).toBe(20);
    clock.advanceSec(1);
    expect(taken(buckets, 'a', 100)).toBe(10);
    clock.advanceSec(0.5);
    expect(taken(buckets, 'a', 100)).toBe(5);
    clock.advanceSec(3600);
    expect(taken(buckets, 'a', 100)).toBe(20);
  });

  it('limits each key by itself, and survives a clock that is set back', () => {
    const clock = testClock('2026-03-01T10:00:00Z');
    const buckets = new TokenBuckets({ perSec: 1 }, clock);
    expect([taken(buckets, 'a', 5), taken(buckets, 'b', 5)]).toEqual([2, 2]);
    clock.advanceSec(-60);
    expect(taken(buckets, 'a', 5)).toBe(0);
    clock.advanceSec(1);
    expect(taken(buckets, 'a', 5)).toBe(1);
  });

  it('never lets more through than its rate and one burst, however requests and pauses come', () => {
    const step = fc.record({ pauseMs: fc.integer({ min: 0, max: 3000 }), tries: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), fc.array(step, { maxLength: 30 }), (perSec, steps) => {
        const clock = testClock('2026-03-01T10:00:00Z');
        const buckets = new TokenBuckets({ perSec }, clock);
        let through = 0;
        let elapsedSec = 0;
        for (const { pauseMs, tries } of steps) {
          clock.advanceSec(pauseMs / 1000);
          elapsedSec += pauseMs / 1000;
          through += taken(buckets, 'a', tries);
          expect(through).toBeLessThanOrEqual(perSec * (2 + elapsedSec) + 1e-6);
        }
      }),
    );
  });

  it('never refuses who keeps below the rate', () => {
    const clock = testClock('2026-03-01T10:00:00Z');
    const buckets = new TokenBuckets({ perSec: 4 }, clock);
    for (let n = 0; n < 200; n += 1) {
      expect(buckets.take('steady')).toBe(true);
      clock.advanceSec(0.25);
    }
  });

  it('forgets who came before rather than to grow without end', () => {
    const buckets = new TokenBuckets({ perSec: 1 }, testClock('2026-03-01T10:00:00Z'));
    expect(taken(buckets, 'first', 5)).toBe(2);
    for (let n = 0; n < 10_000; n += 1) buckets.take(`flood-${n}`);
    expect(taken(buckets, 'first', 5)).toBe(2);
  });
});
