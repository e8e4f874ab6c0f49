import { durationSecMax, longest } from './max-duration.ts';
import { priceOf } from './price.ts';
import type { Price } from './price.ts';
import { NO_FURTHER_TERMS } from './schedule.ts';
import type { Schedule } from './schedule.ts';

/** The fees that free seconds pay for where they pay for all seconds of a call: none, the connect fee, or every fee. */
export type CoveredFees = 'none' | 'connect' | 'all';

/** Seconds that are free for one call, and the fees that go with them. */
export interface Allowance {
  /** Whole billed seconds, the first of the call. */
  readonly sec: number;
  readonly covers: CoveredFees;
}

/** Nothing is free. */
export const NO_ALLOWANCE: Allowance = { sec: 0, covers: 'none' };

/**
 * The schedule by which a call is charged beside its allowance: without the fees that the allowance covers, where it pays
 * for all billed seconds; else as it is. `priceOf` by this schedule, with the seconds of the allowance, is the price.
 */
export function scheduleBeside(schedule: Schedule, durationSec: number, { sec, covers }: Allowance): Schedule {
  if (sec === 0 || covers === 'none') return schedule;
  return priceOf(schedule, durationSec).billedSec <= sec ? withoutFees(schedule, covers) : schedule;
}

/** The price of an answered call of which an allowance pays a part. It never falls as the call goes on, and never rises with the allowance. */
export function priceBeside(schedule: Schedule, durationSec: number, allowance: Allowance): Price {
  return priceOf(scheduleBeside(schedule, durationSec, allowance), durationSec, allowance.sec);
}

/** The longest call up to `capSec` that the credit and the allowance pay for together: the exact inverse of `priceBeside`. */
export function durationSecMaxBeside(schedule: Schedule, creditNanos: bigint, capSec: number, allowance: Allowance): number {
  const charged = durationSecMax(schedule, creditNanos, capSec, allowance.sec);
  if (allowance.sec === 0 || allowance.covers === 'none') return charged;
  const wholeSec = longest((durationSec) => priceOf(schedule, durationSec).billedSec <= allowance.sec, Math.floor(capSec));
  return Math.max(charged, durationSecMax(withoutFees(schedule, allowance.covers), creditNanos, wholeSec, allowance.sec));
}

/** Without a minimum charge, too, where all fees are covered: a call that is free altogether costs nothing. */
function withoutFees(schedule: Schedule, covers: Exclude<CoveredFees, 'none'>): Schedule {
  const { segments, terms } = schedule;
  if (covers === 'connect') return { ...schedule, terms: { ...terms, connectFeeNanos: 0n } };
  const { connectFeeNanos, disconnectFeeNanos, blockFeeNanos, minChargeNanos } = NO_FURTHER_TERMS;
  return {
    ...schedule,
    segments: segments.map((segment) => ({ ...segment, steps: segment.steps.map((step) => ({ ...step, entryFeeNanos: 0n })) })),
    terms: { ...terms, connectFeeNanos, disconnectFeeNanos, blockFeeNanos, minChargeNanos },
  };
}
