import type { InstantUs } from '@tollwire/core';
import type { E164 } from '@tollwire/telecom';
import { priceAt, type RatedSide } from './price-at.ts';
import { carrierCharges } from './rate-call.ts';
import { type BuyRefusal, buyRateOf, type PlanRef, type RatingTables } from './tables.ts';

/** What a carrier charges for an attempt that failed, or why that is not known. */
export interface FailedAttempt {
  readonly carrierCode: string;
  readonly buy: RatedSide | undefined;
  readonly buyRefusal: BuyRefusal | undefined;
}

/** The fees of attempts that failed, each by the rate that its carrier would have charged the call by. */
export function failedAttempts(
  carrierCodes: readonly string[],
  plan: PlanRef | undefined,
  e164: E164,
  at: InstantUs,
  tables: RatingTables,
): FailedAttempt[] {
  return carrierCodes.map((carrierCode) => {
    const found = buyRateOf(tables, plan, carrierCode, e164, at);
    if (typeof found === 'string') return { carrierCode, buy: undefined, buyRefusal: found };
    const priced = priceAt(found, { at, durationSec: 0, scheduledSec: 0, answered: false, failedAttemptCount: 1 }, carrierCharges);
    return priced.ok ? { carrierCode, buy: priced.value, buyRefusal: undefined } : { carrierCode, buy: undefined, buyRefusal: priced.refusal.code };
  });
}
