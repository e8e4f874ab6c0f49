import type { InstantUs } from '@tollwire/core';
import { type E164, type ExchangeRates, NO_EXCHANGE_RATES, priceOf, type Rounding, type Schedule } from '@tollwire/telecom';
import { type CarrierIndex, noRate, notInPlan } from './carrier-index.ts';
import { type Attestation, type CarrierFacts, type FactExclusion, factExclusion } from './carrier-facts.ts';
import type { Carrier } from './carriers.ts';
import { type GatewayAccess, gatewaysFor, hasGateway, type OfferedGateway } from './gateways.ts';
import { type ConvertedPrice, convertedPrice } from './comparable-price.ts';
import { expectedPrice } from './expected-price.ts';
import { type Candidate, orderCandidates, type Place } from './route-order.ts';
import type { Ban, RoutingPlan } from './routing-plan.ts';
import type { StaticRoute } from './routing-policy.ts';
import { BY_THE_SECOND } from './source.ts';

/** What the router is asked: a number at an instant, for the customer of a plan, against the price it is sold at. */
export interface RouteQuestion {
  /** The called number: bans, and what is measured of its country, go by it. */
  readonly e164: E164;
  /** What number portability answered, where that is another number: rates and static routes are found by it. */
  readonly routedBy?: E164;
  /** Number portability was looked up already. */
  readonly npdi?: boolean;
  readonly atUs: InstantUs;
  readonly plan: RoutingPlan;
  readonly sell?: SellRate;
  /** Of a plan that sells by the carrier: what it sells for over each, in the currency of `sell`. */
  readonly sales?: CarrierSales;
  /** What shares by weight are drawn from. */
  readonly callId?: string;
  /** The call is being let through: what is in use and left now counts, whatever the clock of its switch says of its beginning. */
  readonly takesCapacity?: boolean;
  readonly account?: string;
  /** Which gateways the customer may use; undefined: all. */
  readonly gatewayAccess?: GatewayAccess;
  readonly codecs?: readonly string[];
  readonly attestation?: Attestation;
}

/** The sale against which a loss is told. */
export interface SellRate {
  readonly ratePerMinNanos: number;
  readonly currency: string;
  /** Of the expected call; where it is not told, by the schedule, else by the second at the rate. */
  readonly priceNanos?: number;
  readonly schedule?: Schedule;
  readonly rounding?: Rounding;
}

/** What a call sells for over carriers, by their code; under the empty code over all others. Undefined: it is not sold over that carrier. */
export type CarrierSales = ReadonlyMap<string, Omit<SellRate, 'currency'> | undefined>;

/** What is known and agreed of a carrier at the start of a call, for the destinations of a prefix. */
export interface LiveFacts {
  of(carrier: Carrier, prefix: string, call: Pick<RouteQuestion, 'e164' | 'atUs' | 'callId' | 'takesCapacity'>): CarrierFacts;
}

/** A carrier in its place, with the offer that put it there. */
export interface RankedOffer {
  readonly carrier: Carrier;
  readonly prefix: string;
  readonly ratePerMinNanos: number;
  /** What the expected call costs, in `currency`. */
  readonly priceNanos: number;
  /** The same in the currency that carriers were compared in; undefined where that is its own. */
  readonly converted: ConvertedPrice | undefined;
  /** What the customer pays for it, where that differs by carrier. */
  readonly sellPriceNanos: number | undefined;
  /** Those that the customer may use, in the order in which they are tried; at least one. */
  readonly gateways: readonly OfferedGateway[];
  readonly currency: string;
  readonly deckDigest: string;
  readonly place: Place;
}

