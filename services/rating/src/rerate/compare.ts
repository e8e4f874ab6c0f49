import type { InstantUs } from '@tollwire/core';
import type { RatedSide } from '../domain/price-at.ts';
import { type EndedCall, type RatedCall, rateCall, type RatingRefusal, type Subscriber } from '../domain/rate-call.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import type { RatingTables } from '../domain/tables.ts';

/** What rating a call again comes to. */
export type Outcome =
  | { readonly kind: 'same'; readonly before: RatedRecord }
  | { readonly kind: 'changed'; readonly before: RatedRecord; readonly after: RatedRecord }
  | { readonly kind: 'refused'; readonly before: RatedRecord; readonly code: RatingRefusal['code'] | 'allowance_used' };

/** What calls are rated again by. */
export interface RerateBy {
  readonly tables: RatingTables;
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  readonly includePreRated: boolean;
  readonly ratedAt: InstantUs;
}

/**
 * Rates a call again, by the engine that rates calls that have just ended. Changed is a call whose record or bill would
 * read otherwise: another amount, other seconds billed, a buy price that came or went. The same price by another deck or
 * prefix is the same: the rating stands with the derivation that it was made by. A call that used free seconds is told, not
 * rated: what they would pay for by other rates, and who would have had them instead, is not decided here.
 */
export function rerated(before: RatedRecord, { tables, subscribers, includePreRated, ratedAt }: RerateBy): Outcome {
  if ((before.rated.sell.derivation?.allowances.length ?? 0) > 0) return { kind: 'refused', before, code: 'allowance_used' };
  const subscriber = subscribers.get(before.partyKey);
  const rated = rateCall(endedCallOf(before, includePreRated), subscriber, tables);
  if (!rated.ok) return { kind: 'refused', before, code: rated.refusal.code };
  if (isSame(before.rated, rated.value)) return { kind: 'same', before };
  const after = { ...before, revision: before.revision + 1, plan: subscriber?.plan ?? before.plan, rated: rated.value, ratedAt };
  return { kind: 'changed', before, after };
}

/** The call as it ended, from what its rating has kept of it. */
function endedCallOf(record: RatedRecord, includePreRated: boolean): EndedCall {
  const { rated, startedAt, answeredAt, endedAt, carrierCode } = record;
  const preRatedSell = rated.preRated && !includePreRated ? rated.sell.amount : undefined;
  const failedAttempts = rated.attempts ?? [];
  return { calledNumber: rated.calledE164, startedAt, answeredAt, endedAt, carrierCode, failedAttempts, preRatedSell };
}

function isSame(one: RatedCall, other: RatedCall): boolean {
  return isSameSide(one.sell, other.sell) && isSameSide(one.buy, other.buy) && one.buyRefusal === other.buyRefusal && one.preRated === other.preRated;
}

function isSameSide(one: RatedSide | undefined, other: RatedSide | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const isSameAmount = one.amount.nanos === other.amount.nanos && one.amount.currency === other.amount.currency;
  return isSameAmount && (one.derivation?.billedSec ?? 0) === (other.derivation?.billedSec ?? 0);
}
