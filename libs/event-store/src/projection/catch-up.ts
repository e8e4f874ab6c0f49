import type { Event } from '@tollwire/core';
import type { Database } from '../sql/database.ts';
import type { Sql } from '../sql/sql.ts';
import { beginning, type Checkpoint, type Read, readAll } from '../stream/read-all.ts';

/** Who follows all events of the database, by a name that is kept for good. */
export interface Follower<E extends Event> {
  readonly name: string;
  /** The effect of events in `tx`; each event comes once, unless `tx` is undone. */
  handle(tx: Sql, events: readonly Read<E>[]): Promise<void>;
}

const lockCheckpoint = `
  INSERT INTO projection_checkpoint (name, xid, position) VALUES ($1, '0', 0)
  ON CONFLICT (name) DO UPDATE SET name = excluded.name
  RETURNING xid, position`;

const moveCheckpoint = `
  UPDATE projection_checkpoint SET xid = $2::text::xid8, position = $3, updated_at = now() WHERE name = $1`;

/**
 * Gives a follower the next events behind its checkpoint, `limit` at most; effect and checkpoint commit together. Two
 * at once wait for each other. Returns how many events there were: `limit` means that there may be more.
 */
export async function catchUp<E extends Event>(
  database: Pick<Database, 'transaction'>,
  follower: Follower<E>,
  limit = 1000,
): Promise<number> {
  return await database.transaction(async (tx) => {
    const [checkpoint = beginning] = await tx.query<Checkpoint>(lockCheckpoint, [follower.name]);
    const events = await readAll<E>(tx, checkpoint, limit);
    const last = events.at(-1);
    if (last === undefined) return 0;
    await follower.handle(tx, events);
    await tx.query(moveCheckpoint, [follower.name, last.checkpoint.xid, last.checkpoint.position]);
    return events.length;
  });
}
