import { accept, type Decision, type InstantUs, instantUs, reject } from '@tollwire/core';

/** A direct rate of a provider for a documented destination: the `providerdestination` and `providerrate` rows. */
export interface DirectRate {
  readonly prefix: string;
  /** The destination; 0: none was named. */
  readonly countryPrefixId: number;
  readonly ratePerMinNanos: bigint;
}

export interface LoadRates {
  readonly type: 'LoadRates';
  readonly currency: string;
  readonly rates: readonly DirectRate[];
}

/** Takes back rates by their prefix, and destinations with every rate that stands for them. */
export interface WithdrawRates {
  readonly type: 'WithdrawRates';
  readonly prefixes: readonly string[];
  readonly countryPrefixIds: readonly number[];
}

export interface ProviderRatesLoaded {
  readonly type: 'ProviderRatesLoaded';
  readonly providerId: number;
  readonly carrierCode: string;
  readonly currency: string;
  readonly rates: readonly DirectRate[];
  readonly validFrom: InstantUs;
}

export interface ProviderRatesWithdrawn {
  readonly type: 'ProviderRatesWithdrawn';
  readonly providerId: number;
  readonly carrierCode: string;
  /** Every rate that ends, those of withdrawn destinations among them. */
  readonly prefixes: readonly string[];
  readonly validUntil: InstantUs;
}

export type DirectRateEvent = ProviderRatesLoaded | ProviderRatesWithdrawn;

export type DirectRateRefusal =
  | { readonly code: 'too_many_rates' | 'too_many_withdrawn'; readonly ratesMax: number }
  | { readonly code: 'duplicate_prefix'; readonly prefix: string }
  | { readonly code: 'unknown_rate' | 'rate_withdrawn'; readonly prefix: string }
  | { readonly code: 'unknown_destination' | 'destination_withdrawn'; readonly countryPrefixId: number };

/** What was said of the direct rates of a provider. */
export interface DirectOffers {
  readonly said: readonly DirectRateEvent[];
  /** From when the last word counts. */
  readonly sinceUs: number;
}

export const NO_DIRECT_OFFERS: DirectOffers = { said: [], sinceUs: -Infinity };

/** One load, and one withdrawal, is one event; a deck that is longer goes through a carrier plan. */
export const directRatesMax = 10_000;

type Of = Pick<ProviderRatesLoaded, 'providerId' | 'carrierCode'>;
type Said = { readonly by: string; readonly at: InstantUs };

/** Offers rates from now on, each until the next word about its prefix. */
export function loadRates({ currency, rates, by, at }: LoadRates & Said, { sinceUs }: DirectOffers, of: Of): Decision<ProviderRatesLoaded & Said, DirectRateRefusal> {
  if (rates.length > directRatesMax) return reject({ code: 'too_many_rates', ratesMax: directRatesMax });
  const seen = new Set<string>();
  for (const { prefix } of rates) {
    if (seen.has(prefix)) return reject({ code: 'duplicate_prefix', prefix });
    seen.add(prefix);
  }
  return accept({ type: 'ProviderRatesLoaded', ...of, currency, rates, validFrom: countsFrom(at, sinceUs), by, at });
}

/** Ends rates; what was called before goes by them still. As a whole: where one of what is named does not stand, nothing is taken back. */
export function withdrawRates({ prefixes, countryPrefixIds, by, at }: WithdrawRates & Said, direct: DirectOffers, of: Of): Decision<ProviderRatesWithdrawn & Said, DirectRateRefusal> {
  const offers = offersOf(direct);
  const fault = prefixFault(prefixes, offers) ?? destinationFault(countryPrefixIds, offers);
  if (fault !== undefined) return reject(fault);
  const destinations = new Set(countryPrefixIds);
  const ofDestinations = [...offers].filter(([, { countryPrefixId, stands }]) => stands && destinations.has(countryPrefixId)).map(([prefix]) => prefix);
  const ended = [...new Set([...prefixes, ...ofDestinations])].sort();
  if (ended.length > directRatesMax) return reject({ code: 'too_many_withdrawn', ratesMax: directRatesMax });
  return ended.length === 0 ? accept() : accept({ type: 'ProviderRatesWithdrawn', ...of, prefixes: ended, validUntil: countsFrom(at, direct.sinceUs), by, at });
}

/** What was said, after one word more. */
export function withWord({ said }: DirectOffers, event: DirectRateEvent): DirectOffers {
  return { said: [...said, event], sinceUs: event.type === 'ProviderRatesLoaded' ? event.validFrom : event.validUntil };
}

/** By prefix: the destination, and whether the rate stands. */
type Offers = ReadonlyMap<string, { readonly countryPrefixId: number; readonly stands: boolean }>;

function offersOf({ said }: DirectOffers): Offers {
  const offers = new Map<string, { countryPrefixId: number; stands: boolean }>();
  for (const word of said) {
    if (word.type === 'ProviderRatesLoaded') for (const { prefix, countryPrefixId } of word.rates) offers.set(prefix, { countryPrefixId, stands: true });
    else for (const prefix of word.prefixes) offers.set(prefix, { countryPrefixId: offers.get(prefix)?.countryPrefixId ?? 0, stands: false });
  }
  return offers;
}

function prefixFault(prefixes: readonly string[], offers: Offers): DirectRateRefusal | undefined {
  const prefix = prefixes.find((each) => offers.get(each)?.stands !== true);
  return prefix === undefined ? undefined : { code: offers.has(prefix) ? 'rate_withdrawn' : 'unknown_rate', prefix };
}

function destinationFault(countryPrefixIds: readonly number[], offers: Offers): DirectRateRefusal | undefined {
  const offered = [...offers.values()];
  const standing = new Set(offered.filter(({ stands }) => stands).map(({ countryPrefixId }) => countryPrefixId));
  const countryPrefixId = countryPrefixIds.find((id) => !standing.has(id));
  if (countryPrefixId === undefined) return undefined;
  return { code: offered.some((each) => each.countryPrefixId === countryPrefixId) ? 'destination_withdrawn' : 'unknown_destination', countryPrefixId };
}

/** Two words about the rates of a provider never count from one instant on, by whatever clocks they were said: so each rate has a time in which it stood. */
function countsFrom(at: InstantUs, sinceUs: number): InstantUs {
  return at > sinceUs ? at : instantUs(sinceUs + 1);
}
