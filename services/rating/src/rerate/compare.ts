import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { chargeBeside, type PricedCall } from '../allowances/charge-beside.ts';
import type { Drawn } from '../allowances/balances.ts';
import type { AllowanceTargets } from '../allowances/targets.ts';
import type { RatedSide } from '../domain/price-at.ts';
import { type RatedCall, rateCall, type RatingRefusal, type Subscriber, withDraws } from '../domain/rate-call.ts';
import { endedCallOf, type RatedRecord } from '../domain/rated-record.ts';
import type { RatingTables } from '../domain/tables.ts';

/** What rating a call again comes to. */
export type Outcome =
  | { readonly kind: 'same'; readonly before: RatedRecord }
  | {
      readonly kind: 'changed';
      readonly before: RatedRecord;
      readonly after: RatedRecord;
      /** The free seconds that it takes, and gives back of its earlier ratings. */
      readonly drawn?: Drawn | undefined;
    }
  | { readonly kind: 'refused'; readonly before: RatedRecord; readonly code: RatingRefusal['code'] };

/** What calls are rated again by. */
export interface RerateBy {
  readonly tables: RatingTables;
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  readonly includePreRated: boolean;
  readonly ratedAt: InstantUs;
}

interface Again extends PricedCall {
  readonly before: RatedRecord;
}

/**
 * Rates calls again, by the engine that rates calls that have just ended; each gives back the free seconds that it used, and
 * takes anew. Changed is a call whose record or bill would read otherwise: another amount, other seconds billed or free,
 * a buy price that came or went. The same price by another deck or prefix is the same: the rating stands with the
 * derivation that it was made by.
 */
export async function rerated(tx: Sql, targets: AllowanceTargets, calls: readonly RatedRecord[], by: RerateBy): Promise<Outcome[]> {
  const priced = calls.map((before) => pricedAgain(before, by));
  const again = priced.filter((one): one is Again => !('kind' in one));
  const charged = new Map((await chargeBeside(tx, targets, again, by.ratedAt)).map((one) => [one.callKey, one]));
  return priced.map((one): Outcome => {
    if ('kind' in one) return one;
    const { before, callKey, revision, plan } = one;
    const { rated, drawn } = charged.get(callKey) ?? { rated: one.rated, drawn: undefined };
    if (isSame(before.rated, rated)) return { kind: 'same', before };
    return { kind: 'changed', before, after: { ...before, revision, plan, rated, ratedAt: by.ratedAt }, drawn };
  });
}

function pricedAgain(before: RatedRecord, { tables, subscribers, includePreRated }: RerateBy): Again | Extract<Outcome, { kind: 'refused' }> {
  const subscriber = subscribers.get(before.partyKey);
  const call = endedCallOf(before, !includePreRated);
  const rated = rateCall(call, subscriber, tables);
  if (!rated.ok) return { kind: 'refused', before, code: rated.refusal.code };
  const { callKey, partyKey, answeredAt, startedAt } = before;
  const at = answeredAt ?? startedAt;
  const plan = subscriber?.plan ?? before.plan;
  return { before, callKey, revision: before.revision + 1, partyKey, plan, at, rated: rated.value, withDraws: withDraws(call, subscriber, tables) };
}

function isSame(one: RatedCall, other: RatedCall): boolean {
  return isSameSide(one.sell, other.sell) && isSameSide(one.buy, other.buy) && one.buyRefusal === other.buyRefusal && one.preRated === other.preRated
    && isSameMargin(one.margin, other.margin);
}

/** Of a call that was rated before margins were kept, one that needs no exchange rate is no news: it follows from its sides. */
function isSameMargin(before: RatedCall['margin'], after: RatedCall['margin']): boolean {
  if (before === undefined) return typeof after !== 'object' || after.buy.rates.length === 0;
  if (typeof before === 'string' || typeof after !== 'object') return before === after;
  return before.amount.nanos === after.amount.nanos && before.amount.currency === after.amount.currency;
}

function isSameSide(one: RatedSide | undefined, other: RatedSide | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  const isSameAmount = one.amount.nanos === other.amount.nanos && one.amount.currency === other.amount.currency;
  return isSameAmount && (one.derivation?.billedSec ?? 0) === (other.derivation?.billedSec ?? 0) && usesOf(one) === usesOf(other);
}

/** What was used of which allowances, as one text. */
function usesOf({ derivation }: RatedSide): string {
  return (derivation?.allowances ?? []).map(({ grantId, period, sec }) => `${period} ${sec} ${grantId}`).join('\n');
}
