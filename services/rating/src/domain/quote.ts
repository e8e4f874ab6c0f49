import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import { normalizeE164, type Rounding } from '@tollwire/telecom';
import { type Draw, firstOf } from './allowance.ts';
import { priceAt, type PriceRefusal, type RatedSide } from './price-at.ts';
import type { Subscriber } from './rate-call.ts';
import { type FoundRate, type RatingTables, type SellRefusal, sellRateOf, termsOf } from './tables.ts';

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

/**
 * What a call would sell for: by the same search and the same arithmetic as a call that has ended. Of the seconds that are
 * offered free as many count as lower its price.
 */
export function quote(question: QuoteQuestion, tables: RatingTables, offered: readonly Draw[] = []): Result<Quote, QuoteRefusal> {
  const { plan, pulses } = question.subscriber;
  const number = normalizeE164(question.number);
  if (!number.ok) return refuse(number.refusal);
  const terms = termsOf(tables, plan, question.at);
  if (!terms.ok) return terms;
  const found = sellRateOf(tables, plan, terms.value, number.value, question.at);
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
