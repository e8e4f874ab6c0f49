import type { Sql } from '@tollwire/event-store';
import { eventsOf } from '../bus.ts';

/** Columns to compare by table: those that both sides must have alike, without numbers and times that PostgreSQL makes up. */
export type Compared = Readonly<Record<string, string>>;

/** The rows of tables as texts, in an order that does not depend on when they were written. */
export async function rowsIn(sql: Sql, compared: Compared): Promise<Record<string, string[]>> {
  const entries: [string, string[]][] = [];
  for (const [table, columns] of Object.entries(compared)) {
    const rows = await sql.query<Record<string, unknown>>(`SELECT ${columns} FROM ${table}`);
    entries.push([table, rows.map((row) => columns.split(', ').map((column) => shown(row[column])).join(' ')).sort()]);
  }
  return Object.fromEntries(entries);
}

/** The events that wait in the outbox. A statement without an order may find rows in any, and tell of them so within one message. */
export async function eventsToldIn(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ payload: Buffer }>('SELECT payload FROM outbox');
  return rows.flatMap(({ payload }) => eventsOf(payload)).map((event) => [event.id, event.type, event.key, event.timeUs, Buffer.from(event.dataBytes).toString('hex')].join(' ')).sort();
}

function shown(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return JSON.stringify(value ?? null, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner));
}
