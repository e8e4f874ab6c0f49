import type { Event } from '@tollwire/core';
import type { Database } from '../sql/database.ts';
import type { EventRow, Recorded } from '../stream/recorded.ts';
import { eventColumns, recordedOf } from '../stream/rows.ts';
import type { ReadModel } from './apply.ts';

const EVENTS_AT_A_TIME = 5000;

/** Stream by stream and version by version, which is the order in which a row saw its events live. */
const selectPage = `
  SELECT ${eventColumns} FROM event
  WHERE (stream, version) > ($1, $2) AND stream < $3
  ORDER BY stream, version LIMIT ${EVENTS_AT_A_TIME}`;

/**
 * Makes a read model anew from all events, in one transaction: readers see the old rows until it commits, writers of
 * the read model wait. It holds the gate of readAll for as long as it takes. Returns how many events it folded.
 */
export async function rebuild<E extends Event>(database: Pick<Database, 'transaction'>, model: ReadModel<E>): Promise<number> {
  return await database.transaction(async (tx) => {
    await model.clear(tx);
    let folded = 0;
    let last: Pick<Recorded, 'stream' | 'version'> = { stream: model.streamPrefix, version: 0 };
    for (;;) {
      const rows = await tx.query<EventRow>(selectPage, [last.stream, last.version, endOf(model.streamPrefix)]);
      await model.apply(tx, rows.map((row) => recordedOf<E>(row)));
      folded += rows.length;
      last = rows.at(-1) ?? last;
      if (rows.length < EVENTS_AT_A_TIME) return folded;
    }
  });
}

/** The first name behind all that begin with the prefix. */
function endOf(prefix: string): string {
  return `${prefix}\u{10FFFF}`;
}
