import type { InstantUs } from '@tollwire/core';
import type { EndedCall, RatedCall } from './rate-call.ts';
import type { PlanRef } from './tables.ts';

/** A rating as it is kept: what was rated, what came out, and when. Never changed; a re-rating is a revision more. */
export interface RatedRecord {
  readonly callKey: string;
  /** 1 for the first rating. */
  readonly revision: number;
  readonly partyKey: string;
  /** Undefined where the sender had set the price of a party who is not known. */
  readonly plan: PlanRef | undefined;
  readonly startedAt: InstantUs;
  readonly answeredAt: InstantUs | undefined;
  readonly endedAt: InstantUs;
  readonly q850Cause: number;
  readonly carrierCode: string;
  readonly rated: RatedCall;
  readonly ratedAt: InstantUs;
}

/** The call as it ended, from what its rating has kept of it; a price that its sender had set is kept or forgotten. */
export function endedCallOf(record: RatedRecord, keepPreRated: boolean): EndedCall {
  const { rated, startedAt, answeredAt, endedAt, carrierCode } = record;
  const preRatedSell = rated.preRated && keepPreRated ? rated.sell.amount : undefined;
  const failedAttempts = rated.attempts ?? [];
  const ported = rated.routedBy === undefined ? {} : { routingNumber: rated.routedBy };
  const authorized = rated.authorizedAt === undefined ? {} : { authorizedAt: rated.authorizedAt };
  return { calledNumber: rated.calledE164, ...ported, ...authorized, startedAt, answeredAt, endedAt, carrierCode, failedAttempts, preRatedSell };
}
