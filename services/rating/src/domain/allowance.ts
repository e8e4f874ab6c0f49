import type { InstantUs } from '@tollwire/core';
import { type Allowance, type CoveredFees, NO_ALLOWANCE, periodAt, periodBounds, type Periods } from '@tollwire/telecom';

/** Free seconds that somebody was granted, for themselves or as one of all who pay by a plan. It never changes. */
export interface Grant {
  readonly grantId: string;
  /** In the order in which grants were made. */
  readonly number: number;
  /** The bundle, or what a one-off grant is called. */
  readonly name: string;
  /** Free seconds in each period. */
  readonly secPerPeriod: number;
  readonly periods: Periods;
  /** Destinations by their prefixes; none: all. */
  readonly prefixes: readonly string[];
  /** The heaviest is used first. */
  readonly weight: number;
  readonly covers: CoveredFees;
  /** Calls that begin from here (inclusive) until there (exclusive) may use it. */
  readonly validFromUs: number;
  readonly validUntilUs: number;
}

/** What one party has of a grant in one period: the seconds that can be used up. */
export interface Bucket {
  readonly grant: Grant;
  readonly period: number;
  /** When it cannot be used any more: the end of its period, or of the grant. */
  readonly expiresAtUs: number;
}

/** Seconds taken out of a bucket by one call. */
export interface Draw {
  readonly bucket: Bucket;
  readonly sec: number;
}

/**
 * The buckets that a call may use which begins at an instant, in the order in which they are used: by weight, the heaviest
 * first, then by expiry, then as they were granted. A call that crosses the end of a period uses the one that it began in.
 * Without a number, those for whatever destination.
 */
export function bucketsFor(grants: readonly Grant[], at: InstantUs, e164: string | undefined): Bucket[] {
  return grants
    .filter((grant) => at >= grant.validFromUs && at < grant.validUntilUs && (e164 === undefined || reaches(grant, e164)))
    .map((grant) => bucketAt(grant, at))
    .toSorted((one, other) => other.grant.weight - one.grant.weight || ascending(one.expiresAtUs, other.expiresAtUs) || one.grant.number - other.grant.number);
}

function reaches({ prefixes }: Grant, e164: string): boolean {
  return prefixes.length === 0 || prefixes.some((prefix) => e164.startsWith(prefix));
}

function bucketAt(grant: Grant, at: InstantUs): Bucket {
  return bucketOf(grant, periodAt(grant.periods, at));
}

/** What a grant gives in one of its periods. */
export function bucketOf(grant: Grant, period: number): Bucket {
  return { grant, period, expiresAtUs: Math.min(periodBounds(grant.periods, period).untilUs, grant.validUntilUs) };
}

/** Takes seconds out of buckets in their order, from each as much as there is. Buckets of which nothing is taken are left out. */
export function drawFrom(buckets: readonly Bucket[], availableSecOf: (bucket: Bucket) => number, sec: number): Draw[] {
  const draws: Draw[] = [];
  let left = sec;
  for (const bucket of buckets) {
    if (left <= 0) break;
    const taken = Math.min(left, availableSecOf(bucket));
    if (taken > 0) draws.push({ bucket, sec: taken });
    left -= Math.max(0, taken);
  }
  return draws;
}

/** The first of these draws, up to so many seconds in all. */
export function firstOf(draws: readonly Draw[], sec: number): Draw[] {
  const drawn = new Map(draws.map((draw) => [draw.bucket, draw.sec]));
  return drawFrom([...drawn.keys()], (bucket) => drawn.get(bucket) ?? 0, sec);
}

/** What draws come to as one allowance. Of the fees those are covered that each of the grants covers. */
export function allowanceOf(draws: readonly Draw[]): Allowance {
  if (draws.length === 0) return NO_ALLOWANCE;
  const covered = draws.map(({ bucket }) => breadth.indexOf(bucket.grant.covers));
  return { sec: draws.reduce((sum, { sec }) => sum + sec, 0), covers: breadth[Math.min(...covered)] ?? 'none' };
}

const breadth: readonly CoveredFees[] = ['none', 'connect', 'all'];

/** Infinity is as late as Infinity. */
function ascending(one: number, other: number): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
