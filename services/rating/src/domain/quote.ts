import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import { charge, normalizeE164, priceOf, type Rounding } from '@tollwire/telecom';
import { type Draw, firstOf } from './allowance.ts';
import { priceAt, type PriceRefusal, type RatedSide } from './price-at.ts';
import type { Subscriber } from './rate-call.ts';
import { carriersSoldBy, type FoundRate, type RatingTables, type SellRefusal, sellRateOf, termsOf } from './tables.ts';

/** What a price is asked for. */
export interface QuoteQuestion {
  readonly subscriber: Subscriber;
  readonly number: string;
  readonly at: InstantUs;
  /** 0: only the terms are wanted. */
  readonly durationSec: number;
}

/** The price, the rate that it comes from, and the rounding of the plan. */
export interface Quote {
  readonly found: FoundRate;
  readonly side: RatedSide;
  readonly rounding: Rounding;
}

const DAY_SEC = 86_400;

export type QuoteRefusal = SellRefusal | PriceRefusal | { readonly code: 'number_malformed' | 'number_not_international'; readonly dialled: string };

/** What a call would sell for over a carrier; an empty code: over all that the plan has no price of their own for. */
export interface CarrierQuote {
  readonly carrierCode: string;
  readonly quoted: Result<Quote, QuoteRefusal>;
}

/** By which the dearest of several prices is found where no duration is asked for. */
const MINUTE_SEC = 60;

/**
 * What a call would sell for: by the same search and the same arithmetic as a call that has ended. Of the seconds that are
 * offered free as many count as lower its price. Where a plan sells by the carrier it is the dearest of all, as long as nobody knows the carrier.
 */
export function quote(question: QuoteQuestion, tables: RatingTables, offered: readonly Draw[] = []): Result<Quote, QuoteRefusal> {
  const byCarrier = quotesByCarrier(question, tables, offered);
  return byCarrier.length === 0 ? quoteOver('', question, tables, offered) : dearestOf(byCarrier, question.durationSec);
}

/** What a call would sell for over each carrier that the plan has a price of its own for, and over all others; none where it sells for the same over all. */
export function quotesByCarrier(question: QuoteQuestion, tables: RatingTables, offered: readonly Draw[] = []): readonly CarrierQuote[] {
  const codes = carriersSoldBy(tables, question.subscriber.plan, question.at);
  return codes.length === 0 ? [] : ['', ...codes].map((carrierCode) => ({ carrierCode, quoted: quoteOver(carrierCode, question, tables, offered) }));
}

/** The dearest of them; where none sells the call, why it is not sold over carriers that are not named. */
export function dearestOf(byCarrier: readonly CarrierQuote[], durationSec: number): Result<Quote, QuoteRefusal> {
  let dearest: Quote | undefined;
  for (const { quoted } of byCarrier) if (quoted.ok && (dearest === undefined || priceOfMinute(quoted.value, durationSec) > priceOfMinute(dearest, durationSec))) dearest = quoted.value;
  const [first] = byCarrier;
  if (dearest !== undefined) return ok(dearest);
  return first?.quoted ?? refuse({ code: 'no_sell_rate' });
}

function priceOfMinute({ side: { amount, derivation }, rounding }: Quote, durationSec: number): bigint {
  if (durationSec > 0 || derivation === undefined) return amount.nanos;
  const { schedule, terms } = derivation;
  return schedule === undefined ? charge(MINUTE_SEC, terms, rounding) : priceOf(schedule, MINUTE_SEC).amount;
}

function quoteOver(carrierCode: string, question: QuoteQuestion, tables: RatingTables, offered: readonly Draw[]): Result<Quote, QuoteRefusal> {
  const { plan, pulses } = question.subscriber;
  const number = normalizeE164(question.number);
  if (!number.ok) return refuse(number.refusal);
  const terms = termsOf(tables, plan, question.at);
  if (!terms.ok) return terms;
  const found = sellRateOf(tables, plan, terms.value, number.value, question.at, carrierCode);
  if (!found.ok) return found;
  const { rounding } = terms.value;
  const { at, durationSec } = question;
  // Who asks for terms alone reserves by them, for a call of a day at most.
  const talk = { at, durationSec, scheduledSec: durationSec === 0 ? DAY_SEC : durationSec, answered: true, failedAttemptCount: 0 };
  const side = priceAt(found.value, talk, terms.value, pulses);
  if (!side.ok) return side;
  // Terms are told as they are, with every fee: who reserves by them counts what is free beside.
  const draws = durationSec === 0 ? [] : firstOf(offered, side.value.derivation?.billedSec ?? 0);
  const beside = draws.length === 0 ? side : priceAt(found.value, talk, terms.value, pulses, draws);
  const lower = beside.ok && beside.value.amount.nanos < side.value.amount.nanos ? beside.value : side.value;
  return ok({ found: found.value, side: lower, rounding });
}
