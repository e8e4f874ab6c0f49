import { unreachable } from '@tollwire/core';
import type { CarrierFacts } from './carrier-facts.ts';
import type { Carrier } from './carriers.ts';
import type { ConvertedPrice } from './comparable-price.ts';
import type { RouteOrder, RoutingPolicy } from './routing-policy.ts';

/** A carrier that may take the call, with all that its place follows from. */
export interface Candidate {
  readonly carrier: Carrier;
  /** Its position in the carrier index. */
  readonly offer: number;
  readonly prefixLength: number;
  /** Of the expected call, in nanos: what carriers are compared by, in one currency where exchange rates lead there. */
  readonly priceNanos: number;
  /** In the carrier's own currency. */
  readonly ownPriceNanos: number;
  /** Where it is compared in another currency. */
  readonly converted: ConvertedPrice | undefined;
  /** What the customer pays for it; infinite where nothing is known. */
  readonly sellPriceNanos: number;
  /** Whether that is what the plan sells for over this carrier, in difference to others. */
  readonly hasOwnSale: boolean;
  /** Of the carrier plan, in the customer's plan. */
  readonly metric: number;
  readonly facts: CarrierFacts;
  /** Its place in a static route; infinite where it has none. */
  readonly staticPlace: number;
  /** Which group of prices that count as equal; and what was drawn where shares are by weight. */
  group: number;
  drawn: number;
}

/** What put a carrier first, or what decided against it and for the carrier one place above. */
export type Place =
  | 'cheapest' | 'preferred' | 'highest_priority' | 'cheapest_to_customer' | 'best_quality' | 'drawn' | 'static_route'
  | 'after_static_route' | 'shorter_prefix' | 'dearer' | 'dearer_to_customer' | 'higher_metric' | 'lower_priority' | 'less_preferred'
  | 'lower_asr' | 'lower_acd' | 'longer_pdd' | 'drawn_later' | 'tie_break';

/** A measure by which the lower goes first, and what is said of the one that goes later. */
interface Criterion {
  readonly place: Place;
  readonly of: (candidate: Candidate) => number;
}

const STATIC: Criterion = { place: 'after_static_route', of: ({ staticPlace }) => staticPlace };
const TIER: Criterion = { place: 'shorter_prefix', of: ({ prefixLength }) => -prefixLength };
const GROUP: Criterion = { place: 'dearer', of: ({ group }) => group };
const PRICE: Criterion = { place: 'dearer', of: ({ priceNanos }) => priceNanos };
const PRIORITY: Criterion = { place: 'lower_priority', of: ({ carrier }) => carrier.priority };
/** Where carriers of unlike prices are told apart by priority. */
const PREFERENCE: Criterion = { ...PRIORITY, place: 'less_preferred' };
const METRIC: Criterion = { place: 'higher_metric', of: ({ metric }) => metric };
const SELL: Criterion = { place: 'dearer_to_customer', of: ({ sellPriceNanos }) => sellPriceNanos };
const ASR: Criterion = { place: 'lower_asr', of: ({ facts }) => -(facts.quality?.asr ?? -1) };
const ACD: Criterion = { place: 'lower_acd', of: ({ facts }) => -(facts.quality?.acdSec ?? -1) };
const PDD: Criterion = { place: 'longer_pdd', of: ({ facts }) => facts.quality?.pddMs ?? Infinity };
const DRAWN: Criterion = { place: 'drawn_later', of: ({ drawn }) => drawn };

const CRITERIA: Readonly<Record<RouteOrder['by'], readonly Criterion[]>> = {
  least_cost: [PRICE, PRIORITY],
  priority: [METRIC, PREFERENCE, PRICE],
  sell_price: [SELL, PRICE, PRIORITY],
  quality: [ASR, ACD, PDD, PRICE, PRIORITY],
  weights: [DRAWN, PRICE, PRIORITY],
};
const WITHIN_DELTA: readonly Criterion[] = [GROUP, PREFERENCE, PRICE];

const FIRST: Readonly<Record<RouteOrder['by'], Place>> = {
  least_cost: 'cheapest', priority: 'highest_priority', sell_price: 'cheapest_to_customer', quality: 'best_quality', weights: 'drawn',
};

