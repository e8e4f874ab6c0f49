import { assert, type Event } from '@tollwire/core';
import { encodeJson } from '../json-codec.ts';
import type { Sql } from '../sql/sql.ts';
import type { Recorded } from '../stream/recorded.ts';
import type { KeyValue, Projection } from './projection.ts';
import { ProjectionTable } from './table.ts';

/** A projection ready to run: what it does with recorded events, whatever its row is. */
export interface ReadModel<E extends Event> {
  readonly name: string;
  readonly table: string;
  readonly streamPrefix: string;
  /** Folds events that were just appended, in the transaction of the append: two or three statements for any number. */
  apply(tx: Sql, recorded: readonly Recorded<E>[]): Promise<void>;
  /** Keeps writers out until the transaction ends, and empties the table. */
  clear(tx: Sql): Promise<void>;
}

interface Touched<Row, E extends Event> {
  readonly key: readonly KeyValue[];
  readonly stream: string;
  readonly events: Recorded<E>[];
  /** The row as it was found. */
  before: Row | undefined;
}

/** Makes a projection runnable. */
export function readModel<Row extends object, E extends Event>(projection: Projection<Row, E>): ReadModel<E> {
  const table = new ProjectionTable<Row>(projection);
  return {
    name: projection.name,
    table: projection.table,
    streamPrefix: projection.streamPrefix,
    async apply(tx, recorded) {
      const touched = touchedRows(projection, recorded);
      if (touched.size === 0) return;
      for (const row of await table.rows(tx, [...touched.values()].map(({ key }) => key))) {
        const entry = touched.get(encodeJson(table.keyOf(row)));
        if (entry !== undefined) entry.before = row;
      }
      const folded = [...touched.values()].map(({ key, before, events }) => {
        return { key, before, after: events.reduce((row: Row | undefined, event) => projection.evolve(row, event), before) };
      });
      await table.put(tx, folded.flatMap(({ before, after }) => (after === undefined || after === before ? [] : [after])));
      await table.remove(tx, folded.filter(({ before, after }) => before !== undefined && after === undefined).map(({ key }) => key));
    },
    async clear(tx) {
      await tx.query(table.lock);
      await tx.query(table.clear);
    },
  };
}

function touchedRows<Row extends object, E extends Event>(
  projection: Projection<Row, E>,
  recorded: readonly Recorded<E>[],
): Map<string, Touched<Row, E>> {
  const touched = new Map<string, Touched<Row, E>>();
  for (const event of recorded) {
    const key = event.stream.startsWith(projection.streamPrefix) ? projection.keyOf(event) : undefined;
    if (key === undefined) continue;
    const id = encodeJson(key);
    const entry = touched.get(id) ?? { key, stream: event.stream, events: [], before: undefined };
    assert(entry.stream === event.stream, `a row of ${projection.name} is fed by one stream, not by ${entry.stream} and ${event.stream}`);
    entry.events.push(event);
    touched.set(id, entry);
  }
  return touched;
}
