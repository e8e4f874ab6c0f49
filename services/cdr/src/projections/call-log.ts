import { hash } from 'node:crypto';
import { callKey, eventIdOf, type ReceivedEvent } from '@tollwire/contracts';
import { pgArray, type Sql } from '@tollwire/event-store';
import { type CallEvent, told } from '../domain/call.ts';
import type { NumberKeys } from '../numbers/number-keys.ts';
import { type LoggedBytes, openEvents, sealEvents, sealingDayOf, starErased } from '../numbers/sealed-events.ts';
import { inWeek, type Week, weekFrom, weekOf } from './call-filing.ts';

/** An event as it was received, and what it says. */
export interface ToldEvent {
  readonly received: ReceivedEvent;
  readonly event: CallEvent;
  /** By whose key it is sealed, where that is not the day of its call. */
  readonly day?: number;
}

/** An event with the day that its call is filed under, which says in which partition of the log it is. */
export interface FiledEvent extends ToldEvent {
  readonly filedDay: number;
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
  INSERT INTO call_event (received_at, event_id, filed_day, kind, call_key, source, bytes, numbers_day)
  SELECT from_us($10), event_id, filed_day, kind, call_key, source, substring($1::bytea FROM first_byte FOR byte_count), numbers_day
  FROM unnest($2::uuid[], $3::int[], $4::smallint[], $5::text[], $6::text[], $7::int[], $8::int[], $9::int[])
    AS u (event_id, filed_day, kind, call_key, source, first_byte, byte_count, numbers_day)
  ON CONFLICT DO NOTHING
  RETURNING event_id::text AS id, filed_day AS day`;

/** The week is said in the text, so the plan knows one partition, however many there are. */
export const sameIdsSql = (week: Week): string => `
  SELECT c.event_id::text AS id, c.kind, c.numbers_day, c.bytes FROM call_event c WHERE c.event_id = ANY($1::uuid[]) AND ${inWeek(week)}`;

/**
 * Adds events to the log, each in the partition of its call, and returns those that it did not hold: the log is the receipt. An id that comes again with
 * other content is not a repeat but a second telling; it is logged under an id made of both, so that it is kept, and
 * recognised when it comes again. What events say of people is sealed. Rows are added in the order of their ids, so that instances do not deadlock.
 */
export async function logFresh(tx: Sql, numbers: NumberKeys, events: readonly FiledEvent[], receivedAtUs: bigint): Promise<FiledEvent[]> {
  if (events.length === 0) return [];
  const { first, clashing } = splitById(events);
  const fresh = await insert(tx, numbers, first, receivedAtUs);
  const added = first.filter((event) => fresh.has(idInWeek(event)));
  const others = await withOtherContent(tx, numbers, [...first.filter((event) => !fresh.has(idInWeek(event))), ...clashing]);
  if (others.length === 0) return added;
  const renamed = splitById(others.map(underOwnId)).first;
  const freshOthers = await insert(tx, numbers, renamed, receivedAtUs);
  return [...added, ...renamed.filter((event) => freshOthers.has(idInWeek(event)))];
}

/** What names an event: its id, among those of one partition. */
function idInWeek({ received, filedDay }: Pick<FiledEvent, 'received' | 'filedDay'>): string {
  return idOf(received.id, filedDay);
}

function idOf(id: string, filedDay: number): string {
  return `${weekOf(filedDay)}/${id}`;
}

/** One event for each id; the others that say something else under the same id. */
function splitById(events: readonly FiledEvent[]): { first: FiledEvent[]; clashing: FiledEvent[] } {
  const byId = new Map<string, FiledEvent>();
  const clashing: FiledEvent[] = [];
  for (const event of events) {
    const known = byId.get(idInWeek(event));
    if (known === undefined) byId.set(idInWeek(event), event);
    else if (Buffer.compare(known.received.dataBytes, event.received.dataBytes) !== 0) clashing.push(event);
  }
  return { first: [...byId.values()], clashing };
}

async function insert(tx: Sql, numbers: NumberKeys, events: readonly FiledEvent[], receivedAtUs: bigint): Promise<Set<string>> {
  if (events.length === 0) return new Set();
  const sorted = [...events].sort((a, b) => (a.received.id < b.received.id ? -1 : 1));
  const { bytes, places } = laidOut(sorted);
  const days = await sealEvents(tx, numbers, places, bytes);
  const rows = await tx.query<{ id: string; day: number }>(insertSql, [
    bytes,
    pgArray('uuid', sorted, ({ received }) => received.id),
    pgArray('integer', sorted, ({ filedDay }) => filedDay),
    pgArray('smallint', sorted, ({ event }) => kindOf[event.type]),
    pgArray('text', sorted, ({ event }) => callKey(event.call)),
    pgArray('text', sorted, ({ received }) => received.source.replaceAll('\0', '\uFFFD')),
    pgArray('integer', places, ({ begin }) => begin + 1),
    pgArray('integer', places, ({ begin, end }) => end - begin),
    pgArray('integer', days, (day) => day),
    receivedAtUs,
  ]);
  return new Set(rows.map(({ id, day }) => idOf(id, day)));
}

/** The contents of events, one after the other in bytes of their own. */
function laidOut(events: readonly ToldEvent[]): { bytes: Buffer; places: LoggedBytes[] } {
  let end = 0;
  const places = events.map(({ received, event, day = sealingDayOf(event) }) => {
    const begin = end;
    end += received.dataBytes.length;
    return { id: received.id, kind: kindOf[event.type], day, begin, end };
  });
  return { bytes: Buffer.concat(events.map(({ received }) => received.dataBytes)), places };
}

async function withOtherContent(tx: Sql, numbers: NumberKeys, events: readonly FiledEvent[]): Promise<FiledEvent[]> {
  const others: FiledEvent[] = [];
  for (const [firstDay, ofWeek] of Map.groupBy(events, ({ filedDay }) => weekOf(filedDay))) {
    const rows = await tx.query<LoggedRow>(sameIdsSql(weekFrom(firstDay)), [ofWeek.map(({ received }) => received.id)]);
    others.push(...(await unlike(tx, numbers, ofWeek, rows)));
  }
  return others;
}

/** The events that say something else than what is logged under their ids. */
async function unlike(tx: Sql, numbers: NumberKeys, events: readonly FiledEvent[], rows: readonly LoggedRow[]): Promise<FiledEvent[]> {
  // Of an erased day or call nobody is to know any more what was said of people, so that tells no contents apart.
  const dayOf = new Map(events.flatMap(({ received, day }) => (day === undefined ? [] : [[received.id, day] as const])));
  const asErased = rows.map((row) => (row.numbers_day === null ? row : { ...row, numbers_day: dayOf.get(row.id) ?? row.numbers_day }));
  const logged = new Map((await readable(tx, numbers, asErased)).map(({ id, bytes }) => [id, bytes]));
  const { bytes, places } = laidOut(events);
  await starErased(tx, numbers, places, bytes);
  return events.filter(({ received }, at) => {
    const known = logged.get(received.id);
    const place = places[at];
    return known !== undefined && place !== undefined && Buffer.compare(known, bytes.subarray(place.begin, place.end)) !== 0;
  });
}

/** An event as it lies in the log. */
export interface LoggedRow {
  readonly id: string;
  readonly kind: number;
  readonly numbers_day: number | null;
  readonly bytes: Buffer;
}

/** Events of the log with what they say of people; of erased days with stars in its place. */
export async function readable<Row extends LoggedRow>(sql: Sql, numbers: NumberKeys, rows: readonly Row[]): Promise<Row[]> {
  const bytes = Buffer.concat(rows.map((row) => row.bytes));
  let end = 0;
  const places = rows.map(({ id, kind, numbers_day: day, bytes: own }) => ({ id, kind, day, begin: end, end: (end += own.length) }));
  await openEvents(sql, numbers, places, bytes);
  return rows.map((row, at) => ({ ...row, bytes: bytes.subarray(places[at]?.begin, places[at]?.end) }));
}

function underOwnId({ received, ...told }: FiledEvent): FiledEvent {
  const { type, timeUs, dataBytes } = received;
  const id = eventIdOf(type, timeUs, [received.id, hash('sha256', dataBytes, 'hex')]);
  return { ...told, received: { ...received, id } };
}
