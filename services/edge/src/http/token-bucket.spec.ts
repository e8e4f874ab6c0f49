import { describe, expect, it } from '@jest/globals';
import { testClock } from '@tollwire/testing';
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
});
