import { type LocalClock, splitExtension } from '@tollwire/telecom';

/**
 * A number as switches and people write it, with what can be dialled in it: digits, a leading `+`, and an extension
 * after `x` (`562-246-7846 x57324` is `5622467846x57324`). What holds no digit (`anonymous`, `s`) stays as it is,
 * because a record is kept even of a call that cannot be rated.
 */
export function keptNumber(text: string): string {
  const trimmed = text.trim();
  const { number, extension } = splitExtension(trimmed);
  const digits = number.replace(/\D/g, '');
  // A name that happens to hold digits is a name; punctuation is what numbers are written with.
  if (digits === '' || /[^\d\s+\-().\/*#]/.test(number)) return trimmed;
  const dialled = number.replace(/[^\d*#]/g, '');
  return `${number.trimStart().startsWith('+') ? '+' : ''}${dialled}${extension === '' ? '' : `x${extension}`}`;
}

interface Course {
  readonly startedAtUs: bigint;
  readonly answeredAtUs: bigint;
  readonly endedAtUs: bigint;
  readonly q850Cause: number;
}

/** What a call and its carrier had of each other: it carried a call that was answered, and was tried in vain by one that was not. */
export function carriedBy(carrierCode: string, { startedAtUs, answeredAtUs, endedAtUs, q850Cause }: Course) {
  if (answeredAtUs !== 0n || carrierCode === '') return { carrierCode };
  return { carrierCode: '', attempts: [{ carrierCode, startedAtUs, endedAtUs, q850Cause }] };
}

type Charged = { readonly party: { readonly case: 'cardId' | 'accountCode'; readonly value: string } };

/** Who pays, by the account code that the switch wrote: 16 digits are a card, anything else is a customer's code. */
export function chargedOf(accountCode: string): { readonly charged: Charged } | Record<string, never> {
  const value = accountCode.trim();
  if (value === '') return {};
  return { charged: { party: { case: /^\d{16}$/.test(value) ? 'cardId' : 'accountCode', value } } };
}

/** Microseconds of a decimal number of seconds since 1970, digits below a microsecond cut; undefined where it is none. */
export function usOfSeconds(text: string): bigint | undefined {
  const match = /^(\d{1,12})(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, whole = '', fraction = ''] = match;
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}

/** Microseconds of a local time `2026-03-01 12:00:00[.123456]`, in UTC where no zone is named; undefined where it is none. */
export function usOfLocalTime(text: string, zone?: LocalClock): bigint | undefined {
  const written = text.trim();
  const [year, month, day] = [digitsAt(written, 0, 4), digitsAt(written, 5, 2), digitsAt(written, 8, 2)];
  const [hour, minute, second] = [digitsAt(written, 11, 2), digitsAt(written, 14, 2), digitsAt(written, 17, 2)];
  // A part that is no number is NaN, and so is their sum.
  if (Number.isNaN(year + month + day + hour + minute + second) || !hasMarks(written)) return undefined;
  if (month < 1 || month > 12 || day < 1 || day > daysOf(year, month) || hour > 23 || minute > 59 || second > 59) return undefined;
  const fractionUs = fractionUsOf(written.slice(19));
  if (fractionUs === undefined) return undefined;
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  return BigInt((zone?.utcMsOf(ms) ?? ms) * 1000 + fractionUs);
}

/** The number that so many digits make, NaN where one of them is none. */
function digitsAt(text: string, from: number, count: number): number {
  let value = 0;
  for (let at = from; at < from + count; at += 1) {
    const digit = text.charCodeAt(at) - 48;
    value = digit >= 0 && digit <= 9 ? value * 10 + digit : Number.NaN;
  }
  return value;
}

function hasMarks(text: string): boolean {
  return text[4] === '-' && text[7] === '-' && (text[10] === ' ' || text[10] === 'T') && text[13] === ':' && text[16] === ':';
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

function fractionUsOf(text: string): number | undefined {
  if (text === '') return 0;
  const digits = /^\.(\d{1,9})$/.exec(text)?.[1];
  return digits === undefined ? undefined : Number(digits.padEnd(6, '0').slice(0, 6));
}
