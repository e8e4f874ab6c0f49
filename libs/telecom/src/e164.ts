import { ok, refuse } from '@tollwire/core';
import type { Brand, Refusal, Result } from '@tollwire/core';
import { portedNumberOf } from './number-portability.ts';

/** An international number (ITU-T E.164): 1–15 digits that begin with a country code, without `+`. */
export type E164 = Brand<string, 'E164'>;

/** Where a number was dialled, so that a national form can be read. */
export interface DiallingCountry {
  /** E.164 country code, e.g. `44`. */
  readonly callingCode: string;
  /** What precedes a national number at home, e.g. `0`; empty where nothing does. */
  readonly trunkPrefix: string;
  /**
   * How many digits a national number has, without the trunk prefix. Digits of that length are national even where nothing
   * precedes them; where nothing is said here, digits that begin with 1–9 are international.
   */
  readonly nationalLengths?: readonly number[];
}

/** How the numbers that come over a switch or trunk are dialled. */
export interface NormalizeOptions {
  /** What precedes an international number when dialled; `+` always does. `00` and, unless a national number begins with 0, `011`. */
  readonly internationalPrefixes?: readonly string[];
  readonly country?: DiallingCountry;
  /** What a trunk puts before every number, such as `9#`: the longest that is there is taken off, once, before anything else. */
  readonly technicalPrefixes?: readonly string[];
}

export type NumberRefusal = Refusal & { readonly code: 'number_malformed' | 'number_not_international'; readonly dialled: string };

