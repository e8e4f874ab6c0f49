import type { Event } from '@tollwire/core';
import type { Sql } from '../sql/sql.ts';
import type { EventRow, Recorded } from './recorded.ts';
import { eventColumns, recordedOf } from './rows.ts';

/** Up to where a reader of all events has come: the pair of transaction and position, never a position alone. */
export interface Checkpoint {
  readonly xid: bigint;
  readonly position: bigint;
}

/** Before the first event. */
export const beginning: Checkpoint = { xid: 0n, position: 0n };

/** An event in the order of all events. */
export interface Read<E extends Event = Event> extends Recorded<E> {
  readonly checkpoint: Checkpoint;
  readonly recordedAt: Date;
}

interface ReadRow extends EventRow {
  readonly xid: bigint;
  readonly position: bigint;
  readonly recorded_at: Date;
}

/** Below the gate every transaction has ended, so nothing can appear there any more. */
const selectBehind = `
  SELECT ${eventColumns}, xid, position, recorded_at
  FROM event
  WHERE (xid, position) > ($1::text::xid8, $2::bigint) AND xid < pg_snapshot_xmin(pg_current_snapshot())
  ORDER BY xid, position
  LIMIT $3`;

/**
 * The events behind a checkpoint, oldest first, `limit` at most. Skips nothing, ever: an event shows only once every
 * transaction that began to write before its own has ended, anywhere in the database cluster. Within one stream the
 * order of transactions may differ from that of versions; who needs the latter sorts by it.
 */
export async function readAll<E extends Event>(sql: Sql, after: Checkpoint, limit: number): Promise<Read<E>[]> {
  const rows = await sql.query<ReadRow>(selectBehind, [after.xid, after.position, limit]);
  return rows.map((row) => ({
    ...recordedOf<E>(row),
    checkpoint: { xid: row.xid, position: row.position },
    recordedAt: row.recorded_at,
  }));
}
