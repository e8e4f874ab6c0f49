import type { InstantUs } from '@tollwire/core';
import type { E164 } from '@tollwire/telecom';
import { type CarrierIndex, notInPlan } from './carrier-index.ts';
import type { Carrier } from './carriers.ts';
import type { Ban, RoutingPlan } from './routing-plan.ts';

/** What the router is asked: a number at an instant, for the customer of a plan, against the price it is sold at. */
export interface RouteQuestion {
  readonly e164: E164;
  readonly atUs: InstantUs;
  readonly plan: RoutingPlan;
  readonly sell?: SellRate;
}

/** The sell rate against which a loss is told. */
export interface SellRate {
  readonly ratePerMinNanos: number;
  readonly currency: string;
}

/** A carrier in its place, with the offer that put it there. */
export interface RankedOffer {
  readonly carrier: Carrier;
  readonly prefix: string;
  readonly ratePerMinNanos: number;
  readonly currency: string;
  readonly deckDigest: string;
  /** What decided against the carrier one place above. */
  readonly place: 'cheapest' | 'dearer' | 'lower_priority' | 'tie_break';
}

/** Why a carrier is not in the list. */
export type Exclusion =
  | { readonly code: 'no_rate' }
  | { readonly code: 'not_in_plan' }
  | { readonly code: 'blocked'; readonly prefix: string }
  | { readonly code: 'loss'; readonly ratePerMinNanos: number; readonly sellRatePerMinNanos: number }
  | { readonly code: 'currency_mismatch'; readonly currency: string; readonly sellCurrency: string }
  | { readonly code: 'suspended' };

export interface ExcludedCarrier {
  readonly carrier: Carrier;
  readonly why: Exclusion;
}

export type RouteDecision =
  | { readonly routed: true; readonly carriers: readonly RankedOffer[]; readonly excluded: readonly ExcludedCarrier[] }
  | { readonly routed: false; readonly refusal: RouteRefusal; readonly excluded: readonly ExcludedCarrier[] };

export type RouteRefusal =
  | ({ readonly code: 'destination_banned' } & Ban)
  | { readonly code: 'no_route' };

/**
 * Ranks the carriers for a call by least cost, each by its own longest valid prefix (`longest_per_carrier`).
 * Bans are looked at before any carrier. Among equal prices the lower priority goes first, then the carrier code,
 * so the same question always has the same answer. A carrier that would lose money against the sell rate is out;
 * an equal price is not a loss.
 */
export function route(question: RouteQuestion, index: CarrierIndex): RouteDecision {
  const ban = question.plan.banOf(question.e164);
  if (ban !== undefined) return { routed: false, refusal: { code: 'destination_banned', ...ban }, excluded: [] };
  const best = index.bestOffers(question.e164, question.atUs, question.plan);
  const offers: Offer[] = [];
  const excluded: ExcludedCarrier[] = [];
  for (const carrier of index.carriers) {
    const offer = best[carrier.number] ?? -1;
    const why = exclusionOf(carrier, offer, question, index);
    if (why === undefined) offers.push({ carrier, offer });
    else excluded.push({ carrier, why });
  }
  if (offers.length === 0) return { routed: false, refusal: { code: 'no_route' }, excluded };
  offers.sort((left, right) => compare(left.carrier, index.rateOf(left.offer), right.carrier, index.rateOf(right.offer)));
  return { routed: true, carriers: rank(offers, question.e164, index), excluded };
}

interface Offer {
  readonly carrier: Carrier;
  readonly offer: number;
}

function exclusionOf(carrier: Carrier, offer: number, question: RouteQuestion, index: CarrierIndex): Exclusion | undefined {
  if (!carrier.active) return { code: 'suspended' };
  if (offer < 0) return { code: offer === notInPlan ? 'not_in_plan' : 'no_rate' };
  if (index.rateOf(offer) === Infinity) return { code: 'blocked', prefix: index.prefixOf(offer, question.e164) };
  const { sell } = question;
  if (sell === undefined) return undefined;
  const { currency } = index.sourceOf(offer);
  if (currency !== sell.currency) return { code: 'currency_mismatch', currency, sellCurrency: sell.currency };
  const ratePerMinNanos = index.rateOf(offer);
  return ratePerMinNanos > sell.ratePerMinNanos ? { code: 'loss', ratePerMinNanos, sellRatePerMinNanos: sell.ratePerMinNanos } : undefined;
}

function compare(left: Carrier, leftRate: number, right: Carrier, rightRate: number): number {
  if (leftRate !== rightRate) return leftRate - rightRate;
  if (left.priority !== right.priority) return left.priority - right.priority;
  return left.carrierCode < right.carrierCode ? -1 : 1;
}

function rank(offers: readonly Offer[], e164: E164, index: CarrierIndex): RankedOffer[] {
  let above: RankedOffer | undefined;
  return offers.map(({ carrier, offer }) => {
    const source = index.sourceOf(offer);
    const ratePerMinNanos = index.rateOf(offer);
    above = {
      carrier,
      prefix: index.prefixOf(offer, e164),
      ratePerMinNanos,
      currency: source.currency,
      deckDigest: source.digest,
      place: placeAgainst(above, ratePerMinNanos, carrier),
    };
    return above;
  });
}

function placeAgainst(above: RankedOffer | undefined, ratePerMinNanos: number, carrier: Carrier): RankedOffer['place'] {
  if (above === undefined) return 'cheapest';
  if (ratePerMinNanos > above.ratePerMinNanos) return 'dearer';
  return carrier.priority > above.carrier.priority ? 'lower_priority' : 'tie_break';
}
