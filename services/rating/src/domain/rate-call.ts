import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import { callUsMax, type E164, type ExchangeRates, nanos, normalizeE164, type Pulses } from '@tollwire/telecom';
import type { Draw } from './allowance.ts';
import { buyWithAttempts, carrierCharges, type FailedAttempt, hasForeignFee, inBuyCurrency, rateAttempts, type RatedAttempt } from './attempts.ts';
import { type Margin, marginOf, type MarginRefusal, netOf } from './margin.ts';
import { type Money, priceAt, type PriceRefusal, type RatedSide, type Talk } from './price-at.ts';
import { type BuyRefusal, buyRateOf, type PlanRef, type RatingTables, type SellRefusal, type SellTerms, sellRateOf, termsOf } from './tables.ts';
import { tablesWhenAuthorized } from './tables-when-authorized.ts';

/** Who pays, as far as the price depends on it. */
export interface Subscriber {
  readonly plan: PlanRef;
  readonly pulses: Pulses | undefined;
}

/** A call that has ended, as far as its price depends on it. */
export interface EndedCall {
  readonly calledNumber: string;
  /** By which its carriers were found, where number portability led elsewhere; absent: by the called number. */
  readonly routingNumber?: string;
  readonly startedAt: InstantUs;
  /** When credit was given for it; absent: it was not asked for, or nobody remembers. */
  readonly authorizedAt?: InstantUs;
  /** Undefined: never answered. */
  readonly answeredAt: InstantUs | undefined;
  readonly endedAt: InstantUs;
  /** The carrier that connected the call; empty where none did. */
  readonly carrierCode: string;
  /** Attempts over carriers that did not connect it, in their order; none where nothing is said. */
  readonly failedAttempts?: readonly FailedAttempt[];
  /** A price that the sender has set: kept as it is. */
  readonly preRatedSell: Money | undefined;
}

/** What the carriers of a call take. */
export interface Bought {
  /** With the fees of failed attempts. Its derivation is of the carrier that connected the call, if one did. */
  readonly buy: RatedSide | undefined;
  /** Attempts that failed, each with what its carrier takes for it; none where nothing is said. */
  readonly attempts?: readonly RatedAttempt[];
  /** Why a carrier that connected the call has no price. */
  readonly buyRefusal: BuyRefusal | undefined;
}

/** What a call sells for and costs. */
export interface RatedCall extends Bought {
  /** Empty where the number cannot be read and the call costs nothing anyway. */
  readonly calledE164: string;
  /** By which the carriers' prices were looked up, where that is another number; as it was told where it cannot be read. */
  readonly routedBy?: string;
  /** The versions of decks and plans are those of then; absent: those of the instant that picks the rate. */
  readonly authorizedAt?: InstantUs;
  /** Whole seconds of conversation, rounded up. */
  readonly durationSec: number;
  readonly sell: RatedSide;
  /** What is left when carriers are paid, or why that is not known; absent where there is no buy price, or a part of it is missing. */
  readonly margin?: Margin | MarginRefusal;
  readonly preRated: boolean;
}

export type RatingRefusal =
  | SellRefusal
  | { readonly code: 'unknown_party' }
  | { readonly code: 'number_malformed' | 'number_not_international'; readonly dialled: string }
  | { readonly code: 'times_out_of_order' | 'duration_malformed' }
  | PriceRefusal;

/**
 * Prices a call on both sides, by the rates in force when it was answered (where it was not: set up). A call that was
 * not answered costs nothing, with whatever facts can be found; one that was answered is refused where its plan,
 * number or sell rate cannot be found. A missing buy price refuses nothing: it is told beside the sell price. What sells a call
 * goes by its called number, what carriers take by the number that they were found by. A call that was authorized keeps the versions
 * of then.
 * Of the sell price, allowances pay for the seconds that were drawn from them.
 */
