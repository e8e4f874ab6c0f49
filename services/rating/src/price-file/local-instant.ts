import { zoneOf } from '@tollwire/telecom';
import { Temporal } from 'temporal-polyfill';

/** A date and time as somebody wrote it: with an offset it is an instant, without one it waits for a zone. */
export interface WrittenInstant {
  readonly local: Temporal.PlainDateTime;
  /** As `Z` or `+02:00`; undefined: by the clock of whoever it is about. */
  readonly offset: string | undefined;
}

const FORM = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)(Z|[+-]\d\d:\d\d)?)?$/;

/** Reads ISO 8601 from 1970 to 9999, up to microseconds; a date alone is its midnight. Undefined where it names no day or time. */
export function writtenInstantOf(text: string): WrittenInstant | undefined {
  const [, date, time = '00:00', offset] = FORM.exec(text) ?? [];
  if (date === undefined || date < '1970') return undefined;
  try {
    return { local: Temporal.PlainDateTime.from(`${date}T${time}`, { overflow: 'reject' }), offset };
  } catch {
    return undefined;
  }
}

/**
 * The instant in µs since 1970. Without an offset by the clocks of the IANA zone: a time that occurs twice is the earlier one,
 * a time that the clocks skip is as much later as they skip.
 */
export function usOfWritten({ local, offset }: WrittenInstant, timeZone: string): number {
  const there = local.toZonedDateTime(offset === undefined ? timeZone : offset === 'Z' ? 'UTC' : offset, { disambiguation: 'compatible' });
  return Number(there.epochNanoseconds / 1000n);
}

/** Whether there is such an IANA time zone. */
export function isTimeZone(name: string): boolean {
  return name !== '' && zoneOf(name).ok;
}
