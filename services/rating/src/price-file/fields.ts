import { exchangeDecimalOf, nanosOf } from '@tollwire/telecom';
import { z } from 'zod';
import { dayOfWritten, isTimeZone, writtenInstantOf } from './local-instant.ts';

/** Longer than anything that a rate counts in seconds is meant. */
const DAY_SEC = 86_400;

/** Decimal text as nanos, so that nothing is rounded on the way in; never negative. */
export const amount = z
  .string('must be an amount as decimal text, such as "0.0125"')
  .regex(/^\d{1,10}(\.\d+)?$/, 'must be an amount as decimal text, such as "0.0125", and not negative')
  .transform((text, context) => {
    const read = nanosOf(text);
    if (read.ok) return read.value;
    context.addIssue('must have at most nine decimals and be at most 9223372036.854775807');
    return z.NEVER;
  })
  .meta({ description: 'An amount in units of the currency, as decimal text with at most nine decimals.' });

/** What one unit of a currency is worth in another, exactly. */
export const exchangeDecimal = z
  .string('must be an exchange rate as decimal text, such as "1.0842"')
  .transform((text, context) => {
    const read = exchangeDecimalOf(text);
    if (read.ok) return read.value;
    context.addIssue('must be an exchange rate as decimal text above 0, of at most 18 digits, such as "1.0842"');
    return z.NEVER;
  })
  .meta({ description: 'An exchange rate above 0, as decimal text of at most 18 digits.' });

/** Cents as decimal text, as nanos. */
export const cents = z
  .string('must be cents as decimal text, such as "12.5"')
  .regex(/^\d{1,10}(\.\d{1,7})?$/, 'must be cents as decimal text with at most seven decimals, such as "12.5"')
  .transform((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return BigInt(whole) * 10_000_000n + BigInt(fraction.padEnd(7, '0'));
  })
  .meta({ description: 'Cents per minute, as decimal text.' });

/** A percentage as ten-thousandths of a percent. */
export const percent = z
  .string('must be a percentage as decimal text, such as "23"')
  .regex(/^\d{1,4}(\.\d{1,4})?$/, 'must be a percentage as decimal text with at most four decimals, such as "7.5"')
  .transform((text) => {
    const [whole = '', fraction = ''] = text.split('.');
    return Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'));
  })
  .refine((ppm) => ppm <= 10_000_000, 'must be at most 1000')
  .meta({ description: 'A percentage from 0 to 1000, as decimal text.' });

/** Whole seconds, up to a day. */
export const seconds = z.int().min(0).max(DAY_SEC);

/** Whole seconds that something lasts, at least one. */
export const lengthSec = z.int().min(1).max(DAY_SEC);

/** A name that something else in the document, or a person, knows it by. */
export const name = z.string().min(1).max(128);

/** An ISO 4217 code. */
export const currency = z.string().regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code of three capital letters');

/** The clocks that windows, and times without an offset, go by. */
export const timeZone = z
  .string()
  .refine(isTimeZone, 'must be the name of an IANA time zone, such as "Europe/Madrid"')
  .meta({ description: 'An IANA time zone, such as "Europe/Madrid".' });

/** A date and time, with an offset or by the clocks of the plan. */
export const writtenInstant = z
  .string()
  .transform((text, context) => {
    const read = writtenInstantOf(text);
    if (read !== undefined) return read;
    context.addIssue('must be an ISO 8601 date and time with at most six decimals, such as "2026-03-14T09:26:53"');
    return z.NEVER;
  })
  .meta({ description: 'ISO 8601, up to microseconds; without an offset by the clocks of the plan; a date alone is its midnight.' });

/** When something about a call was: no clock of a switch is right before 2000, and microseconds are exact until 2255. */
export const callInstant = writtenInstant.refine((written) => {
  const { year } = dayOfWritten(written);
  return year >= 2000 && year < 2200;
}, 'must lie between 2000 and 2200');

/** A day of the calendar. */
export const date = z
  .string()
  .regex(/^\d{4}-\d\d-\d\d$/, 'must be a date, such as "2026-12-25"')
  .transform((text, context) => {
    const read = writtenInstantOf(text);
    if (read !== undefined) return dayOfWritten(read);
    context.addIssue('must be a day that there is, from 1970 on');
    return z.NEVER;
  });

/** A local time of day as seconds after midnight. */
export const timeOfDay = z
  .string()
  .regex(/^(([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?|24:00(:00)?)$/, 'must be a time of day from "00:00" to "24:00"')
  .transform((text) => {
    const [hours = 0, minutes = 0, secs = 0] = text.split(':').map(Number);
    return hours * 3600 + minutes * 60 + secs;
  });

/** When a window of the day begins: midnight is its beginning, never its end. */
export const timeOfDayFrom = timeOfDay.refine((sec) => sec < DAY_SEC, 'must be before "24:00"');

const digits = z.string().regex(/^[1-9]\d{0,14}$/, 'must be 1 to 15 digits that do not begin with 0');

/** One prefix, or several that have the same rate. */
export const prefixes = z.union([digits.transform((one) => [one]), z.array(digits).min(1)]);

const DAY_NAMES = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;

/** Days of the week: numbers from 1 (Monday) to 7, or names and ranges of names, such as `Mon-Fri` or `Sat,Sun`; `*` is any. */
export const weekdays = z.union([z.array(z.int().min(1).max(7)).min(1), z.string().transform((text, context) => {
  const days = text === '*' ? [] : daysOf(text);
  if (days !== undefined) return days;
  context.addIssue('must be days of the week, such as "Mon-Fri" or "Sat,Sun"');
  return z.NEVER;
})]);

/** A range may run over the end of the week: `Fri-Mon` is Friday to Monday. */
function daysOf(text: string): number[] | undefined {
  const days = new Set<number>();
  for (const part of text.split(',')) {
    const [first, last = first, more] = part.split('-').map(dayOf);
    if (first === undefined || last === undefined || more !== undefined || part.split('-').length > 2) return undefined;
    for (let day = first; day !== last; day = (day % 7) + 1) days.add(day);
    days.add(last);
  }
  return [...days].sort((one, other) => one - other);
}

function dayOf(text: string): number | undefined {
  const at = DAY_NAMES.findIndex((day) => day === text.trim().slice(0, 3).toLowerCase());
  return at < 0 || !/^[A-Za-z]+$/.test(text.trim()) ? undefined : at + 1;
}

/** Increments as the trade writes them: `30/6` is a first block of 30 s, then steps of 6 s; `60` is `60/60`. */
export const increments = z
  .string()
  .regex(/^\d{1,5}(\/\d{1,5})?$/, 'must be increments, such as "30/6"')
  .transform((text, context) => {
    const [initialSec = 0, nextSec = initialSec] = text.split('/').map(Number);
    if (nextSec >= 1 && nextSec <= DAY_SEC && initialSec <= DAY_SEC) return { initialSec, nextSec };
    context.addIssue(`must be increments of 1 to ${DAY_SEC} s`);
    return z.NEVER;
  });
