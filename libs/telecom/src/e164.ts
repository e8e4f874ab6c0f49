import { ok, refuse } from '@tollwire/core';
import type { Brand, Refusal, Result } from '@tollwire/core';

/** An international number (ITU-T E.164): 1–15 digits that begin with a country code, without `+`. */
export type E164 = Brand<string, 'E164'>;

/** Where a number was dialled, so that a national form can be read. */
export interface DiallingCountry {
  /** E.164 country code, e.g. `44`. */
  readonly callingCode: string;
  /** What precedes a national number at home, e.g. `0`; empty where nothing does. */
  readonly trunkPrefix: string;
}

export interface NormalizeOptions {
  /** What precedes an international number when dialled; `+` always does. */
  readonly internationalPrefixes?: readonly string[];
  readonly country?: DiallingCountry;
}

export type NumberRefusal = Refusal & { readonly code: 'number_malformed' | 'number_not_international'; readonly dialled: string };

const PLAIN = /^[1-9][0-9]{0,14}$/;
const EXTENSION = /(?:\s*(?:;\s*ext=|ext\.?|x|#)\s*(\d{1,11}))$/i;
const DEFAULT_PREFIXES = ['011', '00'] as const;

/** Splits a number as people write it into the number and its extension (`562-246-7846 x57324`); empty where none. */
export function splitExtension(dialled: string): { readonly number: string; readonly extension: string } {
  const match = EXTENSION.exec(dialled);
  return match === null ? { number: dialled, extension: '' } : { number: dialled.slice(0, match.index), extension: match[1] ?? '' };
}

/**
 * Reads a dialled number as E.164. `+`, `00` and `011` (or the given prefixes) precede an international number;
 * digits that begin with 1–9 are taken to be international already. A leading 0 is a trunk prefix, which only a
 * `country` can read: without one the number is refused, never matched as another country's. Extensions and
 * the usual punctuation are dropped.
 */
export function normalizeE164(dialled: string, options: NormalizeOptions = {}): Result<E164, NumberRefusal> {
  if (options.internationalPrefixes === undefined && PLAIN.test(dialled)) return ok(dialled as E164);
  const refusal = (code: NumberRefusal['code']) => refuse({ code, dialled: dialled.slice(0, 64) });
  const digits = splitExtension(dialled.trim()).number.replace(/[\s\-().\/]/g, '');
  if (!/^\+?\d{1,32}$/.test(digits)) return refusal('number_malformed');
  const international = afterInternationalPrefix(digits, options.internationalPrefixes ?? DEFAULT_PREFIXES);
  if (international !== undefined) return PLAIN.test(international) ? ok(international as E164) : refusal('number_malformed');
  if (!digits.startsWith('0')) return PLAIN.test(digits) ? ok(digits as E164) : refusal('number_malformed');
  const { country } = options;
  if (country === undefined || country.trunkPrefix === '' || !digits.startsWith(country.trunkPrefix)) {
    return refusal('number_not_international');
  }
  const national = `${country.callingCode}${digits.slice(country.trunkPrefix.length)}`;
  return PLAIN.test(national) ? ok(national as E164) : refusal('number_malformed');
}

function afterInternationalPrefix(digits: string, prefixes: readonly string[]): string | undefined {
  if (digits.startsWith('+')) return digits.slice(1);
  const prefix = prefixes.find((candidate) => digits.startsWith(candidate));
  return prefix === undefined ? undefined : digits.slice(prefix.length);
}
