import type { CodedRefusal, DestinationForecast, LookUpPrefixReply } from '@tollwire/contracts';
import type { DeckKind } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { formatNanos } from '@tollwire/telecom';
import type { EdgeAskers } from '../edge.deps.ts';
import type { Json } from '../http/reply.ts';

export interface ForecastQuestion {
  readonly kind: DeckKind;
  readonly ownerId: number;
  readonly digest: string;
  readonly sinceUs: bigint;
  readonly untilUs: bigint;
}

/** A forecast walks through all ratings, and a deck may have a million rates. */
const forecastTimeout = { timeoutMs: 120_000 };

/** What the calls of a period would come to by a version: the catalog knows the version and the names, rating the calls. */
export async function deckForecast(
  { catalog, rating }: Pick<EdgeAskers, 'catalog' | 'rating'>,
  { kind, ownerId, digest, sinceUs, untilUs }: ForecastQuestion,
): Promise<Result<Json, CodedRefusal>> {
  const listed = await catalog.listDecks({ kind, ownerId });
  if (!listed.ok) return listed;
  const deck = listed.value.decks.find((each) => each.deck?.digest === digest)?.deck;
  if (deck === undefined) return refuse({ code: 'unknown_deck', field: 'digest', detail: 'No version with this digest was imported for this plan.' });
  const forecast = await rating.forecastDeck({ deck, sinceUs, untilUs }, forecastTimeout);
  if (!forecast.ok) return forecast;
  const { destinations, callCount, lookedAtCount, isPartial } = forecast.value;
  const named = await catalog.nameCountryPrefixes({ countryPrefixIds: [...new Set(destinations.map(({ countryPrefixId }) => countryPrefixId))].filter((id) => id > 0) });
  if (!named.ok) return named;
  return ok({ destinations: destinationsJson(destinations, named.value.prefixes), callCount: Number(callCount), lookedAtCount: Number(lookedAtCount), isPartial });
}

interface Destination {
  readonly place: Pick<LookUpPrefixReply, 'countryCode' | 'countryName' | 'subcode'>;
  callCount: number;
  durationSec: bigint;
  unpricedCount: number;
  marginUnknownCount: number;
  readonly sums: Readonly<Record<Side, Sum>>;
}

const sides = ['sellBefore', 'sellAfter', 'buyBefore', 'buyAfter', 'marginBefore', 'marginAfter'] as const;
type Side = (typeof sides)[number];

interface Sum {
  nanos: bigint;
  readonly currency: string;
}

const nowhere = { countryCode: '', countryName: '', subcode: '' };

/** Sums prefixes of one country and kind of number: a destination has many. */
export function destinationsJson(forecasts: readonly DestinationForecast[], prefixes: readonly LookUpPrefixReply[]): Json[] {
  const places = new Map(prefixes.map((prefix) => [prefix.countryPrefixId, prefix]));
  const destinations = new Map<string, Destination>();
  for (const forecast of forecasts) {
    const { countryCode, countryName, subcode } = places.get(forecast.countryPrefixId) ?? nowhere;
    const currencyOf = (side: Side) => forecast[side]?.currency ?? '';
    const key = [countryCode, subcode, ...sides.map(currencyOf)].join(' ');
    const into = destinations.get(key) ?? {
      place: { countryCode, countryName, subcode }, callCount: 0, durationSec: 0n, unpricedCount: 0, marginUnknownCount: 0, sums: zeroSums(currencyOf),
    };
    destinations.set(key, into);
    into.callCount += Number(forecast.callCount);
    into.durationSec += forecast.durationSec;
    into.unpricedCount += Number(forecast.unpricedCount);
    into.marginUnknownCount += Number(forecast.marginUnknownCount);
    for (const side of sides) into.sums[side].nanos += forecast[side]?.nanos ?? 0n;
  }
  return [...destinations.values()].sort((a, b) => Number(b.durationSec - a.durationSec)).map(jsonOf);
}

function zeroSums(currencyOf: (side: Side) => string): Record<Side, Sum> {
  const sum = (side: Side): Sum => ({ nanos: 0n, currency: currencyOf(side) });
  return {
    sellBefore: sum('sellBefore'), sellAfter: sum('sellAfter'), buyBefore: sum('buyBefore'), buyAfter: sum('buyAfter'),
    marginBefore: sum('marginBefore'), marginAfter: sum('marginAfter'),
  };
}

/** Margins are told where they are known of any call. */
function jsonOf({ place, callCount, durationSec, unpricedCount, marginUnknownCount, sums }: Destination): Json {
  const told = (side: Side) => ({ amount: formatNanos(sums[side].nanos), currency: sums[side].currency });
  const named = Object.fromEntries(Object.entries(place).filter(([, text]) => text !== ''));
  return {
    ...named,
    callCount,
    // Whole seconds of conversation, as minutes with two decimals, half up.
    minutes: formatNanos(((durationSec * 100n + 30n) / 60n) * 10_000_000n),
    unpricedCount,
    marginUnknownCount,
    sellBefore: told('sellBefore'),
    sellAfter: told('sellAfter'),
    buyBefore: told('buyBefore'),
    buyAfter: told('buyAfter'),
    ...(marginUnknownCount === callCount ? {} : { marginBefore: told('marginBefore'), marginAfter: told('marginAfter') }),
  };
}
