import type { InstantUs } from '@tollwire/core';
import { type E164, type Nanos, nanos, NO_FURTHER_TERMS, type PlanCharges, ROUND_TO_NANOS } from '@tollwire/telecom';
import { AMOUNT_NANOS_MAX, type Money, priceAt, type RatedSide } from './price-at.ts';
import { type BuyRefusal, buyRateOf, type PlanRef, type RatingTables } from './tables.ts';

/** What carriers charge beside their rates: nothing that a rate does not state itself, and no rounding above a nano. */
export const carrierCharges: PlanCharges = { terms: NO_FURTHER_TERMS, rounding: ROUND_TO_NANOS, windowByStart: false };

/** An attempt to connect the call over a carrier that did not connect it. */
export interface FailedAttempt {
  readonly carrierCode: string;
  readonly startedAt: InstantUs;
}

/** What a carrier takes for an attempt that failed, and the rate that says so. */
export interface AttemptCost {
  readonly amount: Money;
  readonly deckDigest: string;
  readonly prefix: string;
}

/** A failed attempt with its cost, or why none can be told. */
export interface RatedAttempt extends FailedAttempt {
  readonly cost: AttemptCost | BuyRefusal;
}

const none: readonly RatedAttempt[] = [];

/** What each failed attempt costs: the attempt fee of the rate that was in force when it began, once for each. */
export function rateAttempts(
  attempts: readonly FailedAttempt[],
  plan: PlanRef | undefined,
  e164: E164 | undefined,
  tables: RatingTables,
): readonly RatedAttempt[] {
  if (attempts.length === 0) return none;
  return attempts.map((attempt) => ({ ...attempt, cost: e164 === undefined ? 'no_buy_rate' : costOf(attempt, plan, e164, tables) }));
}

function costOf({ carrierCode, startedAt }: FailedAttempt, plan: PlanRef | undefined, e164: E164, tables: RatingTables): AttemptCost | BuyRefusal {
  const found = buyRateOf(tables, plan, carrierCode, e164, startedAt);
  if (typeof found === 'string') return found;
  const talk = { at: startedAt, durationSec: 0, scheduledSec: 0, answered: false, failedAttemptCount: 1 };
  const priced = priceAt(found, talk, carrierCharges);
  if (!priced.ok) return priced.refusal.code;
  return { amount: priced.value.amount, deckDigest: found.deck.digest, prefix: found.deck.rates.prefixAt(found.row) };
}

/**
 * The buy side of a call with its failed attempts: the price of the carrier that connected it and every fee in the same
 * currency; where none connected it, the fees in the currency of the first. A fee in another currency is told, not added.
 */
export function buyWithAttempts(buy: RatedSide | undefined, attempts: readonly RatedAttempt[]): RatedSide | BuyRefusal | undefined {
  const costs = attempts.flatMap(({ cost }) => (typeof cost === 'string' || cost.amount.nanos === 0n ? [] : [cost.amount]));
  const [first] = costs;
  if (first === undefined) return buy;
  const currency = buy?.amount.currency ?? first.currency;
  const fees = costs.reduce((sum, fee) => (fee.currency === currency ? sum + fee.nanos : sum), 0n);
  const total: Nanos = nanos((buy?.amount.nanos ?? 0n) + fees);
  return total > AMOUNT_NANOS_MAX ? 'amount_malformed' : { amount: { nanos: total, currency }, derivation: buy?.derivation };
}
