import { unreachable } from '@tollwire/core';

export const alarmPeriods = ['hour', 'day', 'week', 'month'] as const;
export type AlarmPeriod = (typeof alarmPeriods)[number];

/** What a change is measured from. */
export const alarmAddOns = ['same_day', 'same_day_in_pre_week', 'rolling'] as const;
export type AlarmAddOn = (typeof alarmAddOns)[number];

/** `[fromUs, untilUs)` in UTC. */
export interface Span {
  readonly fromUs: bigint;
  readonly untilUs: bigint;
  /** How many periods it is made of. */
  readonly periods: bigint;
}

const hourUs = 3_600_000_000n;
const dayUs = 24n * hourUs;
const weekUs = 7n * dayUs;
/** 1970-01-01 was a Thursday; weeks begin on Monday (ISO 8601). */
const firstMondayUs = 4n * dayUs;

/** The last period that was over at `atUs`. */
export function lastPeriod(period: AlarmPeriod, atUs: bigint): Span {
  const untilUs = beginOf(period, atUs);
  return { fromUs: shifted(period, untilUs, -1), untilUs, periods: 1n };
}

/** Every whole period within `[fromUs, untilUs)`, the earliest first, at most `limit` of them. */
export function periodsIn(period: AlarmPeriod, fromUs: bigint, untilUs: bigint, limit: number): Span[] {
  const spans: Span[] = [];
  const begin = beginOf(period, fromUs);
  for (let at = begin === fromUs ? begin : shifted(period, begin, 1); spans.length < limit; ) {
    const next = shifted(period, at, 1);
    if (next > untilUs) break;
    spans.push({ fromUs: at, untilUs: next, periods: 1n });
    at = next;
  }
  return spans;
}

/** Periods of a rolling window: a day of hours, a week of days, four weeks, three months. */
const rolling: Readonly<Record<AlarmPeriod, number>> = { hour: 24, day: 7, week: 4, month: 3 };

/**
 * The earlier time that a period is compared with. `same_day` is the same hour of the day before, else the period before;
 * `same_day_in_pre_week` the same hour or day a week before, else the period before; `rolling` the periods just before.
 */
export function baselineSpan(period: AlarmPeriod, addOn: AlarmAddOn, { fromUs, untilUs }: Span): Span {
  switch (addOn) {
    case 'same_day':
      return period === 'hour' ? earlier(fromUs, untilUs, dayUs) : before(period, fromUs, 1);
    case 'same_day_in_pre_week':
      return period === 'hour' || period === 'day' ? earlier(fromUs, untilUs, weekUs) : before(period, fromUs, 1);
    case 'rolling':
      return before(period, fromUs, rolling[period]);
    default:
      return unreachable(addOn);
  }
}

function earlier(fromUs: bigint, untilUs: bigint, byUs: bigint): Span {
  return { fromUs: fromUs - byUs, untilUs: untilUs - byUs, periods: 1n };
}

function before(period: AlarmPeriod, fromUs: bigint, count: number): Span {
  return { fromUs: shifted(period, fromUs, -count), untilUs: fromUs, periods: BigInt(count) };
}

function beginOf(period: AlarmPeriod, atUs: bigint): bigint {
  switch (period) {
    case 'hour':
      return atUs - (atUs % hourUs);
    case 'day':
      return atUs - (atUs % dayUs);
    case 'week':
      return atUs - ((atUs - firstMondayUs) % weekUs);
    case 'month':
      return monthUs(atUs, 0);
    default:
      return unreachable(period);
  }
}

function shifted(period: AlarmPeriod, beginUs: bigint, by: number): bigint {
  const length = { hour: hourUs, day: dayUs, week: weekUs };
  return period === 'month' ? monthUs(beginUs, by) : beginUs + BigInt(by) * length[period];
}

const secUs = 1_000_000n;

/** The beginning of the month of an instant, moved by whole months. */
function monthUs(atUs: bigint, by: number): bigint {
  const { year, month } = monthOf(Number(atUs / dayUs));
  return BigInt(Date.UTC(year, month + by, 1)) * (secUs / 1_000n);
}

function monthOf(days: number): { year: number; month: number } {
  let year = Math.floor(days / 365.2425) + 1970;
  while (Date.UTC(year, 0, 1) > days * 86_400_000) year -= 1;
  while (Date.UTC(year + 1, 0, 1) <= days * 86_400_000) year += 1;
  let month = 11;
  while (Date.UTC(year, month, 1) > days * 86_400_000) month -= 1;
  return { year, month };
}
