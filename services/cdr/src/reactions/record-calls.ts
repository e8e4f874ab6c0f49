import { callKey, type PublicEvent, type ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { enqueue, type ParkedEvent, type ReactionOutcome, type Sql } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { implausible } from '../domain/plausible.ts';
import { type FiledEvent, logFresh, type ToldEvent } from '../projections/call-log.ts';
import { type Change, placeCalls, type PlacedCalls, storeCalls } from '../projections/call-store.ts';
import { walkAgainFrom } from '../projections/abandon-walk.ts';
import { closedCallCount } from '../projections/count-closed.ts';
import { noteDifferences } from '../projections/report-differences.ts';
import { tellingsOf } from '../projections/tellings.ts';
import { maskedWhereErased } from '../numbers/erased-days.ts';
import { callEventOf } from '../wire/call-events.ts';
import { cdrClosed, closedText } from '../wire/cdr-closed.ts';

/**
 * Records what a batch of call events says, whichever of the four they are: into the log, into the calls, and as
 * CdrClosed for every call that is complete now or whose closed CDR reads otherwise than before. What cannot be
 * believed is parked with its reason. All of it in `tx`.
 */
export async function recordCalls(deps: CdrDeps, tx: Sql, batch: readonly ReceivedEvent[], countClosed = closedCallCount()): Promise<ReactionOutcome> {
  const { events, park } = await ofRegistered(tx, deps, sift(batch, deps));
  const changes = await recordTold(deps, tx, events);
  return changes.length === 0 ? { park } : { park, committed: () => countClosed(changes) };
}

/** Records events that are believed, and returns what they changed. */
export async function recordTold(deps: CdrDeps, tx: Sql, events: readonly ToldEvent[]): Promise<Change[]> {
  // In this order: new switches, new keys of days, places of calls, their events, calls. Who keeps to it meets nobody in a ring.
  const switchIds = await deps.switches.idsOf(tx, events.map(({ event }) => event.call.switchId));
  const masked = await maskedWhereErased(tx, deps.numbers, events);
  const placed = await placeCalls(tx, deps.filing, tellingsOf(masked.map(({ event }) => event), switchIds));
  const nowUs = BigInt(deps.clock.nowUs());
  const fresh = await logFresh(tx, deps.numbers, filed(masked, placed), nowUs);
  const changes = await storeFresh(deps, tx, placed, fresh, nowUs);
  if (changes.length === 0) return [];
  await enqueue(tx, deps.root, closings(changes, fresh));
  await noteDifferences(tx, changes, deps.callKeptDays === 0 ? 0 : deps.clock.nowUs() - deps.callKeptDays * 86_400_000_000);
  await walkAgainFrom(tx, changes, deps);
  return changes;
}

/** Events under the day of their call, which says in which partition of the log they are. */
function filed(events: readonly ToldEvent[], { taken, known }: PlacedCalls): FiledEvent[] {
  const dayOf = new Map([...taken, ...known].flatMap(({ events: told, place }) => told.map((event) => [event, place.filed_day] as const)));
  return events.map((told) => ({ ...told, filedDay: present(dayOf.get(told.event), 'the place of a call') }));
}

/** A known call is told what the log did not hold. A new one is made of all that is told of it; where the log held that, the call is past its time, and nothing is new. */
async function storeFresh({ numbers }: CdrDeps, tx: Sql, { taken, known }: PlacedCalls, fresh: readonly ToldEvent[], nowUs: bigint): Promise<Change[]> {
  const isFresh = new Set(fresh.map(({ event }) => event));
  const told = known.map((call) => ({ ...call, events: call.events.filter((event) => isFresh.has(event)) })).filter(({ events }) => events.length > 0);
  const begun = taken.map((call) => {
    const events = call.events.filter((event) => isFresh.has(event));
    return { ...call, events, change: { ...call.change, eventCount: events.length } };
  });
  return (await storeCalls(tx, numbers, { taken: begun, known: told }, () => nowUs)).filter(({ eventCount }) => eventCount > 0);
}

interface Sifted {
  readonly events: ToldEvent[];
  readonly park: ParkedEvent[];
}

/** Where switches are not registered as they are seen first, what one tells that nobody has registered is parked until somebody does. */
async function ofRegistered(tx: Sql, { switches, refusesUnknownSwitches }: CdrDeps, { events, park }: Sifted): Promise<Sifted> {
  if (!refusesUnknownSwitches || events.length === 0) return { events, park };
  const registered = await switches.registeredAmong(tx, events.map(({ event }) => event.call.switchId));
  const strange = events.filter(({ event }) => !registered.has(event.call.switchId));
  const parked = strange.map(({ received, event }) => ({ eventId: received.id, code: 'unknown_switch' as const, detail: `field: call.switchId, value: ${event.call.switchId}` }));
  return { events: events.filter(({ event }) => registered.has(event.call.switchId)), park: [...park, ...parked] };
}

function sift(batch: readonly ReceivedEvent[], { clock }: CdrDeps): Sifted {
  const nowUs = clock.nowUs();
  const events: ToldEvent[] = [];
  const park: ParkedEvent[] = [];
  for (const received of batch) {
    const parsed = callEventOf(received);
    const refusal = parsed.ok ? implausible(parsed.value, nowUs) : parsed.refusal;
    if (parsed.ok && refusal === undefined) events.push({ received, event: parsed.value });
    else if (refusal !== undefined) park.push({ eventId: received.id, code: refusal.code, detail: detailOf(refusal) });
  }
  return { events, park };
}

function detailOf({ code: _, ...facts }: { readonly code: string }): string {
  return Object.entries(facts).map(([name, value]) => `${name}: ${String(value)}`).join(', ');
}

function closings(changes: readonly Change[], fresh: readonly ToldEvent[]): PublicEvent[] {
  const closings: PublicEvent[] = [];
  let traces: ReadonlyMap<string, string> | undefined;
  for (const { before, after, eventCount } of changes) {
    if (closedText(after) === closedText(before)) continue;
    const closed = cdrClosed(after, eventCount);
    if (closed === undefined) continue;
    traces ??= tracesOf(fresh);
    const traceparent = traces.get(callKey(after.call));
    closings.push(traceparent === undefined ? closed : { ...closed, traceparent });
  }
  return closings;
}

/** The trace of the last event of each call, which is the work that closed it. */
function tracesOf(fresh: readonly ToldEvent[]): Map<string, string> {
  const traces = new Map<string, string>();
  for (const { received, event } of fresh) {
    if (received.traceparent !== undefined) traces.set(callKey(event.call), received.traceparent);
  }
  return traces;
}
