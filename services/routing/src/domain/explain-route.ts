import { unreachable } from '@tollwire/core';
import { formatNanos } from '@tollwire/telecom';
import type { FactExclusion, QualityFault } from './carrier-facts.ts';
import type { Exclusion, RankedOffer, RateAboveLimit } from './route.ts';
import type { Place } from './route-order.ts';

/** What put a carrier first, or what decided for the one above it; % stands for its own priority. */
const PLACES: Readonly<Record<Place, string>> = {
  cheapest: 'cheapest',
  preferred: 'highest priority (%) among the cheapest within the delta',
  highest_priority: 'highest priority',
  cheapest_to_customer: 'cheapest to the customer',
  best_quality: 'best quality',
  drawn: 'drawn by weight',
  static_route: 'first of the static route',
  after_static_route: 'after the carriers above in the static route',
  shorter_prefix: 'shorter prefix than the carrier above',
  dearer: 'dearer than the carrier above',
  dearer_to_customer: 'dearer to the customer than the carrier above',
  higher_metric: 'higher metric in the plan than the carrier above',
  lower_priority: 'same price as the carrier above, lower priority (%)',
  less_preferred: 'lower priority (%) than the carrier above',
  lower_asr: 'lower ASR than the carrier above',
  lower_acd: 'shorter ACD than the carrier above',
  longer_pdd: 'longer PDD than the carrier above',
  drawn_later: 'drawn by weight after the carrier above',
  tie_break: 'same price and priority as the carrier above, later carrier code',
};

/** Why a carrier stands in its place, for people. */
export function placeReason({ carrier, place, prefix, ratePerMinNanos, priceNanos, converted, currency, sellPriceNanos }: RankedOffer): string {
  const price = priceNanos === ratePerMinNanos ? '' : `, ${amount(priceNanos)} for the expected call`;
  const also = converted === undefined ? '' : `: ${amount(converted.priceNanos)} ${converted.currency}, by ${converted.by}`;
  const decided = PLACES[place].replace('%', String(carrier.priority));
  return `${decided}: prefix ${prefix} at ${amount(ratePerMinNanos)} ${currency} a minute${price}${also}${sellPriceNanos === undefined ? '' : `, sold for ${amount(sellPriceNanos)}`}`;
}

/** Why a carrier is out, for people. */
export function exclusionReason(why: Exclusion): string {
  switch (why.code) {
    case 'no_rate':
      return 'has no rate for this number at this time';
    case 'not_in_plan':
      return 'has a rate, but its carrier plan is not linked to the customer’s plan';
    case 'blocked':
      return `blocks prefix ${why.prefix}`;
    case 'shorter_prefix':
      return `has prefix ${why.prefix} only, and others have the longer ${why.longestPrefix}`;
    case 'not_in_exclusive_route':
      return `is not named by the exclusive route of prefix ${why.prefix}`;
    case 'loss':
      return `costs ${amount(why.priceNanos)} for ${length(why.expectedSec)}, more than the ${amount(why.sellPriceNanos)} that it is sold for${conversion(why)}`;
    case 'margin_below_minimum':
      return `leaves a margin of ${amount(why.marginNanos)} for ${length(why.expectedSec)}, less than the ${amount(why.marginNanosMin)} that the plan wants${conversion(why)}`;
    case 'currency_mismatch':
      return `is paid in ${why.currency}, the call is sold in ${why.sellCurrency}, and no exchange rate leads there then`;
    case 'no_sell_rate':
      return 'is a carrier over which the plan does not sell the call';
    case 'no_gateway':
      return 'has no gateway that this customer may use now';
    case 'suspended':
      return 'is suspended by an operator';
    case 'not_for_account':
    case 'outside_hours':
    case 'codec_mismatch':
    case 'attestation_mismatch':
    case 'balance_used_up':
    case 'at_capacity':
    case 'quality_locked':
      return factReason(why);
    default:
      return unreachable(why);
  }
}

function factReason(why: FactExclusion): string {
  switch (why.code) {
    case 'not_for_account':
      return why.account === '' ? 'takes calls of certain accounts only' : `does not take calls of account ${why.account}`;
    case 'outside_hours':
      return 'is outside its hours';
    case 'codec_mismatch':
      return `takes none of the call’s codecs, only ${why.takes.join(', ')}`;
    case 'attestation_mismatch':
      return `wants attestation ${why.attestationMin} or better, the call has ${why.attestation}`;
    case 'balance_used_up':
      return 'has no balance left';
    case 'at_capacity':
      return `has ${why.inUse} of at most ${why.max} ${why.of === 'concurrent_calls' ? 'calls at once' : 'calls this second'}`;
    case 'quality_locked': {
      const retry = why.retryAtUs === undefined ? '' : `, tried again at ${new Date(why.retryAtUs / 1000).toISOString()}`;
      return `is locked for its quality${why.below === undefined ? '' : `: ${faultText(why.below)}`}${retry}`;
    }
    default:
      return unreachable(why);
  }
}

/** What was below its limit, for people. */
export function faultText({ measure, measured, limit }: QualityFault): string {
  switch (measure) {
    case 'asr':
      return `ASR ${measured}, at least ${limit} wanted`;
    case 'acd_sec':
      return `ACD ${measured} s, at least ${limit} s wanted`;
    case 'pdd_ms':
      return `PDD ${measured} ms, at most ${limit} ms wanted`;
    default:
      return unreachable(measure);
  }
}

/** What a call sells for, and the limit that it is above, for people: the same live and of a document. */
export function rateLimitFacts({ ratePerMinNanos, limitNanos }: RateAboveLimit): { readonly ratePerMin: string; readonly limit: string } {
  return { ratePerMin: formatNanos(BigInt(ratePerMinNanos)), limit: formatNanos(BigInt(limitNanos)) };
}

function conversion({ convertedBy }: { readonly convertedBy?: string }): string {
  return convertedBy === undefined ? '' : `, converted by ${convertedBy}`;
}

function length(sec: number): string {
  return sec === 60 ? 'a minute' : `${sec} s`;
}

function amount(nanos: number): string {
  return formatNanos(BigInt(nanos), 4);
}
