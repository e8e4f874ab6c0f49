import { type CallingCode, callingCodes, NON_GEOGRAPHIC } from './metadata.ts';
import { partition, type PrefixUse, type Subcode } from './partition.ts';
import { numberRanges, type RangeList } from './ranges.ts';

export interface Country {
  /** ISO 3166-1 alpha-2, or `001` for codes of no country (satellite, international networks, global free-phone). */
  readonly countryCode: string;
  readonly countryName: string;
}

export interface CountryPrefix {
  /** 1–15 digits, beginning with a calling code. */
  readonly prefix: string;
  readonly countryCode: string;
  readonly subcode: Subcode;
}

/** The world's numbers: every country, and prefixes that divide them by country, then fixed and mobile, then range. */
export interface NumberPlan {
  readonly countries: readonly Country[];
  readonly prefixes: readonly CountryPrefix[];
}

// Carriers price mobile ranges down to nine digits and places down to seven; deeper places (130,000 in China alone)
// would only repeat the rate above them.
const prefixDigitsMax: Readonly<Record<RangeList, number>> = { geocodes: 7, carrier: 9 };

// In North America a geographic number may be a mobile, so a place does not make a prefix fixed.
const NORTH_AMERICA = '1';

/**
 * The number plan from Google's libphonenumber data, by prefix in digit order. The longest prefix of a valid number
 * tells its country, and FIX or MOB wherever the data can tell. Takes about a second; the answer is the same each time.
 */
export function numberPlan(): NumberPlan {
  const uses = new Map<string, PrefixUse>();
  const codes = callingCodes();
  for (const callingCode of codes) {
    for (const [prefix, use] of partition(callingCode)) uses.set(prefix, use);
  }
  const byMetadata = new Map(uses);
  for (const list of ['geocodes', 'carrier'] as const) {
    for (const { callingCode, prefix } of numberRanges(list, prefixDigitsMax[list])) {
      const above = longestUse(byMetadata, prefix);
      // A range that the metadata settles keeps that answer; the lists only fill in what it leaves open.
      if (above !== undefined && (above.subcode !== '' || !byMetadata.has(prefix))) {
        uses.set(prefix, { ...above, subcode: above.subcode || subcodeBy(list, callingCode) });
      }
    }
  }
  const prefixes = [...uses].sort(([a], [b]) => (a < b ? -1 : 1)).map(([prefix, use]) => ({ prefix, ...use }));
  return { countries: countriesOf(codes), prefixes };
}

function longestUse(uses: ReadonlyMap<string, PrefixUse>, prefix: string): PrefixUse | undefined {
  for (let length = prefix.length; length > 0; length -= 1) {
    const use = uses.get(prefix.slice(0, length));
    if (use !== undefined) return use;
  }
  return undefined;
}

function subcodeBy(list: RangeList, callingCode: string): Subcode {
  if (list === 'carrier') return 'MOB';
  return callingCode === NORTH_AMERICA ? '' : 'FIX';
}

/** Every country, also the few (Svalbard, Western Sahara) whose numbers cannot be told from a neighbour's. */
function countriesOf(codes: readonly CallingCode[]): Country[] {
  const names = new Intl.DisplayNames(['en'], { type: 'region' });
  const countryCodes = new Set(codes.flatMap(({ areas }) => areas.map(({ countryCode }) => countryCode)));
  return [...countryCodes].sort().map((countryCode) => ({
    countryCode,
    countryName: countryCode === NON_GEOGRAPHIC ? 'International networks' : (names.of(countryCode) ?? countryCode),
  }));
}
