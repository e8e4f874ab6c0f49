import type { InstantUs } from '@tollwire/core';
import { clocksDifferUs } from './clocks.ts';

/** How an account is in use: kept beside its credit, changed under the same lock. Windows are those of the clock, in UTC. */
export interface Usage {
  /** Open reservations: each is the lease of a call, which ends by settlement, release or time. */
  readonly openCalls: number;
  /** The second of the latest call that was let through, since 1970, and how many were in it. */
  readonly secondNo: number;
  readonly callsInSecond: number;
  /** The hour and the day of the latest charge, since 1970, and what was charged in them. */
  readonly hourNo: number;
  readonly spentInHourNanos: bigint;
  readonly dayNo: number;
  readonly spentInDayNanos: bigint;
}

/** Nothing is in use. */
export const NO_USAGE: Usage = { openCalls: 0, secondNo: 0, callsInSecond: 0, hourNo: 0, spentInHourNanos: 0n, dayNo: 0, spentInDayNanos: 0n };

/** The dialling limits of an account; null is without limit. Amounts are nanos of its currency. */
export interface DialLimits {
  readonly concurrentCallsMax: number | null;
  readonly callsPerSecMax: number | null;
  readonly callSecMax: number | null;
  readonly spendPerHourMaxNanos: bigint | null;
  readonly spendPerDayMaxNanos: bigint | null;
  /** A call begins only where at least so much is free. */
  readonly creditToCallMinNanos: bigint | null;
}

/** No limits. */
export const NO_LIMITS: DialLimits = {
  concurrentCallsMax: null, callsPerSecMax: null, callSecMax: null, spendPerHourMaxNanos: null, spendPerDayMaxNanos: null, creditToCallMinNanos: null,
};

/** Which limit is reached, how high it is, and when to try again; 0 where a call that ends makes room. */
export interface LimitReached {
  readonly code: 'limit_reached';
  readonly facts: { readonly limit: LimitName; readonly max: string; readonly retryAtUs: string };
}

export type SpendLimit = 'spend_per_hour' | 'spend_per_day';
export type LimitName = 'concurrent_calls' | 'calls_per_sec' | SpendLimit;

/** The lengths of the windows, in microseconds. */
const secondUs = 1_000_000;
const hourUs = 3_600 * secondUs;
const dayUs = 24 * hourUs;

/**
 * The window that something at `at` counts to: that of the clock, or the next one where the clock of another instance has begun it. Counts never go
 * back to a window that was left, because what is in the later one would be forgotten, and twice as much would go through around a boundary. A
 * clock that was far ahead is not followed.
 */
function windowAt(latestNo: number, at: InstantUs, lengthUs: number): number {
  const no = Math.floor(at / lengthUs);
  return latestNo > no && latestNo * lengthUs - at < clocksDifferUs ? latestNo : no;
}

/** Null where one more call may begin at `at`, whatever it costs. */
export function refusalByUse(usage: Usage, limits: DialLimits, at: InstantUs): LimitReached | null {
  const { concurrentCallsMax, callsPerSecMax } = limits;
  if (concurrentCallsMax !== null && usage.openCalls >= concurrentCallsMax) return reached('concurrent_calls', concurrentCallsMax, 0);
  const secondNo = windowAt(usage.secondNo, at, secondUs);
  const calls = usage.secondNo === secondNo ? usage.callsInSecond : 0;
  if (callsPerSecMax !== null && calls >= callsPerSecMax) return reached('calls_per_sec', callsPerSecMax, (secondNo + 1) * secondUs);
  return null;
}

/** What may still be reserved within the spend limits, and by which; null where there are none. */
export interface Spendable {
  readonly nanos: bigint;
  readonly limit: SpendLimit;
  /** The refusal where that does not do. */
  readonly refusal: LimitReached;
}

/** The narrower of the limits per hour and per day. What is reserved counts as if it were spent in the window of `at`. */
export function spendableAt(usage: Usage, limits: DialLimits, reservedNanos: bigint, at: InstantUs): Spendable | null {
  const { hourNanos, dayNanos } = spentAt(usage, at);
  const windows = [
    { limit: 'spend_per_hour' as const, max: limits.spendPerHourMaxNanos, spent: hourNanos, lengthUs: hourUs, latestNo: usage.hourNo },
    { limit: 'spend_per_day' as const, max: limits.spendPerDayMaxNanos, spent: dayNanos, lengthUs: dayUs, latestNo: usage.dayNo },
  ];
  let narrowest: Spendable | null = null;
  for (const { limit, max, spent, lengthUs, latestNo } of windows) {
    if (max === null) continue;
    const nanos = max - spent - reservedNanos;
    if (narrowest !== null && nanos >= narrowest.nanos) continue;
    narrowest = { nanos, limit, refusal: reached(limit, max, (windowAt(latestNo, at, lengthUs) + 1) * lengthUs) };
  }
  return narrowest;
}

/** What was charged in the hour and the day of `at`. */
export function spentAt(usage: Pick<Usage, 'hourNo' | 'spentInHourNanos' | 'dayNo' | 'spentInDayNanos'>, at: InstantUs): { readonly hourNanos: bigint; readonly dayNanos: bigint } {
  return {
    hourNanos: usage.hourNo === windowAt(usage.hourNo, at, hourUs) ? usage.spentInHourNanos : 0n,
    dayNanos: usage.dayNo === windowAt(usage.dayNo, at, dayUs) ? usage.spentInDayNanos : 0n,
  };
}

/** One more call was let through. */
export function callOpened(usage: Usage, at: InstantUs): Usage {
  const secondNo = windowAt(usage.secondNo, at, secondUs);
  const callsInSecond = usage.secondNo === secondNo ? usage.callsInSecond + 1 : 1;
  return { ...usage, openCalls: usage.openCalls + 1, secondNo, callsInSecond };
}

/** The lease of a call ended. (Never below 0: an instance of a version before may have opened calls without counting them.) */
export function callClosed(usage: Usage): Usage {
  return { ...usage, openCalls: Math.max(0, usage.openCalls - 1) };
}

/** Something was charged, or given back. A correction never makes room beyond the limit of its window. */
export function amountSpent(usage: Usage, postedNanos: bigint, at: InstantUs): Usage {
  const { hourNanos, dayNanos } = spentAt(usage, at);
  return {
    ...usage,
    hourNo: windowAt(usage.hourNo, at, hourUs),
    spentInHourNanos: notBelowZero(hourNanos + postedNanos),
    dayNo: windowAt(usage.dayNo, at, dayUs),
    spentInDayNanos: notBelowZero(dayNanos + postedNanos),
  };
}

function notBelowZero(nanos: bigint): bigint {
  return nanos < 0n ? 0n : nanos;
}

function reached(limit: LimitName, max: number | bigint, retryAtUs: number): LimitReached {
  return { code: 'limit_reached', facts: { limit, max: String(max), retryAtUs: String(retryAtUs) } };
}
