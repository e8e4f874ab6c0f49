import { type CodedRefusal, publicEvents } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import { enqueue, type ParkedEvent, type Reaction } from '@tollwire/event-store';
import { rateCall, type RatedCall, type RatingRefusal } from '../domain/rate-call.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import type { PlanRef } from '../domain/tables.ts';
import { ratedCallCount } from '../rated-calls/count.ts';
import { insertRatedCalls } from '../rated-calls/insert.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { callRatedEvent } from '../wire/call-rated.ts';
import { aboutCall, receivedCallOf, type ReceivedCall } from '../wire/ended-call.ts';

/**
 * Rates calls that have ended, a batch in one transaction: prices in memory, one insert, one outbox entry per subject.
 * The row of a rating is its own receipt, so a call is rated once, whatever events tell of its end and however often.
 * What cannot be priced yet (no card, no plan, no rate) is parked with its code, and tried again by a sweep.
 */
export function rate(deps: Pick<RatingDeps, 'clock' | 'root' | 'tables' | 'subscribers'>): Reaction {
  const count = ratedCallCount();
  return {
    name: 'rate',
    events: [publicEvents.CallEnded],
    receipts: 'own',
    async handle(tx, events) {
      const park: ParkedEvent[] = [];
      const tellings: ReceivedCall[] = [];
      const ratedAt = deps.clock.nowUs();
      for (const event of events) {
        const read = receivedCallOf(event, ratedAt);
        if (read.ok) tellings.push(read.value);
        else park.push(parked(event.id, read.refusal));
      }
      const tables = deps.tables.now;
      const subscribers = await deps.subscribers.of(tx, tellings.map(({ partyKey }) => partyKey));
      const records: RatedRecord[] = [];
      const calls = new Map<string, ReceivedCall>();
      for (const received of tellings) {
        // The first telling that can be rated stands, not the first of all: two adapters may tell of one call.
        if (calls.has(received.callKey)) continue;
        const subscriber = subscribers.get(received.partyKey);
        const rated = rateCall(received.call, subscriber, tables);
        if (!rated.ok) {
          park.push(parked(received.eventId, { ...rated.refusal, facts: aboutCall(received.callKey, received.partyKey) }));
          continue;
        }
        calls.set(received.callKey, received);
        records.push(recordOf(received, subscriber?.plan, rated.value, ratedAt));
      }
      const added = await insertRatedCalls(tx, records);
      await enqueue(tx, deps.root, added.map((record) => callRatedEvent(record, calls.get(record.callKey)?.traceparent)));
      return { park, committed: () => count(added) };
    },
  };
}

function recordOf(received: ReceivedCall, plan: PlanRef | undefined, rated: RatedCall, ratedAt: InstantUs): RatedRecord {
  const { callKey, partyKey, q850Cause, call } = received;
  return {
    callKey,
    revision: 1,
    partyKey,
    plan,
    startedAt: call.startedAt,
    answeredAt: call.answeredAt,
    endedAt: call.endedAt,
    q850Cause,
    carrierCode: call.carrierCode,
    rated,
    ratedAt,
  };
}

type Parking = (RatingRefusal | CodedRefusal) & Pick<CodedRefusal, 'detail' | 'field' | 'facts'>;

/** The detail begins with the call, where one can be read: `explainCall` finds it by that. */
function parked(eventId: string, { code, facts, ...more }: Parking): ParkedEvent {
  return { eventId, code, detail: JSON.stringify({ ...facts, ...more }) };
}
