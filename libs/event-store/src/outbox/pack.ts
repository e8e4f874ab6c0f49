import { hash } from 'node:crypto';
import { MESSAGE_BYTES_MAX } from './limits.ts';

/** A row of the outbox that waits to be published. */
export interface PendingRow {
  readonly position: bigint;
  readonly subject: string;
  readonly event_count: number;
  readonly payload: Buffer;
}

/** One message: consecutive rows of one subject, their payloads end to end. */
export interface PackedMessage {
  readonly subject: string;
  readonly payload: Buffer;
  readonly positions: readonly bigint[];
  readonly eventCount: number;
  readonly messageId: string;
}

/**
 * Packs rows, in the order given, into messages of at most 512 KB; a row is never split, and no row is left out.
 * The message id is `<service>:<first>-<last>.<digest of the payload>`. The digest matters: a row that commits late, or
 * a database restored from a backup, can give the same two positions to other bytes, and the stream would take them for
 * a repeat and drop them.
 */
export function packRows(service: string, rows: readonly PendingRow[]): PackedMessage[] {
  const groups: PendingRow[][] = [];
  const open = new Map<string, { rows: PendingRow[]; byteCount: number }>();
  for (const row of rows) {
    let group = open.get(row.subject);
    if (group === undefined || group.byteCount + row.payload.length > MESSAGE_BYTES_MAX) {
      group = { rows: [], byteCount: 0 };
      open.set(row.subject, group);
      groups.push(group.rows);
    }
    group.rows.push(row);
    group.byteCount += row.payload.length;
  }
  return groups.flatMap((group) => messageOf(service, group));
}

function messageOf(service: string, rows: readonly PendingRow[]): PackedMessage[] {
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return [];
  const payload = rows.length === 1 ? first.payload : Buffer.concat(rows.map((row) => row.payload));
  return [{
    subject: first.subject,
    payload,
    positions: rows.map(({ position }) => position),
    eventCount: rows.reduce((sum, row) => sum + row.event_count, 0),
    messageId: `${service}:${first.position}-${last.position}.${hash('sha1', payload, 'hex').slice(0, 12)}`,
  }];
}
