import { type InstantUs, ok, type Result } from '@tollwire/core';
import type { E164 } from '@tollwire/telecom';
import { scheduleFor } from '../domain/price-at.ts';
import { quote, type QuoteRefusal } from '../domain/quote.ts';
import { carrierCharges } from '../domain/attempts.ts';
import type { Subscriber } from '../domain/rate-call.ts';
import { buyRateOf, type PlanRef, type RatedDeck, type RatingTables, termsOf } from '../domain/tables.ts';
import type { SideFacts } from './price-side.ts';

/** What a call sells by, and whose deck that is of. */
export interface SellFacts extends SideFacts {
  readonly deck: RatedDeck;
}

/** What a call sells by that is answered at an instant and lasts up to `durationSec`, as a live quote finds it. */
export function sellFactsOf(tables: RatingTables, subscriber: Subscriber, number: string, at: InstantUs, durationSec: number): Result<SellFacts, QuoteRefusal> {
  const quoted = quote({ subscriber, number, at, durationSec: 0 }, tables);
  if (!quoted.ok) return quoted;
  const terms = termsOf(tables, subscriber.plan, at);
  if (!terms.ok) return terms;
  const { found } = quoted.value;
  const { deck, row } = found;
  return ok({ schedule: scheduleFor(found, at, durationSec, terms.value, subscriber.pulses), prefix: deck.rates.prefixAt(row), currency: terms.value.currency, deck });
}

/** What a carrier charges for it, as a live rating finds it; undefined where it has no price. */
export function buyFactsOf(tables: RatingTables, plan: PlanRef, carrierCode: string, e164: E164, at: InstantUs, durationSec: number): SideFacts | undefined {
  const found = buyRateOf(tables, plan, carrierCode, e164, at);
  if (typeof found === 'string') return undefined;
  const { deck, row } = found;
  return { schedule: scheduleFor(found, at, durationSec, carrierCharges), prefix: deck.rates.prefixAt(row), currency: deck.currency };
}
