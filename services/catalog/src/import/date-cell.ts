import type { LocalClock } from '@tollwire/telecom';

/** Which of two numbers before a year is the day, where a file writes dates without saying so. */
export const dateOrders = ['iso', 'dmy', 'mdy'] as const;
export type DateOrder = (typeof dateOrders)[number];

export interface DateReaderOptions {
  readonly order: DateOrder;
  /** Whose midnight a date is, and whose time a time without zone. */
  readonly clock: LocalClock;
  /** Spreadsheets count days: from this day (ms since 1970) on; null where numbers are no dates. */
  readonly serialFromMs: number | null;
}

/** An instant in µs, 0 where the text is empty, Infinity for a date beyond 2200, undefined where it is no date. */
export type DateReader = (text: string) => number | undefined;

interface Day {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

const DAY_MS = 86_400_000;
const LAST_MS = Date.UTC(2200, 0, 1);
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const yearFirst = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})/;
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})/;
const named = /^(\d{1,2})[- ]([a-z]{3})[a-z]*[- ,]+(\d{4})/i;
const timeOfDay = /^[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d{0,3})?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;

/**
 * Makes the reader of a file's dates: ISO 8601, `2026/12/31`, `31-Dec-2026`, and, in the order that is said, `31.12.2026`
 * or `12/31/2026`; each with a time after it or without. From 1970 on. Never guesses which number is the day.
 */
export function dateReader({ order, clock, serialFromMs }: DateReaderOptions): DateReader {
  return (text) => {
    if (text === '') return 0;
    const ms = serialFromMs !== null && /^\d{1,6}(?:\.\d+)?$/.test(text) ? localOf(serialFromMs, text, clock) : written(text, order, clock);
    if (ms === undefined || ms <= 0) return undefined;
    return ms > LAST_MS ? Infinity : ms * 1000;
  };
}

/** Days since the spreadsheet's first one, with the time of day as their fraction, to the second. */
function localOf(serialFromMs: number, text: string, clock: LocalClock): number {
  return clock.utcMsOf(serialFromMs + Math.round(Number(text) * 86_400) * 1000);
}

function written(text: string, order: DateOrder, clock: LocalClock): number | undefined {
  const found = dayOf(text, order);
  if (found === undefined) return undefined;
  const midnightMs = Date.UTC(found.day.year, found.day.month - 1, found.day.day);
  // Date.UTC takes 30 February for 1 March.
  const date = new Date(midnightMs);
  if (date.getUTCDate() !== found.day.day || date.getUTCMonth() + 1 !== found.day.month) return undefined;
  if (found.rest === '') return clock.utcMsOf(midnightMs);
  const match = timeOfDay.exec(found.rest);
  if (match === null) return undefined;
  const [, hours = '', minutes = '', seconds = '0', fraction = '', zone] = match;
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return undefined;
  const localMs = midnightMs + ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000 + Number(fraction.padEnd(3, '0'));
  return zone === undefined ? clock.utcMsOf(localMs) : offsetFrom(localMs, zone);
}

function dayOf(text: string, order: DateOrder): { readonly day: Day; readonly rest: string } | undefined {
  const iso = yearFirst.exec(text);
  if (iso !== null) return { day: { year: Number(iso[1]), month: Number(iso[3]), day: Number(iso[4]) }, rest: text.slice(iso[0].length) };
  const name = named.exec(text);
  if (name !== null) {
    const month = months.indexOf((name[2] ?? '').toLowerCase()) + 1;
    return month === 0 ? undefined : { day: { year: Number(name[3]), month, day: Number(name[1]) }, rest: text.slice(name[0].length) };
  }
  const numbers = order === 'iso' ? null : yearLast.exec(text);
  if (numbers === null) return undefined;
  const [first, second] = [Number(numbers[1]), Number(numbers[3])];
  const [day, month] = order === 'dmy' ? [first, second] : [second, first];
  return { day: { year: Number(numbers[4]), month, day }, rest: text.slice(numbers[0].length) };
}

function offsetFrom(localMs: number, zone: string): number | undefined {
  if (zone.toUpperCase() === 'Z') return localMs;
  const [hours, minutes] = [Number(zone.slice(1, 3)), Number(zone.slice(-2))];
  if (hours > 23 || minutes > 59) return undefined;
  const offsetMs = (hours * 60 + minutes) * 60_000;
  return zone.startsWith('-') ? localMs + offsetMs : localMs - offsetMs;
}

/** Day 0 of spreadsheets: they take 1900 for a leap year, so that from March 1900 on it is this one. */
export const serialFrom1900Ms = Date.UTC(1899, 11, 30);
/** Day 0 of spreadsheets of old Macintoshes. */
export const serialFrom1904Ms = serialFrom1900Ms + 1462 * DAY_MS;
