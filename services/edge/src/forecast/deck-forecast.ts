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
  readonly currencies: Readonly<Record<Side, string>>;
  readonly nanos: Record<Side, bigint>;
}

const sides = ['sellBefore', 'sellAfter', 'buyBefore', 'buyAfter'] as const;
type Side = (typeof sides)[number];

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
      place: { countryCode, countryName, subcode }, callCount: 0, durationSec: 0n, unpricedCount: 0,
      currencies: { sellBefore: currencyOf('sellBefore'), sellAfter: currencyOf('sellAfter'), buyBefore: currencyOf('buyBefore'), buyAfter: currencyOf('buyAfter') },
      nanos: { sellBefore: 0n, sellAfter: 0n, buyBefore: 0n, buyAfter: 0n },
    };
    destinations.set(key, into);
    into.callCount += Number(forecast.callCount);
    into.durationSec += forecast.durationSec;
    into.unpricedCount += Number(forecast.unpricedCount);
    for (const side of sides) into.nanos[side] += forecast[side]?.nanos ?? 0n;
  }
  return [...destinations.values()].sort((a, b) => Number(b.durationSec - a.durationSec)).map(jsonOf);
}

/** A margin is told where both of its sides are in one currency. */
function jsonOf({ place, callCount, durationSec, unpricedCount, currencies, nanos }: Destination): Json {
  const money = (amount: bigint, currency: string) => ({ amount: formatNanos(amount), currency });
  const told = (side: Side) => money(nanos[side], currencies[side]);
  const margin = (sell: Side, buy: Side) => (currencies[sell] === currencies[buy] ? money(nanos[sell] - nanos[buy], currencies[sell]) : undefined);
  const [marginBefore, marginAfter] = [margin('sellBefore', 'buyBefore'), margin('sellAfter', 'buyAfter')];
  const named = Object.fromEntries(Object.entries(place).filter(([, text]) => text !== ''));
  return {
    ...named,
    callCount,
    // Whole seconds of conversation, as minutes with two decimals, half up.
    minutes: formatNanos(((durationSec * 100n + 30n) / 60n) * 10_000_000n),
    unpricedCount,
    sellBefore: told('sellBefore'),
    sellAfter: told('sellAfter'),
    buyBefore: told('buyBefore'),
    buyAfter: told('buyAfter'),
    ...(marginBefore === undefined ? {} : { marginBefore }),
    ...(marginAfter === undefined ? {} : { marginAfter }),
  };
}
