import { createRequire } from 'node:module';
import { type BeginsMatch, beginsMatch } from './pattern-prefix.ts';

/** A country (or `001`) behind a calling code, with what its national numbers look like by type. */
export interface NumberingArea {
  readonly countryCode: string;
  readonly fixed: BeginsMatch;
  readonly mobile: BeginsMatch;
  /** Free-phone, premium, shared cost, personal, VoIP, pager, UAN, voicemail: in use, but neither fixed nor mobile. */
  readonly service: BeginsMatch;
  /** The plan gives fixed and mobile numbers the same shape, as in North America: no prefix can tell them apart. */
  readonly undivided: boolean;
}

/** A calling code and the areas that share it; the first is the main one. */
export interface CallingCode {
  readonly code: string;
  readonly areas: readonly NumberingArea[];
}

/** CLDR's and libphonenumber's region for codes that belong to no country (ITU-T E.164 global services and networks). */
export const NON_GEOGRAPHIC = '001';

type TypePattern = readonly [pattern: string, ...unknown[]] | 0 | null | undefined;
type AreaMetadata = readonly unknown[];
interface Metadata {
  readonly country_calling_codes: Readonly<Record<string, readonly string[]>>;
  readonly countries: Readonly<Record<string, AreaMetadata>>;
  readonly nonGeographic: Readonly<Record<string, AreaMetadata>>;
}

// Positions in libphonenumber-js's array form of a country's metadata (its source/metadata.js, version 4).
const TYPES = 11;
const FIXED_LINE = 0;
const MOBILE = 1;

/** Every calling code of the world with its areas, from the metadata that libphonenumber-js carries. */
export function callingCodes(): CallingCode[] {
  const metadata = createRequire(import.meta.url)('libphonenumber-js/metadata.max.json') as Metadata;
  const ofCountries = Object.entries(metadata.country_calling_codes).map(([code, countryCodes]) => ({
    code,
    areas: countryCodes.map((countryCode) => area(countryCode, metadata.countries[countryCode] ?? [])),
  }));
  const global = Object.entries(metadata.nonGeographic).map(([code, entry]) => ({
    code,
    areas: [area(NON_GEOGRAPHIC, entry)],
  }));
  return [...ofCountries, ...global];
}

function area(countryCode: string, metadata: AreaMetadata): NumberingArea {
  const types = (metadata[TYPES] || []) as readonly TypePattern[];
  const patterns = Array.from(types, (type) => (type ? type[0] : ''));
  const fixed = patterns[FIXED_LINE] ?? '';
  // An empty pattern stands for "the same as fixed line"; a missing type matches nothing.
  const mobile = types[MOBILE] ? patterns[MOBILE] || fixed : '';
  const services = patterns.slice(MOBILE + 1).filter((pattern) => pattern !== '');
  return {
    countryCode,
    fixed: anyOf([fixed]),
    mobile: anyOf([mobile]),
    service: anyOf(services),
    undivided: fixed !== '' && fixed === mobile,
  };
}

function anyOf(patterns: readonly string[]): BeginsMatch {
  const tests = patterns.filter((pattern) => pattern !== '').map(beginsMatch);
  return (digits) => tests.some((test) => test(digits));
}