/** Why a carrier is not in the list. */
export type Exclusion =
  | { readonly code: 'no_rate' }
  | { readonly code: 'not_in_plan' }
  | { readonly code: 'blocked'; readonly prefix: string }
  | { readonly code: 'shorter_prefix'; readonly prefix: string; readonly longestPrefix: string }
  | { readonly code: 'not_in_exclusive_route'; readonly prefix: string }
  | { readonly code: 'loss'; readonly priceNanos: number; readonly sellPriceNanos: number; readonly expectedSec: number; readonly convertedBy?: string }
  | { readonly code: 'margin_below_minimum'; readonly marginNanos: number; readonly marginNanosMin: number; readonly expectedSec: number; readonly convertedBy?: string }
  | { readonly code: 'no_sell_rate' }
  | { readonly code: 'no_gateway' }
  | { readonly code: 'currency_mismatch'; readonly currency: string; readonly sellCurrency: string }
  | { readonly code: 'suspended' }
  | FactExclusion;

export interface ExcludedCarrier {
  readonly carrier: Carrier;
  readonly why: Exclusion;
  /** Of the rate that it would have had; undefined where it has none. */
  readonly deckDigest: string | undefined;
}

export type RouteDecision =
  | { readonly routed: true; readonly carriers: readonly RankedOffer[]; readonly excluded: readonly ExcludedCarrier[] }
  | { readonly routed: false; readonly refusal: RouteRefusal; readonly excluded: readonly ExcludedCarrier[] };

export type RouteRefusal =
  | { readonly code: 'plan_not_in_force' }
  | ({ readonly code: 'destination_banned' } & Ban)
  | RateAboveLimit
  | { readonly code: 'no_route' };

/** The call sells for more than the policy of the plan allows; no carrier was looked at. */
export interface RateAboveLimit {
  readonly code: 'sell_rate_above_limit';
  readonly ratePerMinNanos: number;
  readonly limitNanos: number;
}

/** In place of a sell price: the plan does not sell the call over the carrier. */
export const UNSOLD = -1;

const NO_FACTS: CarrierFacts = {};
/** Never written to: without sales nothing is worked out of them. */
const NO_SALE_PRICES = new Map<string, number>();
const NOTHING_KNOWN: LiveFacts = { of: () => NO_FACTS };

/**
 * Ranks the carriers for a call by the policy of the plan; each is in the list or out of it, once, with the reason. The
 * validity of the plan, its bans and its destination rate limit are looked at before any carrier. What the order leaves equal is told apart by priority, then by carrier code, so the same
 * question always has the same answer. A carrier that would lose money against the sale is out; an equal price is no loss. Prices
 * in several currencies are compared in that of the sale, else in the first of them by the alphabet, by the exchange rates of the call's start.
 */
export function route(
  question: RouteQuestion, index: CarrierIndex, facts: LiveFacts = NOTHING_KNOWN, exchangeRates: ExchangeRates = NO_EXCHANGE_RATES,
): RouteDecision {
  const { e164, atUs, plan } = question;
  if (!plan.isInForceAt(atUs)) return { routed: false, refusal: { code: 'plan_not_in_force' }, excluded: [] };
  const ban = plan.banOf(e164);
  if (ban !== undefined) return { routed: false, refusal: { code: 'destination_banned', ...ban }, excluded: [] };
  const aboveLimit = rateAboveLimit(question);
  if (aboveLimit !== undefined) return { routed: false, refusal: aboveLimit, excluded: [] };
  const routedBy = question.routedBy ?? e164;
  const best = index.bestOffers(routedBy, atUs, plan, exchangeRates);
  const asked: Asked = {
    question, routedBy, index, facts, exchangeRates,
    currency: question.sell?.currency ?? firstCurrency(best, index),
    staticRoute: plan.staticRouteOf(routedBy),
    prefixLengthMin: plan.policy.prefixMode === 'longest_overall' ? longestOf(best, index) : 0,
    sellPriceNanos: question.sell === undefined || question.sales !== undefined ? Infinity : sellPriceOf(question.sell, plan.policy.expectedSec),
    salePrices: question.sales === undefined ? NO_SALE_PRICES : new Map<string, number>(),
  };
  const candidates: Candidate[] = [];
  const excluded: ExcludedCarrier[] = [];
  for (const carrier of index.carriers) {
    const offer = best[carrier.number] ?? noRate;
    const judged = judge(carrier, offer, asked);
    if ('code' in judged) excluded.push({ carrier, why: judged, deckDigest: offer < 0 ? undefined : index.sourceOf(offer).digest });
    else candidates.push(judged);
  }
  if (candidates.length === 0) return { routed: false, refusal: { code: 'no_route' }, excluded };
  const places = orderCandidates(candidates, plan.policy, question.callId ?? '');
  return { routed: true, carriers: candidates.map((candidate, at) => ranked(candidate, places[at] ?? 'tie_break', asked)), excluded };
}

