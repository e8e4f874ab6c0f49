import { type CodedRefusal, publicEvents } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import { enqueue, type ParkedEvent, type Reaction } from '@tollwire/event-store';
import { chargeBeside, type PricedCall } from '../allowances/charge-beside.ts';
import { keepUses } from '../allowances/keep.ts';
import { type EndedCall, rateCall, type RatedCall, type RatingRefusal, type Subscriber, withDraws } from '../domain/rate-call.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import type { PlanRef, RatingTables } from '../domain/tables.ts';
import type { AuthorizedCall } from '../rated-calls/authorized-calls.ts';
import { ratedCallCount } from '../rated-calls/count.ts';
import { insertRatedCalls } from '../rated-calls/insert.ts';
import { dropPorted, type PortedCalls, portedOf } from '../rated-calls/ported-calls.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { callRatedEvent } from '../wire/call-rated.ts';
import { aboutCall, receivedCallOf, type ReceivedCall } from '../wire/ended-call.ts';

type RateDeps = Pick<RatingDeps, 'clock' | 'root' | 'tables' | 'subscribers' | 'allowances' | 'erased' | 'authorized'>;

/** A call that can be priced, as it was told. */
interface Rateable extends PricedCall {
  readonly received: ReceivedCall;
}

/**
 * Rates calls that have ended, a batch in one transaction: prices in memory, one insert, one outbox entry per subject.
 * The row of a rating is its own receipt, so a call is rated once, whatever events tell of its end and however often.
 * What cannot be priced yet (no card, no plan, no rate) is parked with its code, and tried again by a sweep. The seconds
 * that allowances pay for are taken in the same transaction.
 */
export function rate(deps: RateDeps): Reaction {
  const count = ratedCallCount();
  return {
    name: 'rate',
    batchesAtOnce: 2,
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
      const callKeys = tellings.map(({ callKey }) => callKey);
      const [subscribers, ported, authorized] = await Promise.all([
        deps.subscribers.of(tx, tellings.map(({ partyKey }) => partyKey)), portedOf(tx, callKeys), deps.authorized.of(tx, callKeys),
      ]);
      const calls = rateableOf(tellings.map((telling) => withKeptNumber(telling, ported)), { subscribers, authorized, now: deps.tables.now }, park);
      const charged = await chargeBeside(tx, deps.allowances, [...calls.values()], ratedAt);
      const records = charged.flatMap(({ callKey, rated }) => {
        const call = calls.get(callKey);
        return call === undefined ? [] : [recordOf(call.received, call.plan, rated, ratedAt)];
      });
      const added = await insertRatedCalls(tx, await deps.erased.masked(tx, records));
      const kept = new Set(added.map(({ callKey }) => callKey));
      await keepUses(tx, charged.flatMap(({ drawn }) => (drawn !== undefined && kept.has(drawn.call.callKey) ? [drawn] : [])), ratedAt);
      await dropPorted(tx, added.flatMap(({ callKey }) => (ported.has(callKey) ? [callKey] : [])));
      const noLongerAuthorized = added.flatMap(({ callKey }) => (authorized.has(callKey) ? [callKey] : []));
      await deps.authorized.drop(tx, noLongerAuthorized);
      await enqueue(tx, deps.root, added.map((record) => callRatedEvent(record, calls.get(record.callKey)?.received.traceparent)));
      return {
        park,
        committed: () => {
          count(added);
          deps.authorized.forget(noLongerAuthorized);
        },
      };
    },
  };
}

/** An end that does not state by which number its carriers were found: by the one that the call was authorized with, if any. */
function withKeptNumber(telling: ReceivedCall, ported: PortedCalls): ReceivedCall {
  const routingNumber = ported.get(telling.callKey);
  if (routingNumber === undefined || telling.call.routingNumber !== undefined) return telling;
  return { ...telling, call: { ...telling.call, routingNumber } };
}

/** What calls are priced by. */
interface Pricing {
  readonly subscribers: ReadonlyMap<string, Subscriber>;
  readonly authorized: ReadonlyMap<string, AuthorizedCall>;
  readonly now: RatingTables;
}

/** The calls of a batch that can be priced, each once; of the others it is noted why they cannot. */
function rateableOf(tellings: readonly ReceivedCall[], { subscribers, authorized, now }: Pricing, park: ParkedEvent[]): Map<string, Rateable> {
  const calls = new Map<string, Rateable>();
  for (const received of tellings) {
    const { callKey, partyKey } = received;
    // The first telling that can be rated stands, not the first of all: two adapters may tell of one call.
    if (calls.has(callKey)) continue;
    const subscriber = subscribers.get(partyKey);
    const before = authorized.get(callKey);
    const call = before === undefined ? received.call : { ...received.call, authorizedAt: before.at };
    const { rated, tables } = ratedBy(call, subscriber, before?.tables, now);
    if (!rated.ok) {
      park.push(parked(received.eventId, { ...rated.refusal, facts: aboutCall(callKey, partyKey) }));
      continue;
    }
    const at = call.answeredAt ?? call.startedAt;
    calls.set(callKey, { received, callKey, revision: 1, partyKey, plan: subscriber?.plan, at, rated: rated.value, withDraws: withDraws(call, subscriber, tables) });
  }
  return calls;
}

/**
 * A call by the tables that it was authorized by, so that no version that was put in force for the time before it changes its price; where those
 * cannot price it, by what is known now, as a call is that was parked and is tried again.
 */
function ratedBy(call: EndedCall, subscriber: Subscriber | undefined, authorizedBy: RatingTables | undefined, now: RatingTables) {
  const tables = authorizedBy ?? now;
  const rated = rateCall(call, subscriber, tables);
  return rated.ok || tables === now ? { rated, tables } : { rated: rateCall(call, subscriber, now), tables: now };
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
