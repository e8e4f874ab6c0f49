import { ANY_TIME, type TimeWindow } from '@tollwire/telecom';

const DAY_SEC = 86_400;
const WEIGHT_MAX = 1_000_000;
/** Alternatives of one text; a rate counts in each. */
const WINDOWS_MAX = 100;
/** A window that says something counts before a rate for any time, whenever either begins. */
const WEIGHT_UNLESS_SAID = 1;

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const MONTHS = [
  'january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december',
] as const;

/** What a window may be called. */
export const windowName = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._/&+-]{0,58}[\p{L}\p{N}.+])?$/u;

type Parts = { -readonly [Name in keyof TimeWindow]?: TimeWindow[Name] } & { dates?: readonly CalendarDate[] };

interface CalendarDate {
  readonly year: number;
  readonly month: number;
  readonly day: number;
}

/**
 * The windows that a text says: `mon-fri 08:00-20:00`, `jan-mar,dec d1-15,24 2026-2027`, `2026-12-25,2027-01-01 *10`, with `or`
 * between several, and a name before: `peak: mon-fri 08:00-20:00`. Undefined within the list is any time; undefined for the whole is
 * a text that says none. The order of parts within a window is free; each is there once at most.
 */
export function windowsOfText(text: string, called = ''): readonly (TimeWindow | undefined)[] | undefined {
  const [, given, rest = ''] = /^([^:]+):(?:\s+(.*))?$/su.exec(text.trim()) ?? [undefined, undefined, text.trim()];
  const name = given?.trim() ?? called;
  if (name !== '' && !windowName.test(name)) return undefined;
  const windows: (TimeWindow | undefined)[] = [];
  for (const alternative of rest.replaceAll(/\s*([-–,])\s*/g, (_, mark: string) => (mark === ',' ? ',' : '-')).split(/\s+or\s+/i)) {
    const parts = partsOf(alternative);
    if (parts === undefined) return undefined;
    windows.push(...windowsOfParts(parts, name));
  }
  return windows.length > WINDOWS_MAX ? undefined : windows;
}

function windowsOfParts({ dates, ...parts }: Parts, name: string): (TimeWindow | undefined)[] {
  const isAnyTime = dates === undefined && Object.keys(parts).every((part) => part === 'weight');
  if (isAnyTime && name === '' && parts.weight === undefined) return [undefined];
  const shared = { ...ANY_TIME, weight: isAnyTime ? 0 : WEIGHT_UNLESS_SAID, ...parts, name };
  if (dates === undefined) return [shared];
  return dates.map(({ year, month, day }) => ({ ...shared, years: [year], months: [month], monthDays: [day] }));
}

function partsOf(text: string): Parts | undefined {
  const parts: Parts = {};
  for (const word of text.trim().toLowerCase().split(/\s+/).filter((each) => each !== '')) {
    const part = partOf(word);
    if (part === undefined || Object.keys(part).some((name) => name in parts)) return undefined;
    Object.assign(parts, part);
  }
  const { dates, years, months, monthDays } = parts;
  return dates !== undefined && (years ?? months ?? monthDays) !== undefined ? undefined : parts;
}

function partOf(word: string): Parts | undefined {
  if (/^(?:any|all|always|24h|24\/7)$/.test(word)) return {};
  if (/^weekends?$/.test(word)) return { weekdays: [6, 7] };
  if (/^(?:weekdays?|workdays?)$/.test(word)) return { weekdays: [1, 2, 3, 4, 5] };
  if (word.includes(':')) return hoursOf(word);
  if (word.startsWith('*')) return weightOf(word.slice(1));
  if (/^\d{4}-\d\d-\d\d/.test(word)) return datesOf(word);
  if (/^\d{4}/.test(word)) return listed('years', word, (text) => numberIn(text, 1970, 9999));
  if (/^d\d/.test(word)) return listed('monthDays', word.slice(1), (text) => numberIn(text, 1, 31));
  return listed('weekdays', word, (text) => nameAmong(DAYS, text), DAYS.length) ?? listed('months', word, (text) => nameAmong(MONTHS, text), MONTHS.length);
}