/** A rate that is not told is above no limit. Where a plan sells by the carrier the dearest counts: nobody knows the carrier yet. */
function rateAboveLimit({ plan: { policy: { sellRateMaxNanos: limitNanos } }, sell, sales }: RouteQuestion): RateAboveLimit | undefined {
  if (sell === undefined || limitNanos === undefined) return undefined;
  let { ratePerMinNanos } = sell;
  for (const sale of sales?.values() ?? []) ratePerMinNanos = Math.max(ratePerMinNanos, sale?.ratePerMinNanos ?? 0);
  return ratePerMinNanos > limitNanos ? { code: 'sell_rate_above_limit', ratePerMinNanos, limitNanos } : undefined;
}

/** A question with what is the same for all carriers. */
interface Asked {
  readonly question: RouteQuestion;
  readonly routedBy: E164;
  readonly index: CarrierIndex;
  readonly facts: LiveFacts;
  readonly exchangeRates: ExchangeRates;
  /** What prices are compared in. */
  readonly currency: string;
  readonly staticRoute: StaticRoute | undefined;
  readonly prefixLengthMin: number;
  readonly sellPriceNanos: number;
  /** What was worked out of the sales by carrier. */
  readonly salePrices: Map<string, number>;
}

/** The longest prefix of an active carrier of the plan, blocked ones included, whatever else is said of the carrier. */
function longestOf(best: Int32Array, index: CarrierIndex): number {
  let longest = 0;
  for (const { active, number } of index.carriers) {
    const offer = best[number] ?? -1;
    if (active && offer >= 0) longest = Math.max(longest, index.prefixLengthOf(offer));
  }
  return longest;
}

/** The first of the currencies of active carriers by the alphabet: nearly always the only one. */
function firstCurrency(best: Int32Array, index: CarrierIndex): string {
  let first = '';
  for (const { active, number } of index.carriers) {
    const offer = best[number] ?? noRate;
    if (!active || offer < 0) continue;
    const { currency } = index.sourceOf(offer);
    if (first === '' || currency < first) first = currency;
  }
  return first;
}

/** Of the expected call, before tax. */
function sellPriceOf({ priceNanos, ratePerMinNanos, schedule, rounding }: Omit<SellRate, 'currency'>, expectedSec: number): number {
  if (schedule === undefined) return priceNanos ?? expectedPrice(ratePerMinNanos, BY_THE_SECOND, expectedSec, rounding);
  const { terms } = schedule;
  return priceNanos ?? Number(priceOf(terms.taxPpm === 0 ? schedule : { ...schedule, terms: { ...terms, taxPpm: 0 } }, expectedSec).amount);
}

/** What the customer pays over a carrier where that differs by carrier; undefined where it does not, UNSOLD where the call is not sold over it. */
function salePriceOver({ carrierCode }: Carrier, { question: { sales, plan }, salePrices }: Asked): number | undefined {
  if (sales === undefined) return undefined;
  const named = sales.has(carrierCode) ? carrierCode : '';
  const known = salePrices.get(named);
  if (known !== undefined) return known;
  const sale = sales.get(named);
  const priceNanos = sale === undefined ? UNSOLD : sellPriceOf(sale, plan.policy.expectedSec);
  salePrices.set(named, priceNanos);
  return priceNanos;
}

