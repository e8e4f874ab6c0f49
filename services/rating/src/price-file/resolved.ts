import { type InstantUs, ok, type Result } from '@tollwire/core';
import { type E164, normalizeE164 } from '@tollwire/telecom';
import { scheduleFor } from '../domain/price-at.ts';
import { quote, type QuoteRefusal } from '../domain/quote.ts';
import { carrierCharges } from '../domain/attempts.ts';
import type { Subscriber } from '../domain/rate-call.ts';
import { buyRateOf, type FoundRate, type PlanRef, type RatedDeck, type RatingTables, sellRateOf, termsOf } from '../domain/tables.ts';
import type { SideFacts } from './price-side.ts';

/** What a call sells by, and whose deck that is of. */
export interface SellFacts extends SideFacts {
  readonly deck: RatedDeck;
}

/** A call that is asked about: who pays for it, where it goes, and when it was answered. */
export interface SoldCall {
  readonly subscriber: Subscriber;
  readonly number: string;
  readonly at: InstantUs;
  /** Over which carrier; empty: over none that is known. Undefined: as a live quote has it, by the dearest where a plan sells by the carrier. */
  readonly carrierCode: string | undefined;
}

/** What a call sells by that lasts up to `durationSec`, as a live quote, or a live rating, finds it. */
export function sellFactsOf(tables: RatingTables, call: SoldCall, durationSec: number): Result<SellFacts, QuoteRefusal> {
  const { subscriber: { plan, pulses }, at } = call;
  const terms = termsOf(tables, plan, at);
  const found = soldRateOf(tables, call);
  if (!found.ok) return found;
  if (!terms.ok) return terms;
  const { deck, row } = found.value;
  return ok({ schedule: scheduleFor(found.value, at, durationSec, terms.value, pulses), prefix: deck.rates.prefixAt(row), currency: terms.value.currency, deck });
}

function soldRateOf(tables: RatingTables, { subscriber, number, at, carrierCode }: SoldCall): Result<FoundRate, QuoteRefusal> {
  if (carrierCode === undefined) {
    const quoted = quote({ subscriber, number, at, durationSec: 0 }, tables);
    return quoted.ok ? ok(quoted.value.found) : quoted;
  }
  const e164 = normalizeE164(number);
  if (!e164.ok) return e164;
  const terms = termsOf(tables, subscriber.plan, at);
  return terms.ok ? sellRateOf(tables, subscriber.plan, terms.value, e164.value, at, carrierCode) : terms;
}

/** What a carrier charges for it, as a live rating finds it; undefined where it has no price. */
export function buyFactsOf(tables: RatingTables, plan: PlanRef, carrierCode: string, e164: E164, at: InstantUs, durationSec: number): SideFacts | undefined {
  const found = buyRateOf(tables, plan, carrierCode, e164, at);
  if (typeof found === 'string') return undefined;
  const { deck, row } = found;
  return { schedule: scheduleFor(found, at, durationSec, carrierCharges), prefix: deck.rates.prefixAt(row), currency: deck.currency };
}
