import type { Zone } from './zone.ts';

const DAY_SEC = 86_400;
const DAY_US = DAY_SEC * 1_000_000;

/**
 * When a rate counts, by the local calendar and clock. An empty list means any. A window that begins after it ends runs past
 * midnight and belongs to the day on which it began; one that begins when it ends lasts a whole day from there.
 */
export interface TimeWindow {
  /** For people, and in explanations: `peak`. */
  readonly name: string;
  /** 1 (Monday) to 7 (Sunday), as ISO 8601. */
  readonly weekdays: readonly number[];
  /** 1 to 31. */
  readonly monthDays: readonly number[];
  /** 1 to 12. */
  readonly months: readonly number[];
  readonly years: readonly number[];
  /** Seconds after local midnight, inclusive. */
  readonly fromSec: number;
  /** Seconds after local midnight, exclusive; 86,400: until midnight. */
  readonly untilSec: number;
  /** Of windows that hold at an instant the heaviest counts, then the one that begins later in the day. */
  readonly weight: number;
}

/** Any time at all. */
export const ANY_TIME: TimeWindow = { name: '', weekdays: [], monthDays: [], months: [], years: [], fromSec: 0, untilSec: DAY_SEC, weight: 0 };

/** A local date and time of day. */
export interface LocalTime {
  /** Days since 1970-01-01. */
  readonly day: number;
  readonly secondOfDay: number;
}

/** What the clocks of a zone show at an instant. */
export function localTimeOf(zone: Zone, us: number): LocalTime {
  const localUs = us + zone.at(us).offsetUs;
  const day = Math.floor(localUs / DAY_US);
  return { day, secondOfDay: (localUs - day * DAY_US) / 1_000_000 };
}

/** Whether a window holds at a local time. */
export function holds(window: TimeWindow, { day, secondOfDay }: LocalTime): boolean {
  const { fromSec, untilSec } = window;
  if (fromSec < untilSec) return secondOfDay >= fromSec && secondOfDay < untilSec && onDay(window, day);
  return secondOfDay >= fromSec ? onDay(window, day) : secondOfDay < untilSec && onDay(window, day - 1);
}

function onDay({ weekdays, monthDays, months, years }: TimeWindow, day: number): boolean {
  if (weekdays.length > 0 && !weekdays.includes(weekdayOf(day))) return false;
  if (monthDays.length === 0 && months.length === 0 && years.length === 0) return true;
  const date = new Date(day * DAY_SEC * 1000);
  return has(monthDays, date.getUTCDate()) && has(months, date.getUTCMonth() + 1) && has(years, date.getUTCFullYear());
}

function has(list: readonly number[], value: number): boolean {
  return list.length === 0 || list.includes(value);
}

/** 1970-01-01 was a Thursday, the fourth day of a week. */
function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/** Of two windows that both hold, whether the first one counts. */
export function countsBefore(one: TimeWindow, other: TimeWindow): boolean {
  return one.weight > other.weight || (one.weight === other.weight && one.fromSec > other.fromSec);
}

/** A stretch of time, from (inclusive) until (exclusive), in µs, in which a window holds or does not. */
export interface WindowSpan {
  readonly fromUs: number;
  readonly untilUs: number;
  readonly holds: boolean;
}

const ALWAYS: WindowSpan = { fromUs: -Infinity, untilUs: Infinity, holds: true };

/**
 * A stretch around an instant in which a window holds, or in which it does not: between two of its bounds, midnights or
 * changes of clocks. What follows it may be alike.
 */
export function windowSpanAt(window: TimeWindow, zone: Zone, us: number): WindowSpan {
  if (isAnyTime(window)) return ALWAYS;
  const { fromUs, untilUs, offsetUs } = zone.at(us);
  const localUs = us + offsetUs;
  const midnightUs = Math.floor(localUs / DAY_US) * DAY_US;
  let [from, until] = [midnightUs, midnightUs + DAY_US];
  for (const sec of [window.fromSec, window.untilSec]) {
    const boundUs = midnightUs + sec * 1_000_000;
    if (boundUs <= localUs && boundUs > from) from = boundUs;
    if (boundUs > localUs && boundUs < until) until = boundUs;
  }
  return { fromUs: Math.max(from - offsetUs, fromUs), untilUs: Math.min(until - offsetUs, untilUs), holds: holds(window, localTimeOf(zone, us)) };
}

function isAnyTime({ weekdays, monthDays, months, years, fromSec, untilSec }: TimeWindow): boolean {
  return fromSec === 0 && untilSec === DAY_SEC && [weekdays, monthDays, months, years].every(({ length }) => length === 0);
}
