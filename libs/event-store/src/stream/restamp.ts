import type { Sql } from '../sql/sql.ts';

/** PostgreSQL's FirstNormalTransactionId: below every id that a cluster gives out. */
const oldestXid = "'3'::xid8";

/**
 * Positions below all that exist, in the order that events had: a row is never given a place that another still has,
 * and what is written later sorts behind.
 */
const rememberOrder = `
  CREATE TEMPORARY TABLE restamped ON COMMIT DROP AS
  SELECT xid, position, least(min(position) OVER (), 0) - count(*) OVER () + row_number() OVER (ORDER BY xid, position) - 1 AS stamped
  FROM event`;

const moveCheckpoints = `
  UPDATE projection_checkpoint c
  SET xid = ${oldestXid},
    position = coalesce(
      (SELECT max(r.stamped) FROM restamped r WHERE (r.xid, r.position) <= (c.xid, c.position)),
      (SELECT min(r.stamped) - 1 FROM restamped r), 0)`;

const stampEvents = `
  WITH stamped AS (
    UPDATE event e SET xid = ${oldestXid}, position = r.stamped
    FROM restamped r WHERE (e.xid, e.position) = (r.xid, r.position) RETURNING 1)
  SELECT count(*)::int AS count FROM stamped`;

/**
 * After a dump and restore: the stored transaction ids are another cluster's. They may be in this one's future, where
 * the gate of readAll hides them, or new events may sort before them. Stamps every event as older than all to come, in
 * the order that they had, and moves the checkpoints along, so that followers go on where they were. Wants a
 * transaction with the owner's rights and no other writer; may be run again. Returns the number of events.
 */
export async function restamp(tx: Sql): Promise<number> {
  await tx.query('LOCK TABLE event, projection_checkpoint IN EXCLUSIVE MODE');
  await tx.query(rememberOrder);
  await tx.query(moveCheckpoints);
  const [answer] = await tx.query<{ count: number }>(stampEvents);
  return answer?.count ?? 0;
}
