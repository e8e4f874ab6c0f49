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
  const match = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?$/.exec(text.trim());
  if (match === null) return undefined;
  const [, date = '', time = '', fraction = ''] = match;
  const ms = Date.parse(`${date}T${time}Z`);
  // Date.parse takes 31 April for 1 May; a date that does not come back as it was is none.
  if (Number.isNaN(ms) || !new Date(ms).toISOString().startsWith(`${date}T${time}`)) return undefined;
  return BigInt(zone?.utcMsOf(ms) ?? ms) * 1000n + BigInt(fraction.padEnd(6, '0').slice(0, 6));
}
