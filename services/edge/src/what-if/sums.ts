import type { CompareRoutesReply, CompareRoutesReply_DestinationComparison as Comparison, LookUpPrefixReply, Money } from '@tollwire/contracts';
import { formatNanos } from '@tollwire/telecom';
import type { Json } from '../http/reply.ts';

const counts = ['callCount', 'durationSec', 'movedCount', 'unroutedBeforeCount', 'unroutedAfterCount', 'unknownCount'] as const;
const amounts = ['sell', 'sellAfter', 'costBefore', 'costAfter', 'marginBefore', 'marginAfter'] as const;

interface Place extends Readonly<Record<(typeof counts)[number], bigint>>, Readonly<Record<(typeof amounts)[number], bigint>> {
  readonly countryPrefixId: number;
  readonly currency: string;
}

interface Move {
  readonly from: string;
  readonly to: string;
  readonly callCount: bigint;
  readonly durationSec: bigint;
}

/** Adds up the comparisons of many pages of calls. */
export class WhatIfSums {
  readonly #places = new Map<string, Place>();
  readonly #moves = new Map<string, Move>();

  add({ destinations, moves }: Pick<CompareRoutesReply, 'destinations' | 'moves'>): void {
    for (const each of destinations) {
      const place = placeOf(each);
      const key = `${place.countryPrefixId} ${place.currency}`;
      this.#places.set(key, sumOf(this.#places.get(key), place));
    }
    for (const { fromCarrierCode: from, toCarrierCode: to, callCount, durationSec } of moves) {
      const known = this.#moves.get(`${from}\0${to}`);
      this.#moves.set(`${from}\0${to}`, { from, to, callCount: callCount + (known?.callCount ?? 0n), durationSec: durationSec + (known?.durationSec ?? 0n) });
    }
  }

  get countryPrefixIds(): number[] {
    return [...new Set([...this.#places.values()].map(({ countryPrefixId }) => countryPrefixId))].filter((id) => id > 0);
  }

  /** All of it by the names of destinations, those with the most conversation first: prefixes of one country and kind of number are one. */
  json(prefixes: readonly LookUpPrefixReply[]): Json {
    const named = new Map(prefixes.map((prefix) => [prefix.countryPrefixId, prefix]));
    const groups = Map.groupBy(this.#places.values(), ({ countryPrefixId, currency }) => {
      const { countryCode = '', subcode = '' } = named.get(countryPrefixId) ?? {};
      return `${countryCode} ${subcode} ${currency}`;
    });
    const destinations = [...groups.values()].flatMap((places) => {
      const [first] = places;
      if (first === undefined) return [];
      return [{ sums: places.slice(1).reduce<Place>(sumOf, first), name: nameOf(named.get(first.countryPrefixId)) }];
    });
    return {
      destinations: destinations.sort((one, other) => Number(other.sums.durationSec - one.sums.durationSec)).map(({ sums, name }) => ({ ...name, ...sumsJson(sums) })),
      moves: [...this.#moves.values()].sort((one, other) => Number(other.callCount - one.callCount)).map(moveJson),
    };
  }
}

function placeOf(comparison: Comparison): Place {
  const nanosOf = (money: Money | undefined) => money?.nanos ?? 0n;
  const { callCount, durationSec, movedCount, unroutedBeforeCount, unroutedAfterCount, unknownCount, countryPrefixId, sell } = comparison;
  return {
    countryPrefixId, currency: sell?.currency ?? '', callCount, durationSec, movedCount, unroutedBeforeCount, unroutedAfterCount, unknownCount,
    sell: nanosOf(sell), sellAfter: nanosOf(comparison.sellAfter), costBefore: nanosOf(comparison.costBefore), costAfter: nanosOf(comparison.costAfter),
    marginBefore: nanosOf(comparison.marginBefore), marginAfter: nanosOf(comparison.marginAfter),
  };
}

function sumOf(one: Place | undefined, other: Place): Place {
  if (one === undefined) return other;
  const sum = { ...one };
  for (const field of [...counts, ...amounts]) sum[field] = one[field] + other[field];
  return sum;
}

function nameOf(prefix: LookUpPrefixReply | undefined): Json {
  const { countryCode = '', countryName = '', subcode = '' } = prefix ?? {};
  return Object.fromEntries(Object.entries({ countryCode, countryName, subcode }).filter(([, text]) => text !== ''));
}

function sumsJson({ durationSec, currency, ...sums }: Place): Json {
  const money = Object.fromEntries(amounts.map((field) => [field, { amount: formatNanos(sums[field]), currency }]));
  const { callCount, movedCount, unroutedBeforeCount, unroutedAfterCount, unknownCount } = sums;
  const told = { callCount, movedCount, unroutedBeforeCount, unroutedAfterCount, unknownCount };
  return { ...Object.fromEntries(Object.entries(told).map(([field, count]) => [field, Number(count)])), minutes: minutesText(durationSec), ...money };
}

function moveJson({ from, to, callCount, durationSec }: Move): Json {
  return { ...(from === '' ? {} : { from }), ...(to === '' ? {} : { to }), callCount: Number(callCount), minutes: minutesText(durationSec) };
}

/** Whole seconds as minutes with two decimals, half up. */
function minutesText(durationSec: bigint): string {
  return formatNanos(((durationSec * 100n + 30n) / 60n) * 10_000_000n);
}
