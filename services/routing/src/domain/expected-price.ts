import { billedSec, chargeInBigints, chargeInDoubles, NO_FURTHER_TERMS, plainSteps, priceOf, type Rounding, type Schedule } from '@tollwire/telecom';
import type { OfferCharges } from './source.ts';

/** Carriers charge to the billionth. */
const TO_NANOS: Rounding = { decimals: 9, mode: 'half_up' };

/**
 * What an answered call of so many whole seconds costs at a rate per minute with its charges, in nanos: what rating would
 * charge for it, if the whole call lay within the window that it begins in.
 */
export function expectedPrice(ratePerMinNanos: number, charges: OfferCharges, durationSec: number, rounding: Rounding = TO_NANOS): number {
  if (charges.profile !== undefined) return Number(priceOf(scheduleOf(ratePerMinNanos, charges), durationSec).amount);
  const billed = billedSec(durationSec, charges);
  const fast = chargeInDoubles(billed, ratePerMinNanos, charges.connectFeeNanos, rounding);
  if (fast >= 0) return fast;
  const exact = { ...charges, ratePerMinNanos: BigInt(ratePerMinNanos), connectFeeNanos: BigInt(charges.connectFeeNanos) };
  return Number(chargeInBigints(billed, exact, rounding));
}

function scheduleOf(ratePerMinNanos: number, { profile, connectFeeNanos, initialIncrementSec, incrementSec }: OfferCharges): Schedule {
  const further = profile?.furtherSteps ?? [];
  const own = plainSteps({ ratePerMinNanos: BigInt(ratePerMinNanos), initialIncrementSec, incrementSec });
  const steps = [...own.filter(({ fromSec }) => fromSec < (further[0]?.fromSec ?? Infinity)), ...further];
  const fee = connectFeeNanos === 0 ? {} : { connectFeeNanos: BigInt(connectFeeNanos) };
  return { segments: [{ fromSec: 0, window: '', steps }], terms: { ...NO_FURTHER_TERMS, ...fee, ...profile?.terms }, rounding: TO_NANOS };
}
