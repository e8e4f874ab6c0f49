import { encodeEvents, partitionOf, type PublicEvent, subjectOf } from '@tollwire/contracts';
import { assert } from '@tollwire/core';
import type { StatementPart } from '../sql/at-once.ts';
import { pgArray } from '../sql/pg-array.ts';
import type { Sql } from '../sql/sql.ts';
import { EVENT_BYTES_MAX, ROW_BYTES_MAX } from './limits.ts';

/** Encoded events of one subject, in the form in which concatenation is packing. */
export interface OutboxEntry {
  readonly subject: string;
  readonly bytes: Uint8Array;
  /** How many events these are; 1 where nothing is said. */
  readonly eventCount?: number;
}

interface OutboxRow {
  readonly subject: string;
  readonly chunks: Uint8Array[];
  byteCount: number;
  eventCount: number;
}

/** One parameter for all payloads, cut up by the server: it travels as bytes, where an array would travel as hex. */
const insertQueued = `
    INSERT INTO outbox (subject, event_count, payload)
    SELECT subject, event_count, substring($1::bytea FROM first_byte FOR byte_count)
    FROM unnest($2::text[], $3::int[], $4::int[], $5::int[]) AS r (subject, event_count, first_byte, byte_count)
    RETURNING position, octet_length(payload) AS byte_count`;
const insertPending = 'INSERT INTO outbox_pending (position, byte_count) SELECT position, byte_count FROM queued';
const insertRows = `
  WITH queued AS (${insertQueued})
  ${insertPending}`;

/** What `enqueue` writes, as parts of a larger statement; `outboxParams` are the parameters of the first. */
export const outboxParts: readonly StatementPart[] = [
  { name: 'queued', text: insertQueued, paramCount: 5 },
  { name: 'pending', text: insertPending, paramCount: 0 },
];

/**
 * Puts public events into the outbox, in the caller's transaction: they are published if, and only if, it commits.
 * One row for each subject, so for each kind of event and partition of its key. Throws on an event above 512 KB.
 */
export async function enqueue(sql: Sql, root: string, events: readonly PublicEvent[]): Promise<void> {
  await enqueueEncoded(sql, outboxEntries(root, events));
}

/** Events in the form in which they are put into the outbox, a few entries for each subject. Throws on one above 512 KB. */
export function outboxEntries(root: string, events: readonly PublicEvent[]): OutboxEntry[] {
  const bySubject = Map.groupBy(events, (event) => subjectOf(root, event.definition, partitionOf(event.key)));
  return [...bySubject].flatMap(([subject, together]) => entriesOf(subject, together));
}

function entriesOf(subject: string, events: readonly PublicEvent[]): OutboxEntry[] {
  const { bytes, ends } = encodeEvents(events);
  if (bytes.length <= ROW_BYTES_MAX) return [{ subject, bytes, eventCount: events.length }];
  return ends.map((end, at) => ({ subject, bytes: bytes.subarray(ends[at - 1] ?? 0, end) }));
}

/** As enqueue, for events that are encoded already: one statement, and so outside of a transaction one by itself. */
export async function enqueueEncoded(sql: Sql, entries: readonly OutboxEntry[]): Promise<void> {
  if (entries.length > 0) await sql.query(insertRows, paramsOf(entries));
}

/** The parameters of `outboxParts`. Throws on an event above 512 KB. */
export function outboxParams(root: string, events: readonly PublicEvent[]): unknown[] {
  return paramsOf(outboxEntries(root, events));
}

function paramsOf(entries: readonly OutboxEntry[]): unknown[] {
  const rows = rowsOf(entries);
  let firstByte = 1;
  const firstBytes = rows.map((row) => (firstByte += row.byteCount) - row.byteCount);
  return [
    Buffer.concat(rows.flatMap((row) => row.chunks)),
    pgArray('text', rows, (row) => row.subject),
    pgArray('integer', rows, (row) => row.eventCount),
    pgArray('integer', firstBytes, (firstByteOf) => firstByteOf),
    pgArray('integer', rows, (row) => row.byteCount),
  ];
}

function rowsOf(entries: readonly OutboxEntry[]): OutboxRow[] {
  const rows: OutboxRow[] = [];
  const open = new Map<string, OutboxRow>();
  for (const { subject, bytes, eventCount = 1 } of entries) {
    assert(bytes.length <= EVENT_BYTES_MAX, `an event on ${subject} has ${bytes.length} bytes, more than ${EVENT_BYTES_MAX}`);
    let row = open.get(subject);
    if (row === undefined || row.byteCount + bytes.length > ROW_BYTES_MAX) {
      row = { subject, chunks: [], byteCount: 0, eventCount: 0 };
      open.set(subject, row);
      rows.push(row);
    }
    row.chunks.push(bytes);
    row.byteCount += bytes.length;
    row.eventCount += eventCount;
  }
  return rows;
}
