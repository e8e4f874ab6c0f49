import type { Event } from '@tollwire/core';
import type { Sql } from '../sql/sql.ts';
import type { RetryableError } from '../sql/transient.ts';
import type { EventMeta, Recorded } from './recorded.ts';
import { rowOf } from './rows.ts';

/** Events to add to one stream. */
export interface Append<E extends Event = Event> {
  readonly stream: string;
  /** How many events the stream had when the decision was taken; 0 for a new one. */
  readonly expectedVersion: number;
  readonly events: readonly E[];
  readonly meta?: EventMeta;
}

/** Somebody else wrote to a stream after it was loaded: load, decide and append again, in a new transaction. */
export class StreamConflict extends Error implements RetryableError {
  readonly retryable = true;

  constructor(streams: readonly string[]) {
    super(`Another writer was first in ${streams.join(', ')}`);
    this.name = 'StreamConflict';
  }
}

const insertEvents = `
  WITH added AS (
    INSERT INTO event (stream, version, type, data, meta)
    SELECT stream, version, type, data::jsonb, meta::jsonb
    FROM unnest($1::text[], $2::int[], $3::text[], $4::text[], $5::text[]) AS e (stream, version, type, data, meta)
    ON CONFLICT DO NOTHING
    RETURNING stream, version)
  SELECT n.count,
    CASE WHEN n.count < cardinality($1::text[]) THEN (SELECT array_agg(stream || chr(31) || version) FROM added) END AS added
  FROM (SELECT count(*)::int AS count FROM added) n`;

/**
 * Adds events to streams in one statement, and hands them back with their versions. Throws StreamConflict, and the
 * transaction must be given up, when a stream is no longer at its expected version.
 */
export async function append<E extends Event>(sql: Sql, appends: readonly Append<E>[]): Promise<Recorded<E>[]> {
  const recorded = appends.flatMap(versioned);
  if (recorded.length === 0) return recorded;
  // In one order for all writers, so that two batches that share streams wait for each other and never deadlock.
  const rows = recorded.map(rowOf).sort((a, b) => compare(a.stream, b.stream) || a.version - b.version);
  const [answer] = await sql.query<{ count: number; added: string[] | null }>(insertEvents, [
    rows.map((row) => row.stream),
    rows.map((row) => row.version),
    rows.map((row) => row.type),
    rows.map((row) => row.data),
    rows.map((row) => row.meta),
  ]);
  if (answer?.count === rows.length) return recorded;
  const added = new Set(answer?.added);
  const refused = rows.filter((row) => !added.has(`${row.stream}\u001f${row.version}`));
  throw new StreamConflict([...new Set(refused.map((row) => row.stream))]);
}

function versioned<E extends Event>({ stream, expectedVersion, events, meta = {} }: Append<E>): Recorded<E>[] {
  return events.map((event, index) => ({ stream, version: expectedVersion + index + 1, event, meta }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