function judge(carrier: Carrier, offer: number, asked: Asked): Candidate | Exclusion {
  const { question: { plan }, routedBy, index, staticRoute, prefixLengthMin } = asked;
  if (!carrier.active) return { code: 'suspended' };
  if (offer < 0) return { code: offer === notInPlan ? 'not_in_plan' : 'no_rate' };
  const prefixLength = index.prefixLengthOf(offer);
  if (prefixLength < prefixLengthMin) return { code: 'shorter_prefix', prefix: index.prefixOf(offer, routedBy), longestPrefix: routedBy.slice(0, prefixLengthMin) };
  if (index.rateOf(offer) === Infinity) return { code: 'blocked', prefix: index.prefixOf(offer, routedBy) };
  const staticAt = staticRoute === undefined ? -1 : staticRoute.carrierCodes.indexOf(carrier.carrierCode);
  if (staticRoute?.exclusive === true && staticAt < 0) return { code: 'not_in_exclusive_route', prefix: staticRoute.prefix };
  if (needsGateway(carrier, asked.question) && !hasGateway(carrier, asked.question.gatewayAccess)) return { code: 'no_gateway' };
  const facts = asked.facts.of(carrier, index.prefixOf(offer, routedBy), asked.question);
  const why = factExclusion(facts, asked.question);
  if (why !== undefined) return why;
  const ownSalePriceNanos = facts.sellPriceNanos ?? salePriceOver(carrier, asked);
  if (ownSalePriceNanos === UNSOLD) return { code: 'no_sell_rate' };
  const ownPriceNanos = index.priceOf(offer, plan.policy.expectedSec);
  const { currency } = index.sourceOf(offer);
  const converted = currency === asked.currency ? undefined : convertedPrice(ownPriceNanos, currency, asked.currency, asked.question.atUs, asked.exchangeRates);
  const candidate: Candidate = {
    carrier, offer, prefixLength, facts, ownPriceNanos, converted,
    priceNanos: converted?.priceNanos ?? ownPriceNanos,
    sellPriceNanos: ownSalePriceNanos ?? asked.sellPriceNanos,
    hasOwnSale: ownSalePriceNanos !== undefined,
    metric: plan.metricOf(index.sourceOf(offer)),
    staticPlace: staticAt < 0 ? Infinity : staticAt,
    group: 0, drawn: 0,
  };
  return unprofitable(candidate, asked) ?? candidate;
}

function needsGateway({ gateways }: Carrier, { gatewayAccess }: RouteQuestion): boolean {
  return gateways !== undefined || gatewayAccess !== undefined;
}

function unprofitable({ offer, priceNanos, converted, sellPriceNanos }: Candidate, { question: { sell, plan: { policy } }, index }: Asked): Exclusion | undefined {
  if (sellPriceNanos === Infinity) return undefined;
  const { currency } = index.sourceOf(offer);
  if (sell !== undefined && currency !== sell.currency && converted === undefined) return { code: 'currency_mismatch', currency, sellCurrency: sell.currency };
  const { lossAllowed, marginNanosMin, marginPpmMin, expectedSec } = policy;
  const by = converted === undefined ? {} : { convertedBy: converted.by };
  if (priceNanos > sellPriceNanos && !lossAllowed) return { code: 'loss', priceNanos, sellPriceNanos, expectedSec, ...by };
  if (marginNanosMin === 0 && marginPpmMin === 0) return undefined;
  // In whole numbers, because a product with a price is beyond what a double holds exactly.
  const byShare = Number((BigInt(sellPriceNanos) * BigInt(marginPpmMin) + 999_999n) / 1_000_000n);
  const wanted = Math.max(marginNanosMin, byShare);
  const marginNanos = sellPriceNanos - priceNanos;
  return marginNanos < wanted ? { code: 'margin_below_minimum', marginNanos, marginNanosMin: wanted, expectedSec, ...by } : undefined;
}

function ranked({ carrier, offer, ownPriceNanos: priceNanos, converted, hasOwnSale, sellPriceNanos: sale }: Candidate, place: Place, { question, routedBy, index }: Asked): RankedOffer {
  const sellPriceNanos = hasOwnSale ? sale : undefined;
  const { currency, digest: deckDigest } = index.sourceOf(offer);
  const gateways = gatewaysFor(carrier, question.gatewayAccess, question.callId ?? '');
  return { carrier, prefix: index.prefixOf(offer, routedBy), ratePerMinNanos: index.rateOf(offer), priceNanos, converted, sellPriceNanos, gateways, currency, deckDigest, place };
}
