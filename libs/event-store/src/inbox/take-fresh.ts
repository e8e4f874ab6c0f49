import { pgArray } from '../sql/pg-array.ts';
import type { Sql } from '../sql/sql.ts';

/**
 * Receipts and the list of those that are new, in one statement; the list comes back only when some are not. Ids are
 * inserted in one order for all, so that two instances with the same events wait for each other and never deadlock.
 */
const insertReceipts = `
  WITH taken AS (
    INSERT INTO inbox (consumer, event_id)
    SELECT c.id, e.id FROM inbox_consumer c, unnest($2::uuid[]) AS e (id) WHERE c.name = $1
    ON CONFLICT DO NOTHING
    RETURNING event_id)
  SELECT n.count,
    CASE WHEN n.count < cardinality($2::uuid[]) THEN (SELECT array_agg(event_id::text) FROM taken) END AS ids,
    EXISTS (SELECT FROM inbox_consumer WHERE name = $1) AS known
  FROM (SELECT count(*)::int AS count FROM taken) n`;

const nameConsumer = 'INSERT INTO inbox_consumer (name) VALUES ($1) ON CONFLICT DO NOTHING';

/**
 * Writes the receipts of events in the caller's transaction and tells which of them this consumer had not had before.
 * Waits for a transaction that is taking the same event: if it rolls back, the event is fresh here. Ids are UUIDs in
 * lower case; an id that occurs twice is taken once.
 */
export async function takeFresh(sql: Sql, consumer: string, ids: readonly string[]): Promise<Set<string>> {
  const unique = new Set(ids);
  if (unique.size === 0) return unique;
  const sorted = [...unique].sort();
  const first = await insert(sql, consumer, sorted);
  if (first.known) return new Set(first.taken);
  await sql.query(nameConsumer, [consumer]);
  return new Set((await insert(sql, consumer, sorted)).taken);
}

interface Receipts {
  /** Whether the consumer has a number; without one, nothing is taken. */
  readonly known: boolean;
  readonly taken: readonly string[];
}

async function insert(sql: Sql, consumer: string, ids: readonly string[]): Promise<Receipts> {
  const [answer] = await sql.query<{ count: number; ids: string[] | null; known: boolean }>(insertReceipts, [consumer, pgArray('uuid', ids, (id) => id)]);
  return { known: answer?.known ?? false, taken: answer?.count === ids.length ? ids : (answer?.ids ?? []) };
}
