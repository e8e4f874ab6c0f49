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
  readonly sellCurrency: string;
  readonly buyCurrency: string;
  callCount: number;
  durationSec: bigint;
  unpricedCount: number;
  readonly nanos: { sellBefore: bigint; sellAfter: bigint; buyBefore: bigint; buyAfter: bigint };
}

const nowhere = { countryCode: '', countryName: '', subcode: '' };

/** Sums prefixes of one country and kind of number: a destination has many. */
export function destinationsJson(forecasts: readonly DestinationForecast[], prefixes: readonly LookUpPrefixReply[]): Json[] {
  const places = new Map(prefixes.map((prefix) => [prefix.countryPrefixId, prefix]));
  const destinations = new Map<string, Destination>();
  for (const forecast of forecasts) {
    const { countryCode, countryName, subcode } = places.get(forecast.countryPrefixId) ?? nowhere;
    const [sellCurrency, buyCurrency] = [forecast.sellBefore?.currency ?? '', forecast.buyBefore?.currency ?? ''];
    const key = [countryCode, subcode, sellCurrency, buyCurrency].join(' ');
    const into = destinations.get(key) ?? {
      place: { countryCode, countryName, subcode }, sellCurrency, buyCurrency, callCount: 0, durationSec: 0n, unpricedCount: 0,
      nanos: { sellBefore: 0n, sellAfter: 0n, buyBefore: 0n, buyAfter: 0n },
    };
    destinations.set(key, into);
    into.callCount += Number(forecast.callCount);
    into.durationSec += forecast.durationSec;
    into.unpricedCount += Number(forecast.unpricedCount);
    for (const side of ['sellBefore', 'sellAfter', 'buyBefore', 'buyAfter'] as const) into.nanos[side] += forecast[side]?.nanos ?? 0n;
  }
  return [...destinations.values()].sort((a, b) => Number(b.durationSec - a.durationSec)).map(jsonOf);
}

/** The margin is told where both sides are in one currency. */
function jsonOf({ place, sellCurrency, buyCurrency, callCount, durationSec, unpricedCount, nanos }: Destination): Json {
  const money = (amount: bigint, currency: string) => ({ amount: formatNanos(amount), currency });
  const margins = sellCurrency !== buyCurrency ? {} : {
    marginBefore: money(nanos.sellBefore - nanos.buyBefore, sellCurrency),
    marginAfter: money(nanos.sellAfter - nanos.buyAfter, sellCurrency),
  };
  const named = Object.fromEntries(Object.entries(place).filter(([, text]) => text !== ''));
  return {
    ...named,
    callCount,
    // Whole seconds of conversation, as minutes with two decimals, half up.
    minutes: formatNanos(((durationSec * 100n + 30n) / 60n) * 10_000_000n),
    unpricedCount,
    sellBefore: money(nanos.sellBefore, sellCurrency),
    sellAfter: money(nanos.sellAfter, sellCurrency),
    buyBefore: money(nanos.buyBefore, buyCurrency),
    buyAfter: money(nanos.buyAfter, buyCurrency),
    ...margins,
  };
}
