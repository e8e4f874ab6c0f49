import type { Sql } from '../sql/sql.ts';
import type { PackedMessage, PendingRow } from './pack.ts';

/** How much is read, packed and published at a time. */
const ROWS_MAX = 2000;
const BYTES_MAX = 4 * 1024 * 1024;

/** Sizes stand in the small table, so a payload is only read when it is to be sent. */
const selectPending = `
  SELECT o.position, o.subject, o.event_count, o.payload
  FROM (
    SELECT position, sum(byte_count) OVER (ORDER BY position) - byte_count AS bytes_before
    FROM (SELECT position, byte_count FROM outbox_pending WHERE position > $1 ORDER BY position LIMIT ${ROWS_MAX}) w) p
  JOIN outbox o ON o.position = p.position
  WHERE p.bytes_before < ${BYTES_MAX}
  ORDER BY o.position`;

/** Some pending rows in order of position, and whether there may be more behind them. */
export interface PendingPage {
  readonly rows: readonly PendingRow[];
  readonly more: boolean;
}

/** Reads the pending rows behind a position, up to 2,000 rows or 4 MB. */
export async function readPending(sql: Sql, after: bigint): Promise<PendingPage> {
  const rows = await sql.query<PendingRow>(selectPending, [after]);
  const byteCount = rows.reduce((sum, row) => sum + row.payload.length, 0);
  return { rows, more: rows.length === ROWS_MAX || byteCount >= BYTES_MAX };
}

/** A message that the stream has. */
export interface PublishedMessage {
  readonly message: PackedMessage;
  /** The id that it was published under at last. */
  readonly messageId: string;
  readonly seq: number;
}

/** One row for each message, in the order of the stream, and the rows in it no longer pending: one statement. */
const insertPublished = `
  WITH done AS (
    INSERT INTO outbox_published (stream_created, stream_seq, message_id, positions)
    SELECT $1, seq, id, string_to_array(positions, ',')::bigint[]
    FROM unnest($2::bigint[], $3::text[], $4::text[]) AS m (seq, id, positions)
    ORDER BY seq)
  DELETE FROM outbox_pending WHERE position = ANY($5::bigint[])`;

/** Records where messages stand in the stream, and takes their rows off what is to be done. */
export async function markPublished(sql: Sql, streamCreated: string, published: readonly PublishedMessage[]): Promise<void> {
  if (published.length === 0) return;
  await sql.query(insertPublished, [
    streamCreated,
    published.map(({ seq }) => seq),
    published.map(({ messageId }) => messageId),
    published.map(({ message }) => message.positions.join(',')),
    published.flatMap(({ message }) => message.positions),
  ]);
}
