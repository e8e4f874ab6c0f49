import type { Event } from '@tollwire/core';
import type { Sql } from '../sql/sql.ts';
import type { EventRow } from './recorded.ts';
import { eventColumns, recordedOf } from './rows.ts';

/** A stream as it stands: its events in order, and how many there are. */
export interface LoadedStream<E extends Event> {
  readonly version: number;
  readonly events: readonly E[];
}

const selectStreams = `SELECT ${eventColumns} FROM event WHERE stream = ANY($1::text[]) ORDER BY stream, version`;

/** The events of one stream; an unknown stream is empty, at version 0. */
export async function load<E extends Event>(sql: Sql, stream: string): Promise<LoadedStream<E>> {
  const streams = await loadMany<E>(sql, [stream]);
  return streams.get(stream) ?? { version: 0, events: [] };
}

/** The events of several streams in one statement; each name asked for is in the answer. */
export async function loadMany<E extends Event>(sql: Sql, streams: readonly string[]): Promise<Map<string, LoadedStream<E>>> {
  const eventsOf = new Map<string, E[]>(streams.map((stream) => [stream, []]));
  const rows = await sql.query<EventRow>(selectStreams, [[...eventsOf.keys()]]);
  for (const row of rows) eventsOf.get(row.stream)?.push(recordedOf<E>(row).event);
  return new Map([...eventsOf].map(([stream, events]) => [stream, { version: events.length, events }]));
}
