import type { Event } from '@tollwire/core';
import { decodeJson, encodeJson } from '../json-codec.ts';
import { storedAs } from '../sql/stored-as.ts';
import type { EventRow, Recorded } from './recorded.ts';

/** The columns that eventOf reads. */
export const eventColumns = 'stream, version, type, data::text AS data, meta::text AS meta';

/** An event as columns: its type, and the rest of it as JSON. */
export function rowOf({ stream, version, event, meta }: Recorded): EventRow {
  const { type, ...data } = event;
  return { stream, version, type, data: encodeJson(data), meta: encodeJson(meta) };
}

/** The event of a row. What was stored was an E when it was written; `evolve` takes every version that ever was. */
export function recordedOf<E extends Event>(row: EventRow): Recorded<E> {
  return {
    stream: row.stream,
    version: row.version,
    event: storedAs<E>({ type: row.type, ...decodeJson<object>(row.data) }),
    meta: decodeJson(row.meta),
  };
}
