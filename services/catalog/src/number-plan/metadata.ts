import { createRequire } from 'node:module';
import { z } from 'zod';
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

const areaMetadata = z.array(z.unknown());
const metadataOf = z.object({
  country_calling_codes: z.record(z.string(), z.array(z.string())),
  countries: z.record(z.string(), areaMetadata),
  nonGeographic: z.record(z.string(), areaMetadata),
});
/** By type of number: its pattern and what else is told of it, or 0 or nothing where there are no such numbers. */
const typesOf = z.array(z.union([z.tuple([z.string()], z.unknown()), z.literal(0), z.null()]));

// Positions in libphonenumber-js's array form of a country's metadata (its source/metadata.js, version 4).
const TYPES = 11;
const FIXED_LINE = 0;
const MOBILE = 1;

/** Every calling code of the world with its areas, from the metadata that libphonenumber-js carries. */
export function callingCodes(): CallingCode[] {
  const metadata = metadataOf.parse(createRequire(import.meta.url)('libphonenumber-js/metadata.max.json'));
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

function area(countryCode: string, metadata: readonly unknown[]): NumberingArea {
  const types = typesOf.parse(metadata[TYPES] || []);
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
