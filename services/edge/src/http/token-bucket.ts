import type { Clock } from '@tollwire/core';

/** How much one key may ask: so many requests a second, and twice as many at once after a pause. */
export interface RateLimit {
  readonly perSec: number;
}

interface Bucket {
  tokens: number;
  filledUs: number;
}

const keysMax = 10_000;

/** A token bucket for each key, in the memory of this instance. */
export class TokenBuckets {
  private readonly perSec: number;
  private readonly clock: Clock;
  private readonly buckets = new Map<string, Bucket>();

  constructor({ perSec }: RateLimit, clock: Clock) {
    this.perSec = perSec;
    this.clock = clock;
  }

  /** Takes one token of this key; false where none is left. */
  take(keyId: string): boolean {
    const bucket = this.bucketOf(keyId);
    if (bucket.tokens < 1) return false;
    bucket.tokens -= 1;
    return true;
  }

  private bucketOf(keyId: string): Bucket {
    const nowUs = this.clock.nowUs();
    const full = this.perSec * 2;
    const bucket = this.buckets.get(keyId);
    if (bucket === undefined) {
      if (this.buckets.size >= keysMax) this.buckets.clear();
      const fresh = { tokens: full, filledUs: nowUs };
      this.buckets.set(keyId, fresh);
      return fresh;
    }
    const elapsedUs = Math.max(0, nowUs - bucket.filledUs);
    bucket.tokens = Math.min(full, bucket.tokens + (elapsedUs * this.perSec) / 1_000_000);
    bucket.filledUs = nowUs;
    return bucket;
  }
}