const PLAIN = /^[1-9][0-9]{0,14}$/;
const EXTENSION = /(?:\s*(?:;\s*ext=|ext\.?|x|#)\s*(\d{1,11}))$/i;
/** The number in a SIP or tel URI (RFC 3261, RFC 3966), without host; what parameters say of an extension stays. */
const URI = /^(?:sips?|tel):([^@;?]*)[^;?]*(?:;(?!ext=)[^;?]*)*((?:;ext=\d{1,11})?).*$/i;
/** `+44 (0)20 …`, `011 44 (0)20 …`: the trunk prefix that is dialled at home only. */
const HOME_ZERO = /^(\+?\s*\d[\d\s.-]{0,12})\(0\)/;
/** A local number of a tel or SIP URI, and the country that its context names (RFC 3966). */
const LOCAL_IN_CONTEXT = /^(?:tel|sips?):\s*([1-9][^;@]*)(?:;[^;@]*)*?;phone-context=(\+[\d().-]+)/i;
const DEFAULT_PREFIXES = ['011', '00'] as const;
/** Where a national number begins with 0, `011` is an area, as in Turin. */
const PREFIXES_BESIDE_ZERO = ['00'] as const;

/** Splits a number as people write it into the number and its extension (`562-246-7846 x57324`); empty where none. */
export function splitExtension(dialled: string): { readonly number: string; readonly extension: string } {
  const match = EXTENSION.exec(dialled);
  return match === null ? { number: dialled, extension: '' } : { number: dialled.slice(0, match.index), extension: match[1] ?? '' };
}

/**
 * Reads a dialled number as E.164. `+`, `00` and `011` (or the given prefixes) precede an international number; digits that
 * begin with 1–9 are taken to be international already, unless the country says that they have the length of a national one.
 * A leading 0 is a trunk prefix, which only a `country` can read: without one the number is refused, never matched as
 * another country's. Technical prefixes, extensions, the usual punctuation, what is said of number portability, and what is around the number in a SIP
 * or tel URI are dropped.
 */
export function normalizeE164(dialled: string, options: NormalizeOptions = {}): Result<E164, NumberRefusal> {
  const { country, technicalPrefixes, internationalPrefixes } = options;
  if ((country ?? technicalPrefixes ?? internationalPrefixes) === undefined && PLAIN.test(dialled)) return ok(dialled as E164);
  const refusal = (code: NumberRefusal['code']) => refuse({ code, dialled: dialled.slice(0, 64) });
  if (dialled.length > DIALLED_CHARACTERS_MAX) return refusal('number_malformed');
  const told = withoutPrefix(inContext(portedNumberOf(dialled).number.trim()).replace(URI, '$1$2'), technicalPrefixes ?? []);
  const { number, extension } = splitExtension(told.replace(HOME_ZERO, '$1'));
  const digits = number.replace(/[\s\-().\/]/g, '');
  // What is longer than the number before it is no extension: `77#34650123456` is dialled behind a prefix that nobody told of.
  if (!/^\+?\d{1,32}$/.test(digits) || extension.length > digits.length) return refusal('number_malformed');
  const international = afterInternationalPrefix(digits, internationalPrefixes ?? (mayBeginWithZero(digits, country) ? PREFIXES_BESIDE_ZERO : DEFAULT_PREFIXES));
  const whole = international ?? nationalOf(digits, country) ?? digits;
  if (PLAIN.test(whole)) return ok(whole as E164);
  return refusal(whole === digits && digits.startsWith('0') ? 'number_not_international' : 'number_malformed');
}

/** More than any number with its punctuation and URI. */
const DIALLED_CHARACTERS_MAX = 512;

/** A local number of a URI becomes one of the country that its context names; a domain names none. */
function inContext(told: string): string {
  const [, local, context] = LOCAL_IN_CONTEXT.exec(told) ?? [];
  return local === undefined || context === undefined ? told : `tel:${context}${local}`;
}

/** Whether digits may be a national number that begins with 0: after a trunk prefix of 0, or by their length where nothing precedes one, as in Italy. */
function mayBeginWithZero(digits: string, country: DiallingCountry | undefined): boolean {
  if (country === undefined) return false;
  const { trunkPrefix, nationalLengths = [] } = country;
  return trunkPrefix.startsWith('0') || (trunkPrefix === '' && (nationalLengths.length === 0 || nationalLengths.includes(digits.length)));
}

function withoutPrefix(dialled: string, prefixes: readonly string[]): string {
  const prefix = longestOf(dialled, prefixes);
  return prefix === undefined ? dialled : dialled.slice(prefix.length);
}

function afterInternationalPrefix(digits: string, prefixes: readonly string[]): string | undefined {
  if (digits.startsWith('+')) return digits.slice(1);
  const prefix = longestOf(digits, prefixes);
  return prefix === undefined ? undefined : digits.slice(prefix.length);
}

/** The longest of the prefixes that the number begins with. */
function longestOf(dialled: string, prefixes: readonly string[]): string | undefined {
  return prefixes.filter((prefix) => prefix !== '' && dialled.startsWith(prefix)).sort((one, other) => other.length - one.length)[0];
}

/** The number with its country code, where it is a national one; a trunk prefix of 0 by itself says so. */
function nationalOf(digits: string, country: DiallingCountry | undefined): string | undefined {
  if (country === undefined) return undefined;
  const { callingCode, trunkPrefix, nationalLengths = [] } = country;
  if (trunkPrefix !== '' && digits.startsWith(trunkPrefix)) {
    const rest = digits.slice(trunkPrefix.length);
    if ((trunkPrefix.startsWith('0') && rest !== '') || nationalLengths.includes(rest.length)) return `${callingCode}${rest}`;
  }
  // Nowhere does a number begin with 0 after a trunk prefix; where there is none, as in Italy, one does.
  if (digits.startsWith('0') && trunkPrefix !== '') return undefined;
  return nationalLengths.includes(digits.length) ? `${callingCode}${digits}` : undefined;
}

/** Who calls, as far as it can be read. */
export type Caller =
  | { readonly kind: 'number'; readonly e164: E164 }
  /** Withheld: nothing was told, or a word that says so. */
  | { readonly kind: 'anonymous' }
  /** Something else: a name, a short or a foreign form. Such a call goes on; rules about callers do not fit it. */
  | { readonly kind: 'odd'; readonly told: string };

const WITHHELD = /^(?:\+?anonymous|restricted|private|unavailable|unknown|withheld|asserted|anonymous\.invalid)?$/i;

/** Reads the caller's number as a called one is read; it is never refused, because callers may send anything. */
export function callerOf(told: string, options: NormalizeOptions = {}): Caller {
  const text = told.slice(0, DIALLED_CHARACTERS_MAX).trim().replace(/^.*<([^>]*)>.*$/, '$1');
  if (WITHHELD.test(text.replace(URI, '$1'))) return { kind: 'anonymous' };
  const e164 = normalizeE164(text, options);
  return e164.ok ? { kind: 'number', e164: e164.value } : { kind: 'odd', told: text.slice(0, 64) };
}
