import { hash } from 'node:crypto';
import { callKey, eventIdOf, type ReceivedEvent } from '@tollwire/contracts';
import { pgArray, type Sql } from '@tollwire/event-store';
import { type CallEvent, told } from '../domain/call.ts';

/** An event as it was received, and what it says. */
export interface ToldEvent {
  readonly received: ReceivedEvent;
  readonly event: CallEvent;
}

const kindOf: Record<CallEvent['type'], number> = {
  CallStarted: told.started,
  CallAnswered: told.answered,
  CallEnded: told.ended,
  CallRated: told.rated,
  CallRinging: told.ringing,
  CallAbandoned: told.abandoned,
};

/** All contents travel in one parameter and are cut up by the server, because an array of bytes would travel as hex. */
const insertSql = `
  INSERT INTO call_event (event_id, kind, call_key, source, bytes)
  SELECT event_id, kind, call_key, source, substring($1::bytea FROM first_byte FOR byte_count)
  FROM unnest($2::uuid[], $3::smallint[], $4::text[], $5::text[], $6::int[], $7::int[])
    AS u (event_id, kind, call_key, source, first_byte, byte_count)
  ON CONFLICT DO NOTHING
  RETURNING event_id::text AS id`;

/**
 * Adds events to the log and returns those that it did not hold: the log is the receipt. An id that comes again with
 * other content is not a repeat but a second telling; it is logged under an id made of both, so that it is kept, and
 * recognised when it comes again. Rows are added in the order of their ids, so that instances do not deadlock.
 */
export async function logFresh(tx: Sql, events: readonly ToldEvent[]): Promise<ToldEvent[]> {
  const { first, clashing } = splitById(events);
  const fresh = await insert(tx, first);
  const added = first.filter(({ received }) => fresh.has(received.id));
  const others = await withOtherContent(tx, [...first.filter(({ received }) => !fresh.has(received.id)), ...clashing]);
  if (others.length === 0) return added;
  const renamed = splitById(others.map(underOwnId)).first;
  const freshOthers = await insert(tx, renamed);
  return [...added, ...renamed.filter(({ received }) => freshOthers.has(received.id))];
}

/** One event for each id; the others that say something else under the same id. */
function splitById(events: readonly ToldEvent[]): { first: ToldEvent[]; clashing: ToldEvent[] } {
  const byId = new Map<string, ToldEvent>();
  const clashing: ToldEvent[] = [];
  for (const event of events) {
    const known = byId.get(event.received.id);
    if (known === undefined) byId.set(event.received.id, event);
    else if (Buffer.compare(known.received.dataBytes, event.received.dataBytes) !== 0) clashing.push(event);
  }
  return { first: [...byId.values()], clashing };
}

async function insert(tx: Sql, events: readonly ToldEvent[]): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const sorted = [...events].sort((a, b) => (a.received.id < b.received.id ? -1 : 1));
  let firstByte = 1;
  const rows = await tx.query<{ id: string }>(insertSql, [
    Buffer.concat(sorted.map(({ received }) => received.dataBytes)),
    pgArray('uuid', sorted, ({ received }) => received.id),
    pgArray('smallint', sorted, ({ event }) => kindOf[event.type]),
    pgArray('text', sorted, ({ event }) => callKey(event.call)),
    pgArray('text', sorted, ({ received }) => received.source.replaceAll('\0', '\uFFFD')),
    pgArray('integer', sorted, ({ received }) => (firstByte += received.dataBytes.length) - received.dataBytes.length),
    pgArray('integer', sorted, ({ received }) => received.dataBytes.length),
  ]);
  return new Set(rows.map((row) => row.id));
}

async function withOtherContent(tx: Sql, events: readonly ToldEvent[]): Promise<ToldEvent[]> {
  if (events.length === 0) return [];
  const rows = await tx.query<{ id: string; bytes: Buffer }>(
    'SELECT event_id::text AS id, bytes FROM call_event WHERE event_id = ANY($1::uuid[])',
    [events.map(({ received }) => received.id)],
  );
  const logged = new Map(rows.map((row) => [row.id, row.bytes]));
  return events.filter(({ received }) => {
    const bytes = logged.get(received.id);
    return bytes !== undefined && Buffer.compare(bytes, received.dataBytes) !== 0;
  });
}

function underOwnId({ received, event }: ToldEvent): ToldEvent {
  const { type, timeUs, dataBytes } = received;
  const id = eventIdOf(type, timeUs, [received.id, hash('sha256', dataBytes, 'hex')]);
  return { received: { ...received, id }, event };
}