function hoursOf(word: string): Parts | undefined {
  const [from, until, more] = word.split('-').map(timeOfDayOf);
  if (from === undefined || until === undefined || more !== undefined || from === DAY_SEC || word.split('-').length !== 2) return undefined;
  // Midnight is the end of a day that something lasts until.
  return { fromSec: from, untilSec: until === 0 ? DAY_SEC : until };
}

function timeOfDayOf(text: string): number | undefined {
  const [, hours, minutes, seconds = '0'] = /^(\d{1,2}):([0-5]\d)(?::([0-5]\d))?$/.exec(text) ?? [];
  const sec = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  return sec <= DAY_SEC ? sec : undefined;
}

function weightOf(text: string): Parts | undefined {
  const weight = numberIn(text, 0, WEIGHT_MAX);
  return weight === undefined ? undefined : { weight };
}

function datesOf(word: string): Parts | undefined {
  const dates: CalendarDate[] = [];
  for (const text of word.split(',')) {
    const [, year, month, day] = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text)?.map(Number) ?? [];
    if (year === undefined || month === undefined || day === undefined || !isDay(year, month, day)) return undefined;
    dates.push({ year, month, day });
  }
  return { dates };
}

function isDay(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  return year >= 1970 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** Numbers and ranges of them, by commas; a range of names may run over the end of the week or year. */
function listed(part: 'weekdays' | 'months' | 'monthDays' | 'years', word: string, valueOf: (text: string) => number | undefined, turn = 0): Parts | undefined {
  const values = new Set<number>();
  for (const text of word.split(',')) {
    const [first, last = first, more] = text.split('-').map(valueOf);
    if (first === undefined || last === undefined || more !== undefined || text.split('-').length > 2) return undefined;
    if (turn === 0 && last < first) return undefined;
    for (let value = first; value !== last; value = turn === 0 ? value + 1 : (value % turn) + 1) values.add(value);
    values.add(last);
  }
  return { [part]: [...values].sort((one, other) => one - other) };
}

function numberIn(text: string, min: number, max: number): number | undefined {
  const value = /^\d{1,7}$/.test(text) ? Number(text) : NaN;
  return value >= min && value <= max ? value : undefined;
}

/** A name, or at least its first three letters. */
function nameAmong(names: readonly string[], text: string): number | undefined {
  const at = text.length < 3 ? -1 : names.findIndex((name) => name.startsWith(text));
  return at < 0 ? undefined : at + 1;
}

/** A window as text that `windowsOfText` reads as the same; empty for any time. */
export function windowText(window: TimeWindow | undefined): string {
  if (window === undefined) return '';
  const { name, weekdays, monthDays, months, years, fromSec, untilSec, weight } = window;
  const said = [
    rangesOf(weekdays, (day) => DAYS[day - 1]?.slice(0, 3) ?? ''),
    rangesOf(months, (month) => MONTHS[month - 1]?.slice(0, 3) ?? ''),
    monthDays.length === 0 ? '' : `d${rangesOf(monthDays, String)}`,
    rangesOf(years, String),
    fromSec === 0 && untilSec === DAY_SEC ? '' : `${timeText(fromSec)}-${timeText(untilSec)}`,
  ].filter((part) => part !== '');
  const text = said.length === 0 ? ['any'] : said;
  const weighed = weight === (said.length === 0 ? 0 : WEIGHT_UNLESS_SAID) && (said.length > 0 || name !== '') ? text : [...text, `*${weight}`];
  return `${name === '' ? '' : `${name}: `}${weighed.join(' ')}`;
}

function rangesOf(values: readonly number[], nameOf: (value: number) => string): string {
  const ranges: { first: number; last: number }[] = [];
  for (const value of [...values].sort((one, other) => one - other)) {
    const range = ranges.at(-1);
    if (range?.last === value - 1) range.last = value;
    else ranges.push({ first: value, last: value });
  }
  return ranges.map(({ first, last }) => (first === last ? nameOf(first) : `${nameOf(first)}-${nameOf(last)}`)).join(',');
}

function timeText(sec: number): string {
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return `${two(sec / 3600)}:${two((sec % 3600) / 60)}${sec % 60 === 0 ? '' : `:${two(sec % 60)}`}`;
}
