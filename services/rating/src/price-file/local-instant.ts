import { localClockOf, zoneOf } from '@tollwire/telecom';

/** A date and time as somebody wrote it: with an offset it is an instant, without one it waits for a zone. */
export interface WrittenInstant {
  /** What the clock on the wall shows, in µs since it showed 1970. */
  readonly localUs: number;
  /** How far that clock is ahead of UTC; undefined: by the clock of whoever it is about. */
  readonly offsetUs: number | undefined;
}

const DATE = String.raw`(\d{4}-\d\d-\d\d)`;
const TIME = String.raw`([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,6}))?)?`;
const FORM = new RegExp(`^${DATE}(?:T${TIME}(Z|[+-](?:[01]\\d|2[0-3]):[0-5]\\d)?)?$`);
const SECOND_US = 1_000_000;

/** Reads ISO 8601 from 1970 to 9999, up to microseconds; a date alone is its midnight. Undefined where it names no day or time. */
export function writtenInstantOf(text: string): WrittenInstant | undefined {
  const [, date, hours = '0', minutes = '0', seconds = '0', fraction = '', offset] = FORM.exec(text) ?? [];
  if (date === undefined || date < '1970') return undefined;
  const midnight = new Date(`${date}T00:00:00Z`);
  // A day that its month does not have is the next month's for Date.
  if (Number.isNaN(midnight.getTime()) || !midnight.toISOString().startsWith(date)) return undefined;
  const localSec = midnight.getTime() / 1000 + secondsOf(hours, minutes) + Number(seconds);
  return { localUs: localSec * SECOND_US + Number(fraction.padEnd(6, '0')), offsetUs: offset === undefined ? undefined : offsetUsOf(offset) };
}

/**
 * The instant in µs since 1970. Without an offset by the clocks of the IANA zone: a time that occurs twice is the earlier one,
 * a time that the clocks skip is as much later as they skip. Throws where {@link isTimeZone} would have said no.
 */
export function usOfWritten({ localUs, offsetUs }: WrittenInstant, timeZone: string): number {
  if (offsetUs !== undefined) return localUs - offsetUs;
  const clock = localClockOf(timeZone);
  if (clock === undefined) throw new RangeError(`there is no time zone ${timeZone}`);
  const localMs = Math.floor(localUs / 1000);
  return clock.utcMsOf(localMs) * 1000 + (localUs - localMs * 1000);
}

/** The day on which the clock on the wall showed it. */
export function dayOfWritten({ localUs }: WrittenInstant): { readonly year: number; readonly month: number; readonly day: number } {
  const shown = new Date(Math.floor(localUs / 1000));
  return { year: shown.getUTCFullYear(), month: shown.getUTCMonth() + 1, day: shown.getUTCDate() };
}

/** Whether there is such an IANA time zone. */
export function isTimeZone(name: string): boolean {
  return name !== '' && zoneOf(name).ok;
}

function offsetUsOf(offset: string): number {
  if (offset === 'Z') return 0;
  const [hours = '', minutes = ''] = offset.slice(1).split(':');
  return (offset.startsWith('-') ? -1 : 1) * secondsOf(hours, minutes) * SECOND_US;
}

function secondsOf(hours: string, minutes: string): number {
  return Number(hours) * 3600 + Number(minutes) * 60;
}
