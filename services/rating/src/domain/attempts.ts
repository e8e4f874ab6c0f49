import type { InstantUs } from '@tollwire/core';
import { type E164, type ExchangeRates, type Nanos, nanos, NO_FURTHER_TERMS, type PlanCharges, ROUND_TO_NANOS } from '@tollwire/telecom';
import { convertedAt, type Conversion } from './margin.ts';
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
  /** Where it is in another currency than the buy side: what it comes to there; absent where no exchange rates lead there. */
  readonly converted?: Conversion;
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
 * The attempts with their fees in the currency of the buy side: that of the carrier that connected the call; where none
 * did, of the first fee. Each is converted by the exchange rates of an instant, the call's start, and rounded to a nano.
 */
export function inBuyCurrency(buy: RatedSide | undefined, attempts: readonly RatedAttempt[], rates: ExchangeRates, atUs: number): readonly RatedAttempt[] {
  const currency = buy?.amount.currency ?? feesOf(attempts)[0]?.amount.currency;
  if (currency === undefined || feesOf(attempts).every(({ amount }) => amount.currency === currency)) return attempts;
  return attempts.map((attempt) => {
    const { cost } = attempt;
    if (typeof cost === 'string' || cost.amount.currency === currency) return attempt;
    const converted = convertedAt(cost.amount, currency, rates, atUs);
    return typeof converted === 'string' ? attempt : { ...attempt, cost: { ...cost, converted } };
  });
}

/** What is charged for attempts; those that cost nothing are left out. */
function feesOf(attempts: readonly RatedAttempt[]): AttemptCost[] {
  return attempts.flatMap(({ cost }) => (typeof cost === 'string' || cost.amount.nanos === 0n ? [] : [cost]));
}

/** Whether a fee is in another currency than the buy side, and could not be converted. */
export function hasForeignFee(buy: RatedSide | undefined, attempts: readonly RatedAttempt[]): boolean {
  return feesOf(attempts).some(({ amount, converted }) => amount.currency !== buy?.amount.currency && converted === undefined);
}

/**
 * The buy side of a call with its failed attempts, whose fees are in its currency: the price of the carrier that connected it
 * and every fee. A fee that could not be converted is told, not added.
 */
export function buyWithAttempts(buy: RatedSide | undefined, attempts: readonly RatedAttempt[]): RatedSide | BuyRefusal | undefined {
  const costs = feesOf(attempts);
  const currency = buy?.amount.currency ?? costs[0]?.amount.currency;
  if (currency === undefined || costs.length === 0) return buy;
  const charged = costs.map(({ amount, converted }) => (amount.currency === currency ? amount : converted?.amount));
  const total: Nanos = nanos(charged.reduce((sum, fee) => sum + (fee?.nanos ?? 0n), buy?.amount.nanos ?? 0n));
  return total > AMOUNT_NANOS_MAX ? 'amount_malformed' : { amount: { nanos: total, currency }, derivation: buy?.derivation };
}
