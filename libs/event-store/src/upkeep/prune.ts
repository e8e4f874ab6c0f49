import type { Sql } from '../sql/sql.ts';

/** How long what is done is kept, in days. */
export interface Retention {
  /** Published rows, which can be driven again: no longer than the stream keeps its messages. Default 7. */
  readonly outboxDays?: number;
  /**
   * Receipts. A row may be driven again when it is `outboxDays` old, and then stay in the stream as long again, so this
   * is to be more than twice as much. Default 15.
   */
  readonly inboxDays?: number;
}

/** What was removed. */
export interface Pruned {
  readonly outboxRows: number;
  readonly publications: number;
  readonly receipts: number;
}

const ROWS_AT_A_TIME = 5000;

/** The oldest rows stand first in the primary key, so each batch looks at one batch of rows and no more. */
const deleteOutbox = `
  WITH gone AS (
    DELETE FROM outbox WHERE position IN (
      SELECT position FROM (SELECT position, created_at FROM outbox ORDER BY position LIMIT ${ROWS_AT_A_TIME}) oldest
      WHERE created_at < now() - $1 * interval '1 day'
        AND NOT EXISTS (SELECT FROM outbox_pending p WHERE p.position = oldest.position))
    RETURNING 1)
  SELECT count(*)::int AS count FROM gone`;

const deletePublished = `
  WITH gone AS (
    DELETE FROM outbox_published WHERE id IN (
      SELECT id FROM (SELECT id, published_at FROM outbox_published ORDER BY id LIMIT ${ROWS_AT_A_TIME}) oldest
      WHERE published_at < now() - $1 * interval '1 day')
    RETURNING 1)
  SELECT count(*)::int AS count FROM gone`;

const deleteReceipts = `
  WITH gone AS (
    DELETE FROM inbox WHERE ctid = ANY (ARRAY(
      SELECT ctid FROM inbox WHERE received_at < now() - $1 * interval '1 day' LIMIT ${ROWS_AT_A_TIME}))
    RETURNING 1)
  SELECT count(*)::int AS count FROM gone`;

/**
 * Removes what is past its time, a few thousand rows in each transaction. Rows that wait to be published stay, however
 * old. Throws when receipts would be forgotten before what they guard against can still come.
 */
export async function prune(sql: Sql, { outboxDays = 7, inboxDays = 15 }: Retention = {}): Promise<Pruned> {
  if (inboxDays <= 2 * outboxDays) {
    throw new RangeError(`Receipts kept for ${inboxDays} days do not outlive two times the outbox's ${outboxDays}`);
  }
  return {
    outboxRows: await deleteAll(sql, deleteOutbox, outboxDays),
    publications: await deleteAll(sql, deletePublished, outboxDays),
    receipts: await deleteAll(sql, deleteReceipts, inboxDays),
  };
}

async function deleteAll(sql: Sql, statement: string, days: number): Promise<number> {
  for (let deleted = 0; ; ) {
    const [answer] = await sql.query<{ count: number }>(statement, [days]);
    deleted += answer?.count ?? 0;
    if ((answer?.count ?? 0) < ROWS_AT_A_TIME) return deleted;
  }
}