export function rateCall(
  call: EndedCall, subscriber: Subscriber | undefined, tablesNow: RatingTables, draws: readonly Draw[] = [],
): Result<RatedCall, RatingRefusal> {
  if (!inOrder(call)) return refuse({ code: 'times_out_of_order' });
  if (call.endedAt - call.startedAt > callUsMax) return refuse({ code: 'duration_malformed' });
  const durationSec = call.answeredAt === undefined ? 0 : Math.ceil((call.endedAt - call.answeredAt) / 1_000_000);
  const number = normalizeE164(call.calledNumber);
  const e164 = number.ok ? number.value : undefined;
  const at = call.answeredAt ?? call.startedAt;
  const { authorizedAt } = call;
  const tables = authorizedAt === undefined ? tablesNow : tablesWhenAuthorized(tablesNow, authorizedAt, at);
  const answered = call.answeredAt !== undefined;
  // A customer pays for one attempt, the last, and only where it failed.
  const talk: Talk = { at, durationSec, scheduledSec: durationSec, answered, failedAttemptCount: answered ? 0 : 1 };
  const sell = call.preRatedSell === undefined ? sellOf(subscriber, number, tables, { talk, carrierCode: call.carrierCode }, draws) : ok({ amount: call.preRatedSell, derivation: undefined });
  if (!sell.ok) return sell;
  const { carriersE164, routedBy } = carriersNumberOf(call, e164);
  const connected = buySideOf(call, subscriber?.plan, carriersE164, tables, { ...talk, failedAttemptCount: 0 });
  const connectedSide = typeof connected === 'string' ? undefined : connected;
  const attempts = inBuyCurrency(connectedSide, rateAttempts(call.failedAttempts ?? [], subscriber?.plan, carriersE164, tables), tables.exchangeRates, at);
  const buy = buyWithAttempts(connectedSide, attempts);
  const bought: Bought = {
    buy: typeof buy === 'string' ? undefined : buy,
    buyRefusal: typeof buy === 'string' ? buy : typeof connected === 'string' ? connected : undefined,
    ...(attempts.length === 0 ? {} : { attempts }),
  };
  const margin = marginBetween(sell.value, bought, talk, tables.exchangeRates);
  return ok({
    calledE164: e164 ?? '',
    ...(routedBy === undefined ? {} : { routedBy }),
    ...(authorizedAt === undefined ? {} : { authorizedAt }),
    durationSec,
    sell: sell.value,
    ...bought,
    ...(margin === undefined ? {} : { margin }),
    preRated: call.preRatedSell !== undefined,
  });
}

/** What is left of a sell price when the carriers of a call are paid; undefined where it has no buy price, or a part of it is missing. */
export function marginBetween(
  sell: RatedSide, { buy, buyRefusal, attempts = [] }: Bought, talk: Pick<Talk, 'at' | 'answered' | 'durationSec'>, rates: ExchangeRates,
): Margin | MarginRefusal | undefined {
  if (buy === undefined || buyRefusal !== undefined || attempts.some(({ cost }) => typeof cost === 'string')) return undefined;
  // Without a fee that could not be converted a margin would be too high, so there is none.
  if (hasForeignFee(buy, attempts)) return 'no_exchange_rate';
  return marginOf({ nanos: netOf(sell, talk), currency: sell.amount.currency }, buy.amount, rates, talk.at);
}

/** The seconds of a call that somebody has to pay for by a rate. */
export function chargeableSec({ sell, preRated }: RatedCall): number {
  return preRated || sell.amount.nanos === 0n ? 0 : (sell.derivation?.billedSec ?? 0);
}

/** How a call that was rated is rated with free seconds; undefined where it cannot be rated so. */
export function withDraws(call: EndedCall, subscriber: Subscriber | undefined, tables: RatingTables) {
  return (draws: readonly Draw[]): RatedCall | undefined => {
    const beside = rateCall(call, subscriber, tables, draws);
    return beside.ok ? beside.value : undefined;
  };
}

/** What carriers' prices are looked up by. A routing number that cannot be read has none, because nobody knows how the call was routed. */
function carriersNumberOf({ routingNumber }: EndedCall, called: E164 | undefined): { readonly carriersE164: E164 | undefined; readonly routedBy: string | undefined } {
  if (routingNumber === undefined) return { carriersE164: called, routedBy: undefined };
  const read = normalizeE164(routingNumber);
  if (!read.ok) return { carriersE164: undefined, routedBy: routingNumber };
  return { carriersE164: read.value, routedBy: read.value === called ? undefined : read.value };
}

function inOrder({ startedAt, answeredAt = startedAt, endedAt }: EndedCall): boolean {
  return startedAt <= answeredAt && answeredAt <= endedAt;
}

function sellOf(
  subscriber: Subscriber | undefined,
  number: ReturnType<typeof normalizeE164>,
  tables: RatingTables,
  { talk, carrierCode }: { readonly talk: Talk; readonly carrierCode: string },
  draws: readonly Draw[],
): Result<RatedSide, RatingRefusal> {
  if (subscriber === undefined) return refuse({ code: 'unknown_party' });
  const { plan, pulses } = subscriber;
  const terms = termsOf(tables, plan, talk.at);
  if (!terms.ok) return terms;
  const found = number.ok ? sellRateOf(tables, plan, terms.value, number.value, talk.at, carrierCode) : number;
  if (found.ok) return priceAt(found.value, talk, terms.value, pulses, draws);
  return talk.durationSec === 0 ? ok(nothing(terms.value)) : found;
}

function nothing({ currency }: Pick<SellTerms, 'currency'>): RatedSide {
  return { amount: { nanos: nanos(0n), currency }, derivation: undefined };
}

function buySideOf(
  call: EndedCall,
  plan: PlanRef | undefined,
  e164: E164 | undefined,
  tables: RatingTables,
  talk: Talk,
): RatedSide | BuyRefusal | undefined {
  if (call.carrierCode === '') return undefined;
  if (e164 === undefined) return 'no_buy_rate';
  const found = buyRateOf(tables, plan, call.carrierCode, e164, talk.at);
  if (typeof found === 'string') return found;
  const priced = priceAt(found, talk, carrierCharges);
  return priced.ok ? priced.value : priced.refusal.code;
}
