import { exchangeFactor, type UsedExchangeRate } from '../exchange-rate.ts';
import type { ChargeTerms, MaxCost, Schedule } from './schedule.ts';

/** The terms that are amounts of money. */
export const amountTerms = ['connectFeeNanos', 'disconnectFeeNanos', 'attemptFeeNanos', 'minChargeNanos', 'blockFeeNanos', 'maxCost'] as const;
export type AmountTerm = (typeof amountTerms)[number];

/**
 * Of a rate in another currency than its plan's: what its amounts are multiplied by. Its steps with their entry fees are
 * always in its own currency; of the terms, those that it states itself are, and all others are in the plan's.
 */
export interface ScheduleExchange {
  /** At least one; applied one after the other. */
  readonly rates: readonly UsedExchangeRate[];
  readonly rateTerms: readonly AmountTerm[];
}

/** A schedule of one currency whose amounts are whole numbers of a part of a nano: of `1/parts` of it. */
export interface InParts {
  readonly schedule: Schedule;
  readonly parts: bigint;
}

/**
 * The schedule in the currency of its plan, exactly. Amounts in the plan's currency are multiplied by the denominator of the
 * exchange, those of the rate by its numerator, so that all of them are whole and no arithmetic of prices knows of currencies.
 */
export function inParts(schedule: Schedule): InParts {
  const { exchange, segments, rounding } = schedule;
  if (exchange === undefined) return { schedule, parts: 1n };
  const { num, den } = exchangeFactor(exchange.rates);
  const steps = segments.map((segment) => ({
    ...segment,
    steps: segment.steps.map((step) => ({ ...step, rateNanos: step.rateNanos * num, entryFeeNanos: step.entryFeeNanos * num })),
  }));
  return { schedule: { segments: steps, terms: termsInParts(schedule.terms, exchange.rateTerms, num, den), rounding }, parts: den };
}

function termsInParts(terms: ChargeTerms, rateTerms: readonly AmountTerm[], num: bigint, den: bigint): ChargeTerms {
  const factorOf = (term: AmountTerm): bigint => (rateTerms.includes(term) ? num : den);
  const { connectFeeNanos, disconnectFeeNanos, attemptFeeNanos, minChargeNanos, blockFeeNanos, maxCost } = terms;
  return {
    ...terms,
    connectFeeNanos: connectFeeNanos * factorOf('connectFeeNanos'),
    disconnectFeeNanos: disconnectFeeNanos * factorOf('disconnectFeeNanos'),
    attemptFeeNanos: attemptFeeNanos * factorOf('attemptFeeNanos'),
    minChargeNanos: minChargeNanos * factorOf('minChargeNanos'),
    blockFeeNanos: blockFeeNanos * factorOf('blockFeeNanos'),
    maxCost: maxCost && times(maxCost, factorOf('maxCost')),
  };
}

function times({ nanos, strategy }: MaxCost, factor: bigint): MaxCost {
  return { nanos: nanos * factor, strategy };
}

/** Whether an amount of a schedule is in the currency of its rate, and not yet in that of its plan. */
export function isForeign({ exchange }: Schedule, term: AmountTerm): boolean {
  return exchange?.rateTerms.includes(term) ?? false;
}
