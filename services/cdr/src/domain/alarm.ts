import { unreachable } from '@tollwire/core';

/** What an alarm measures. */
export const alarmTypes = ['ALOC', 'ASR', 'CIC', 'COST', 'MARGIN', 'SHORT', 'TRAFFIC'] as const;
export type AlarmType = (typeof alarmTypes)[number];

export const alarmConditions = [
  'less_than', 'greater_than', 'decrease_by_more_than', 'increase_by_more_than', 'percentage_decrease_by_more_than', 'percentage_increase_by_more_than',
] as const;
export type AlarmCondition = (typeof alarmConditions)[number];

/** Amounts and ratios of alarms are whole thousandths, as the documented columns hold them. */
export type Milli = bigint;

/** What a period amounts to, as far as alarms measure it. */
export interface Measured {
  readonly callCount: bigint;
  /** What an ASR and consecutive failed calls are of: calls, or of a carrier the attempts over it. */
  readonly attemptCount: bigint;
  readonly answeredCount: bigint;
  readonly shortCount: bigint;
  readonly talkUs: bigint;
  /** In the alarm's currency. */
  readonly buyNanos: bigint;
  readonly marginNanos: bigint;
  /** The longest row of attempts over one carrier that failed one after the other; undefined where nothing was tried. */
  readonly longestRun: { readonly carrierCode: string; readonly length: number } | undefined;
  /** How many periods this is the sum of: more than one for a rolling window. */
  readonly periods: bigint;
}

/**
 * The measure of an alarm; undefined where there is no data: fewer calls than the alarm asks for, or nothing to divide
 * by. Counts and amounts of a rolling window are the mean of its periods, ratios those of all its calls.
 */
export function measureOf(type: AlarmType, measured: Measured, callsMin: number): Milli | undefined {
  const { callCount, attemptCount, answeredCount, shortCount, talkUs, buyNanos, marginNanos, longestRun, periods } = measured;
  // A carrier over which calls are only tried, and never connected, has attempts and no calls.
  const isOfAttempts = type === 'ASR' || type === 'CIC';
  if ((isOfAttempts ? attemptCount : callCount) < BigInt(callsMin) * periods) return undefined;
  switch (type) {
    case 'ALOC':
      return quotient(talkUs, answeredCount * 1_000n);
    case 'ASR':
      return quotient(answeredCount * 100_000n, attemptCount);
    case 'SHORT':
      return quotient(shortCount * 100_000n, answeredCount);
    case 'CIC':
      return longestRun === undefined ? undefined : BigInt(longestRun.length) * 1_000n;
    case 'COST':
      return quotient(buyNanos, 1_000_000n * periods);
    case 'MARGIN':
      return quotient(marginNanos, 1_000_000n * periods);
    case 'TRAFFIC':
      return quotient(callCount * 1_000n, periods);
    default:
      return unreachable(type);
  }
}

export interface AlarmRule {
  readonly type: AlarmType;
  readonly condition: AlarmCondition;
  readonly threshold: Milli;
}

/** Whether an alarm's condition is about a change, so that it needs an earlier time to compare with. */
export function needsBaseline({ type, condition }: Pick<AlarmRule, 'type' | 'condition'>): boolean {
  return type !== 'CIC' && condition !== 'less_than' && condition !== 'greater_than';
}

/**
 * Whether somebody is to be told that an alarm fired upon a period, after the period that was told last. It goes by the ends of the periods, not by when
 * they were judged, so that an hour's throttle lets every hour through, and a back-test says what was told.
 */
export function isToldAfter(lastToldUntilUs: bigint | undefined, untilUs: bigint, throttleSec: number): boolean {
  return lastToldUntilUs === undefined || untilUs - lastToldUntilUs >= BigInt(throttleSec) * 1_000_000n;
}

export type Verdict = 'fired' | 'quiet' | 'no_data';

/**
 * What an alarm says of a measure. Consecutive failed calls fire when there are as many as the threshold, whatever the
 * condition; all else fires beyond it, not at it. No data fires nothing.
 */
export function verdictOf(rule: AlarmRule, measured: Milli | undefined, baseline: Milli | undefined): Verdict {
  if (measured === undefined) return 'no_data';
  if (rule.type === 'CIC') return fired(measured >= rule.threshold);
  switch (rule.condition) {
    case 'less_than':
      return fired(measured < rule.threshold);
    case 'greater_than':
      return fired(measured > rule.threshold);
    case 'decrease_by_more_than':
      return baseline === undefined ? 'no_data' : fired(baseline - measured > rule.threshold);
    case 'increase_by_more_than':
      return baseline === undefined ? 'no_data' : fired(measured - baseline > rule.threshold);
    case 'percentage_decrease_by_more_than':
      return byPercent(rule, baseline, measured, baseline !== undefined && measured < baseline);
    case 'percentage_increase_by_more_than':
      return byPercent(rule, baseline, measured, baseline !== undefined && measured > baseline);
    default:
      return unreachable(rule.condition);
  }
}

function byPercent(rule: AlarmRule, baseline: Milli | undefined, measured: Milli, isThatWay: boolean): Verdict {
  if (baseline === undefined) return 'no_data';
  const percent = percentageDifference(baseline, measured);
  return percent === undefined ? 'no_data' : fired(isThatWay && percent > rule.threshold);
}

function fired(is: boolean): Verdict {
  return is ? 'fired' : 'quiet';
}

/**
 * The percentage difference as documented: |a - b| by the mean of both, times 100, in thousandths of a percent. 100 and
 * 80 differ by 22.222 %, whichever of them was first; the change from 100 to 80 would be 20 %. Undefined where both are
 * zero. Amounts below zero, as a margin may be, count by their size in the mean.
 */
export function percentageDifference(a: Milli, b: Milli): Milli | undefined {
  const sum = absolute(a) + absolute(b);
  return quotient(absolute(a - b) * 200_000n, sum);
}

function absolute(value: bigint): bigint {
  return value < 0n ? -value : value;
}

/** Rounded half away from zero; undefined where there is nothing to divide by. */
function quotient(dividend: bigint, divisor: bigint): bigint | undefined {
  if (divisor === 0n) return undefined;
  const rounded = (absolute(dividend) * 2n + divisor) / (divisor * 2n);
  return dividend < 0n ? -rounded : rounded;
}
