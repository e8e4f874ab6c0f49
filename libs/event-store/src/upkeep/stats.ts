import type { Sql } from '../sql/sql.ts';

/** How far the relay is behind. */
export interface OutboxBacklog {
  readonly pendingRows: number;
  /** Age of the oldest pending row, 0 when there is none. */
  readonly oldestAgeSec: number;
}

const selectBacklog = `
  SELECT (SELECT count(*)::int FROM outbox_pending) AS "pendingRows",
    coalesce((
      SELECT extract(epoch FROM clock_timestamp() - o.created_at)::float8
      FROM outbox o WHERE o.position = (SELECT min(position) FROM outbox_pending)), 0) AS "oldestAgeSec"`;

/** What waits in the outbox. */
export async function outboxBacklog(sql: Sql): Promise<OutboxBacklog> {
  const [backlog] = await sql.query<OutboxBacklog>(selectBacklog);
  return backlog ?? { pendingRows: 0, oldestAgeSec: 0 };
}

const selectGateAge = `
  SELECT coalesce(extract(epoch FROM clock_timestamp() - min(recorded_at)), 0)::float8 AS age
  FROM event WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())`;

/**
 * How many seconds the oldest committed event has been waiting for readAll to show it; 0 when none waits. It grows when
 * a write transaction is left open anywhere in the cluster.
 */
export async function gateAge(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ age: number }>(selectGateAge);
  return row?.age ?? 0;
}

/** How many dead letters wait, by consumer. */
export async function deadLetterCounts(sql: Sql): Promise<Map<string, number>> {
  const rows = await sql.query<{ consumer: string; count: number }>(
    'SELECT consumer, count(*)::int AS count FROM dead_letter GROUP BY consumer ORDER BY consumer',
  );
  return new Map(rows.map(({ consumer, count }) => [consumer, count]));
}
