import { CallRatedSchema, dataOf } from '@tollwire/contracts';
import type { CallRated, CodedRefusal, ReceivedEvent } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
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
    rated,
    traceparent: event.traceparent,
  });
}
