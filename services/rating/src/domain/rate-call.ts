import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import { billedSec, callUsMax, charge, type E164, nanos, type Nanos, normalizeE164, ROUND_TO_NANOS, type RateTerms, type Rounding } from '@tollwire/telecom';
import {
  type BuyRefusal, buyRateOf, type FoundRate, type PlanRef, type RatingTables, type SellRefusal, type SellTerms, sellRateOf, termsOf,
} from './tables.ts';

/** The pulses of a card type, which stand for the increments of the rate: `startpulse` for the first, `frequency` after. */
export type Pulses = Pick<RateTerms, 'initialIncrementSec' | 'incrementSec'>;

/** Who pays, as far as the price depends on it. */
export interface Subscriber {
  readonly plan: PlanRef;
  readonly pulses: Pulses | undefined;
}

/** An amount with its currency. */
export interface Money {
  readonly nanos: Nanos;
  readonly currency: string;
}

/** A call that has ended, as far as its price depends on it. */
export interface EndedCall {
  readonly calledNumber: string;
  readonly startedAt: InstantUs;
  /** Undefined: never answered. */
  readonly answeredAt: InstantUs | undefined;
  readonly endedAt: InstantUs;
  /** The carrier that connected the call; empty where none did. */
  readonly carrierCode: string;
  /** A price that the sender has set: kept as it is. */
  readonly preRatedSell: Money | undefined;
}

/** The facts that led to an amount: enough to work it out again. */
export interface Derivation {
  readonly deckDigest: string;
  readonly prefix: string;
  /** What the number plan of the catalog has for that prefix; 0: unknown. */
  readonly countryPrefixId: number;
  readonly terms: RateTerms;
  readonly billedSec: number;
  readonly rounding: Rounding;
}

/** One side of a rated call. Without a derivation the amount follows from no rate: not answered, or set by the sender. */
export interface RatedSide {
  readonly amount: Money;
  readonly derivation: Derivation | undefined;
}

/** What a call sells for and costs. */
export interface RatedCall {
  /** Empty where the number cannot be read and the call costs nothing anyway. */
  readonly calledE164: string;
  /** Whole seconds of conversation, rounded up. */
  readonly durationSec: number;
  readonly sell: RatedSide;
  readonly buy: RatedSide | undefined;
  /** Why a carrier that connected the call has no price. */
  readonly buyRefusal: BuyRefusal | undefined;
  readonly preRated: boolean;
}

export type RatingRefusal =
  | SellRefusal
  | { readonly code: 'unknown_party' }
  | { readonly code: 'number_malformed' | 'number_not_international'; readonly dialled: string }
  | { readonly code: 'times_out_of_order' | 'duration_malformed' }
  | PriceRefusal;

/** The price of a call is beyond what an amount can be: one of the rate, the pulses and the seconds is absurd. */
export interface PriceRefusal {
  readonly code: 'amount_malformed';
}

/** A signed 64-bit number of nanos, as messages and tables hold it. */
const AMOUNT_NANOS_MAX = 2n ** 63n - 1n;
/** An integer of the database. */
const BILLED_SEC_MAX = 2 ** 31 - 1;

/**
 * Prices a call on both sides, by the rates in force when it was answered (where it was not: set up). A call that was
 * not answered costs nothing, with whatever facts can be found; one that was answered is refused where its plan,
 * number or sell rate cannot be found. A missing buy price refuses nothing: it is told beside the sell price.
 */
export function rateCall(call: EndedCall, subscriber: Subscriber | undefined, tables: RatingTables): Result<RatedCall, RatingRefusal> {
  if (!inOrder(call)) return refuse({ code: 'times_out_of_order' });
  if (call.endedAt - call.startedAt > callUsMax) return refuse({ code: 'duration_malformed' });
  const durationSec = call.answeredAt === undefined ? 0 : Math.ceil((call.endedAt - call.answeredAt) / 1_000_000);
  const number = normalizeE164(call.calledNumber);
  const e164 = number.ok ? number.value : undefined;
  const at = call.answeredAt ?? call.startedAt;
  const sell = call.preRatedSell === undefined ? sellOf(subscriber, number, tables, at, durationSec) : ok({ amount: call.preRatedSell, derivation: undefined });
  if (!sell.ok) return sell;
  const buy = buySideOf(call, subscriber?.plan, e164, tables, at, durationSec);
  return ok({
    calledE164: e164 ?? '',
    durationSec,
    sell: sell.value,
    buy: typeof buy === 'string' ? undefined : buy,
    buyRefusal: typeof buy === 'string' ? buy : undefined,
    preRated: call.preRatedSell !== undefined,
  });
}

/** What `durationSec` seconds cost at a rate that was found, with the facts behind it. Refused beyond what an amount holds. */
export function priceOf({ deck, row }: FoundRate, durationSec: number, rounding: Rounding, pulses?: Pulses): Result<RatedSide, PriceRefusal> {
  const terms = pulses === undefined ? deck.rates.termsAt(row) : { ...deck.rates.termsAt(row), ...pulses };
  const amount = pulses === undefined ? deck.rates.chargeAt(row, durationSec, rounding) : charge(durationSec, terms, rounding);
  const billed = billedSec(durationSec, terms);
  if (amount > AMOUNT_NANOS_MAX || billed > BILLED_SEC_MAX) return refuse({ code: 'amount_malformed' });
  return ok({
    amount: { nanos: amount, currency: deck.currency },
    derivation: {
      deckDigest: deck.digest,
      prefix: deck.rates.prefixAt(row),
      countryPrefixId: deck.rates.countryPrefixIdAt(row),
      terms,
      billedSec: billed,
      rounding,
    },
  });
}

function inOrder({ startedAt, answeredAt = startedAt, endedAt }: EndedCall): boolean {
  return startedAt <= answeredAt && answeredAt <= endedAt;
}

function sellOf(
  subscriber: Subscriber | undefined,
  number: ReturnType<typeof normalizeE164>,
  tables: RatingTables,
  at: InstantUs,
  durationSec: number,
): Result<RatedSide, RatingRefusal> {
  if (subscriber === undefined) return refuse({ code: 'unknown_party' });
  const { plan, pulses } = subscriber;
  const terms = termsOf(tables, plan);
  if (!terms.ok) return terms;
  const found = number.ok ? sellRateOf(tables, plan, terms.value, number.value, at) : number;
  if (found.ok) return priceOf(found.value, durationSec, terms.value.rounding, pulses);
  return durationSec === 0 ? ok(nothing(terms.value)) : found;
}

function nothing({ currency }: Pick<SellTerms, 'currency'>): RatedSide {
  return { amount: { nanos: nanos(0n), currency }, derivation: undefined };
}

function buySideOf(
  call: EndedCall,
  plan: PlanRef | undefined,
  e164: E164 | undefined,
  tables: RatingTables,
  at: InstantUs,
  durationSec: number,
): RatedSide | BuyRefusal | undefined {
  if (call.carrierCode === '') return undefined;
  if (e164 === undefined) return 'no_buy_rate';
  const found = buyRateOf(tables, plan, call.carrierCode, e164, at);
  if (typeof found === 'string') return found;
  const priced = priceOf(found, durationSec, ROUND_TO_NANOS);
  return priced.ok ? priced.value : priced.refusal.code;
}