/** Puts the candidates in their order, in place, and says of each why it stands where it does. Total: no two are equal. */
export function orderCandidates(candidates: Candidate[], policy: RoutingPolicy, callId: string): Place[] {
  const { order } = policy;
  const criteria = criteriaOf(policy, candidates);
  prepare(candidates, policy, callId);
  candidates.sort((left, right) => compared(left, right, criteria) || byCode(left, right));
  return candidates.map((candidate, at) => {
    const above = candidates[at - 1];
    if (above === undefined) return firstPlace(candidate, candidates, order);
    return decidedBy(above, candidate, criteria)?.place ?? 'tie_break';
  });
}

function firstPlace({ staticPlace, group, priceNanos }: Candidate, candidates: readonly Candidate[], { by }: RouteOrder): Place {
  if (staticPlace !== Infinity) return 'static_route';
  return group > 0 && candidates.some((other) => other.group === group && other.priceNanos < priceNanos) ? 'preferred' : FIRST[by];
}

function criteriaOf({ prefixMode, order }: RoutingPolicy, candidates: readonly Candidate[]): readonly Criterion[] {
  const hasDelta = order.by === 'least_cost' && (order.deltaNanos > 0 || order.deltaPpm > 0);
  const criteria = hasDelta ? WITHIN_DELTA : CRITERIA[order.by];
  const isStatic = candidates.some(({ staticPlace }) => staticPlace !== Infinity);
  if (!isStatic && prefixMode !== 'tiered') return criteria;
  return [...(isStatic ? [STATIC] : []), ...(prefixMode === 'tiered' ? [TIER] : []), ...criteria];
}

function prepare(candidates: Candidate[], { order, prefixMode, weights }: RoutingPolicy, callId: string): void {
  switch (order.by) {
    case 'least_cost':
      if (order.deltaNanos > 0 || order.deltaPpm > 0) group(candidates, order, prefixMode === 'tiered' ? [STATIC, TIER] : [STATIC]);
      return;
    case 'weights':
      for (const candidate of candidates) candidate.drawn = draw(`${order.seed}/${callId}/${candidate.carrier.carrierCode}`, candidate.facts.weight ?? weights.get(candidate.carrier.carrierCode) ?? 1);
      return;
    case 'priority':
    case 'sell_price':
    case 'quality':
      return;
    default:
      unreachable(order);
  }
}

/**
 * From the cheapest up: a price belongs to the group of the last one that began a group, as long as it is within the delta of that. Carriers that a criterion
 * before the price tells apart do not compete, and are in no common group.
 */
function group(candidates: Candidate[], order: Extract<RouteOrder, { by: 'least_cost' }>, before: readonly Criterion[]): void {
  const criteria = [...before, PRICE];
  let number = 0;
  let until = -1;
  let first: Candidate | undefined;
  for (const candidate of candidates.sort((left, right) => compared(left, right, criteria))) {
    const { priceNanos } = candidate;
    if (first === undefined || priceNanos > until || decidedBy(first, candidate, before) !== undefined) {
      number += 1;
      until = priceNanos + Math.max(order.deltaNanos, shareOf(priceNanos, order.deltaPpm));
      first = candidate;
    }
    candidate.group = number;
  }
}

/** So many millionths of a price, rounded down; in whole numbers where a double does not hold the product exactly. */
function shareOf(priceNanos: number, ppm: number): number {
  const product = priceNanos * ppm;
  return Number.isSafeInteger(product) ? Math.floor(product / 1_000_000) : Number((BigInt(priceNanos) * BigInt(ppm)) / 1_000_000n);
}

function compared(left: Candidate, right: Candidate, criteria: readonly Criterion[]): number {
  const decided = decidedBy(left, right, criteria);
  return decided === undefined ? 0 : sign(decided.of(left), decided.of(right));
}

function decidedBy(left: Candidate, right: Candidate, criteria: readonly Criterion[]): Criterion | undefined {
  for (const criterion of criteria) if (criterion.of(left) !== criterion.of(right)) return criterion;
  return undefined;
}

function sign(left: number, right: number): number {
  return left < right ? -1 : Number(left > right);
}

function byCode(left: Candidate, right: Candidate): number {
  return left.carrier.carrierCode < right.carrier.carrierCode ? -1 : 1;
}

/**
 * A draw without replacement by weights (Efraimidis and Spirakis): the lowest of exponential draws is each carrier with a
 * chance in the ratio of its weight, and so on among the rest.
 */
export function draw(text: string, weight: number): number {
  if (weight <= 0) return Infinity;
  return -Math.log((hash(text) + 0.5) / 2 ** 32) / weight;
}

/** FNV-1a over the characters, then the finalizer of MurmurHash3, so that texts which differ in one character are far apart. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  value = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
  return (value ^ (value >>> 16)) >>> 0;
}
