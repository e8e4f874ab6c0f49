import { NO_FURTHER_TERMS } from './schedule.ts';
import type { MaxCost, Schedule } from './schedule.ts';
import { priceOf } from './price.ts';
import { inParts } from './schedule-exchange.ts';

/**
 * The longest call, in whole seconds up to `capSec`, that costs no more than the credit: the exact inverse of `priceOf`,
 * so `price(limit) ≤ credit < price(limit + 1)` below the cap, every fee, step, window and tax counted. A maximum cost with
 * `disconnect` ends the call where it is reached. 0: not even the first increment can be paid.
 *
 * A price never falls with the duration, so the limit is found by bisection over the closed form.
 */
export function durationSecMax(schedule: Schedule, creditNanos: bigint, capSec: number, allowanceSec = 0): number {
  const payable = (durationSec: number): boolean => priceOf(schedule, durationSec, allowanceSec).amount <= creditNanos;
  const paid = longest(payable, Math.floor(capSec));
  if (schedule.terms.maxCost?.strategy !== 'disconnect') return paid;
  // All amounts whole and in one currency, so that the maximum can be compared exactly.
  const { schedule: one } = inParts(schedule);
  return one.terms.maxCost === undefined ? paid : longest(within(one, one.terms.maxCost, allowanceSec), paid);
}

/** Whether a call of some seconds stays within its maximum cost, before tax and rounding. */
function within(schedule: Schedule, { nanos }: MaxCost, allowanceSec: number): (durationSec: number) => boolean {
  const { minChargeNanos: _, taxPpm: __, ...counted } = schedule.terms;
  const uncapped: Schedule = {
    ...schedule,
    terms: { ...NO_FURTHER_TERMS, ...counted, maxCost: undefined, minChargeNanos: 0n, taxPpm: 0 },
    rounding: { decimals: 9, mode: 'up' },
  };
  return (durationSec) => priceOf(uncapped, durationSec, allowanceSec).amount <= nanos;
}

/** The largest whole number up to `cap` for which a condition holds that, once broken, stays broken; 0 where none does. */
export function longest(holds: (durationSec: number) => boolean, cap: number): number {
  if (cap <= 0 || holds(cap)) return Math.max(0, cap);
  let low = 0;
  let high = cap;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (holds(middle)) low = middle;
    else high = middle;
  }
  return low;
}
