import { NO_FURTHER_TERMS, plainSteps, priceOf, type RateProfile, type Step } from '@tollwire/telecom';

/** Seconds of the call by whose price rates are compared. */
export const REFERENCE_CALL_SEC = 60;

/** Everything that a rate says of what a call costs. */
export interface PricedTerms {
  readonly ratePerMinNanos: bigint;
  readonly connectFeeNanos: bigint;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
  readonly profile?: RateProfile | undefined;
}

/**
 * What an answered call of 60 seconds costs that begins in the rate's window and does not leave it, by everything that the rate
 * itself states, in nanos, half up. What its plan charges beside is not known here.
 */
export function referencePriceNanos(rate: PricedTerms): bigint {
  const { connectFeeNanos, profile } = rate;
  const fee = connectFeeNanos === 0n ? {} : { connectFeeNanos };
  const terms = { ...NO_FURTHER_TERMS, ...fee, ...profile?.terms };
  return priceOf({ segments: [{ fromSec: 0, window: '', steps: stepsOf(rate) }], terms, rounding: { decimals: 9, mode: 'half_up' } }, REFERENCE_CALL_SEC).amount;
}

/** The rate's own steps, as far as no further one begins before them, and the further ones. */
function stepsOf({ profile, ...rate }: PricedTerms): Step[] {
  const further = profile?.furtherSteps ?? [];
  const furtherFromSec = further[0]?.fromSec ?? Infinity;
  return [...plainSteps(rate).filter(({ fromSec }) => fromSec < furtherFromSec), ...further];
}
