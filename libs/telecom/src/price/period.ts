import { localTimeOf } from './time-window.ts';
import type { Zone } from './zone.ts';

const DAY_SEC = 86_400;
const DAY_US = DAY_SEC * 1_000_000;

/** How often something begins anew. */
export type PeriodUnit = 'once' | 'day' | 'week' | 'month';

/** Periods by the local calendar: `anchorDay` is the first day of one of them. */
export interface Periods {
  readonly unit: PeriodUnit;
  readonly zone: Zone;
  /** Days since 1970-01-01. A month that is too short for its day of the month begins on its last day. */
  readonly anchorDay: number;
}

/** From (inclusive) until (exclusive), in µs; infinite for a period that there is only one of. */
export interface PeriodBounds {
  readonly fromUs: number;
  readonly untilUs: number;
}

/**
 * The number of the period that an instant lies in: 0 begins on the anchor, earlier ones are negative. A number stands for
 * its days for good, whatever becomes of the clocks.
 */
export function periodAt(periods: Periods, us: number): number {
  const { unit, zone } = periods;
  if (unit === 'once') return 0;
  const period = periodOfDay(periods, localTimeOf(zone, us).day);
  // Clocks that go back over midnight show the day before once more; the period that has begun goes on.
  return us >= dayBeginUs(zone, firstDayOf(periods, period + 1)) ? period + 1 : period;
}

/** When a period begins and ends: at the first instant of its first day, and of that of the next one. */
export function periodBounds(periods: Periods, period: number): PeriodBounds {
  if (periods.unit === 'once') return { fromUs: -Infinity, untilUs: Infinity };
  const at = (number: number) => dayBeginUs(periods.zone, firstDayOf(periods, number));
  return { fromUs: at(period), untilUs: at(period + 1) };
}

function periodOfDay({ unit, anchorDay, zone }: Periods, day: number): number {
  if (unit === 'day') return day - anchorDay;
  if (unit === 'week') return Math.floor((day - anchorDay) / 7);
  const period = monthOf(day) - monthOf(anchorDay);
  return day < firstDayOf({ unit, anchorDay, zone }, period) ? period - 1 : period;
}

function firstDayOf({ unit, anchorDay }: Periods, period: number): number {
  if (unit === 'day') return anchorDay + period;
  if (unit === 'week') return anchorDay + period * 7;
  const month = monthOf(anchorDay) + period;
  const lastDay = dayOfMonth(month + 1) - 1;
  return Math.min(dayOfMonth(month) + dateOf(anchorDay).getUTCDate() - 1, lastDay);
}

/** Months since January 1970. */
function monthOf(day: number): number {
  const date = dateOf(day);
  return (date.getUTCFullYear() - 1970) * 12 + date.getUTCMonth();
}

/** The first day of a month. */
function dayOfMonth(month: number): number {
  return Date.UTC(1970, month, 1) / (DAY_SEC * 1000);
}

function dateOf(day: number): Date {
  return new Date(day * DAY_SEC * 1000);
}

/** The first instant at which the clocks of a zone show this day: midnight, or where there is none what comes after it. */
function dayBeginUs(zone: Zone, day: number): number {
  const midnightUs = day * DAY_US;
  // No clock is a day ahead of UTC, so this is before the day begins anywhere.
  let span = zone.at(midnightUs - DAY_US);
  for (;;) {
    const us = Math.max(span.fromUs, midnightUs - span.offsetUs);
    if (us < span.untilUs) return us;
    span = zone.at(span.untilUs);
  }
}
