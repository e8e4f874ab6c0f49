import type { Event } from '@tollwire/core';
import type { Recorded } from '../stream/recorded.ts';

/** How a column is kept. `instant_us` is timestamptz in the table and microseconds (a number) in the row. */
export type ColumnType =
  | 'text' | 'bigint' | 'int' | 'smallint' | 'boolean' | 'uuid' | 'date' | 'numeric' | 'float8' | 'jsonb' | 'instant_us';

/** The value of a key column. */
export type KeyValue = string | number | bigint;

/** A column of a read model: its name in the table, and how it is kept. */
export type Column = `${string} ${ColumnType}`;

/**
 * A read model that is a pure fold of events beside its row, kept in the transaction of the append.
 * A row is fed by one stream only (one stream may feed many rows): the stream's version is what keeps two writers
 * from losing each other's change. A view over several streams is a query, or follows with catchUp.
 */
export interface Projection<Row extends object, E extends Event> {
  readonly name: string;
  readonly table: string;
  /** Only streams whose names begin with this feed it: `card-` of `card-0042`. */
  readonly streamPrefix: string;
  /** The columns by the row's fields, `{ cardId: 'card_id text', creditNanos: 'credit_nanos bigint' }`. */
  readonly columns: { readonly [Field in keyof Row & string]: Column };
  /** The fields that make the primary key, in the order of keyOf's answer. */
  readonly key: readonly (keyof Row & string)[];
  /** The key of the row that an event is about, or undefined when it is about none. */
  keyOf(recorded: Recorded<E>): readonly KeyValue[] | undefined;
  /** The row after the event; undefined removes it. Only records: never throws, knows no clock. */
  evolve(row: Row | undefined, recorded: Recorded<E>): Row | undefined;
}
