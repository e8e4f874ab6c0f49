import type { ReceivedEvent } from '@tollwire/contracts';
import type { Sql } from '../sql/sql.ts';

/** What could not be handled, and why. */
export interface DeadLetter {
  readonly position: bigint;
  /** The reaction that it is for. */
  readonly consumer: string;
  readonly kind: 'event' | 'message';
  /** The event; of an unreadable message its content type, subject and bytes stand in type, source and dataBytes. */
  readonly event: ReceivedEvent;
  readonly headers: Readonly<Record<string, string>>;
  readonly code: string;
  readonly detail: string;
  /** How often it was tried. */
  readonly tries: number;
  readonly parkedAt: Date;
}

/** Which letters: of one consumer, with one code, behind a position (the last of the page before). */
export interface DeadLetterFilter {
  readonly consumer?: string | undefined;
  readonly code?: string | undefined;
  readonly after?: bigint | undefined;
  /** Only these. */
  readonly positions?: readonly bigint[] | undefined;
  /** 1 or more; default 100. */
  readonly limit?: number | undefined;
}

interface DeadLetterRow {
  readonly position: bigint;
  readonly consumer: string;
  readonly kind: 'event' | 'message';
  readonly event_id: string;
  readonly type: string;
  readonly source: string;
  readonly key: string;
  readonly time_us: bigint;
  readonly traceparent: string | null;
  readonly headers: Record<string, string> | null;
  readonly data: Buffer;
  readonly code: string;
  readonly detail: string;
  readonly tries: number;
  readonly parked_at: Date;
}

const selectLetters = `
  SELECT * FROM dead_letter
  WHERE ($1::text IS NULL OR consumer = $1) AND ($2::text IS NULL OR code = $2) AND position > $3 AND ($5::bigint[] IS NULL OR position = ANY ($5))
  ORDER BY position LIMIT $4`;

/** Dead letters, oldest first. */
export async function listDeadLetters(sql: Sql, filter: DeadLetterFilter = {}): Promise<DeadLetter[]> {
  const { consumer = null, code = null, after = 0n, positions = null, limit = 100 } = filter;
  const rows = await sql.query<DeadLetterRow>(selectLetters, [consumer, code, after, limit, positions]);
  return rows.map(letterOf);
}

/** One letter, kept for the caller until its transaction ends; undefined when it is gone or somebody else has it. */
export async function takeLetter(tx: Sql, position: bigint): Promise<DeadLetter | undefined> {
  const [row] = await tx.query<DeadLetterRow>('SELECT * FROM dead_letter WHERE position = $1 FOR UPDATE SKIP LOCKED', [position]);
  return row === undefined ? undefined : letterOf(row);
}

function letterOf(row: DeadLetterRow): DeadLetter {
  const { position, consumer, kind, code, detail, tries } = row;
  const event = {
    id: row.event_id,
    type: row.type,
    source: row.source,
    key: row.key,
    timeUs: Number(row.time_us),
    dataBytes: row.data,
    ...(row.traceparent === null ? {} : { traceparent: row.traceparent }),
  };
  return { position, consumer, kind, event, headers: row.headers ?? {}, code, detail, tries, parkedAt: row.parked_at };
}
