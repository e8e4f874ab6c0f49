import { CallRatedSchema, dataOf } from '@tollwire/contracts';
import type { CallRated, CodedRefusal, Money, ReceivedEvent } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { currencyOf } from '@tollwire/telecom';
import { taxWithin } from '../domain/call-books.ts';
import type { CallBooks, CarrierCost } from '../domain/call-books.ts';
import { callKeyOf } from './call.ts';
import { amountOf } from './money.ts';
import { partyOf } from './party.ts';
import type { Party } from './party.ts';

/** The largest value of PostgreSQL's integer. */
const revisionMax = 2_147_483_647;

/** What is to be charged for a rated call. */
export interface RatedCharge {
  readonly eventId: string;
  readonly callKey: string;
  readonly revision: number;
  readonly party: Party;
  readonly amountNanos: bigint;
  readonly currency: string;
  readonly books: CallBooks;
  readonly rated: CallRated;
  readonly traceparent: string | undefined;
}

/** Reads a rated call. Refuses one without a call, a party, a sell price or a revision. Throws on bytes of another kind. */
export function ratedChargeOf(event: ReceivedEvent): Result<RatedCharge, CodedRefusal> {
  const rated = dataOf(CallRatedSchema, event);
  const call = callKeyOf(rated.call, 'call');
  if (!call.ok) return call;
  const party = partyOf(rated.charged, 'charged');
  if (!party.ok) return party;
  if (rated.sell === undefined) return refuse({ code: 'call_not_rated', field: 'sell', detail: 'The event holds no sell price.' });
  const amount = amountOf(rated.sell.amount, 'sell.amount');
  if (!amount.ok) return amount;
  if (rated.revision === 0 || rated.revision > revisionMax) {
    return refuse({ code: 'field_out_of_range', field: 'revision', detail: `The first rating is revision 1, the last ${revisionMax}.` });
  }
  return ok({
    eventId: event.id,
    callKey: call.value,
    revision: rated.revision,
    party: party.value,
    amountNanos: amount.value.nanos,
    currency: amount.value.currency,
    books: { taxNanos: taxWithin(amount.value.nanos, rated.sell.schedule?.terms?.taxPpm ?? 0), costs: costsOf(rated) },
    rated,
    traceparent: event.traceparent,
  });
}

/**
 * What the call costs at each carrier: at the one that connected it, what `buy` says without the fees of failed attempts that
 * are within it, and at every other the fees of its attempts. A call that no carrier can be charged for costs nothing.
 */
function costsOf({ buy, carrierCode, failedAttempts }: CallRated): readonly CarrierCost[] {
  const fees = failedAttempts.flatMap(({ carrierCode: of, amount }) => costOf(of, amount));
  if (buy === undefined) return merged(fees);
  // Fees of another currency are not in the amount; see buyWithAttempts of rating.
  const within = fees.reduce((sum, fee) => (fee.currency === buy.amount?.currency ? sum + fee.amountNanos : sum), 0n);
  const nanos = (buy.amount?.nanos ?? 0n) - within;
  return merged([...costOf(carrierCode, { nanos, currency: buy.amount?.currency ?? '' }), ...fees]);
}

function costOf(carrierCode: string, amount: Pick<Money, 'nanos' | 'currency'> | undefined): CarrierCost[] {
  if (amount === undefined || amount.nanos <= 0n || !carrierNamed.test(carrierCode)) return [];
  const currency = currencyOf(amount.currency);
  return currency.ok ? [{ carrierCode, currency: currency.value, amountNanos: amount.nanos }] : [];
}

/** A code that can be part of the name of an account. */
const carrierNamed = /^[^\u0000-\u001f\u007f]{1,64}$/;

/** One cost for each carrier and currency. */
function merged(costs: readonly CarrierCost[]): readonly CarrierCost[] {
  if (costs.length < 2) return costs;
  const byCarrier = Map.groupBy(costs, ({ carrierCode, currency }) => `${currency} ${carrierCode}`);
  return [...byCarrier.values()].flatMap(([first, ...more]) =>
    first === undefined ? [] : [{ ...first, amountNanos: more.reduce((sum, { amountNanos }) => sum + amountNanos, first.amountNanos) }]);
}
