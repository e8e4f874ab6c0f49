import type { Event } from '@tollwire/core';
import type { ReadModel } from '@tollwire/event-store';

/** A table of pairs, of which an event names all that belong to one owner. */
export interface Link<E extends Event> {
  readonly table: string;
  /** The owner's column. */
  readonly owner: string;
  /** The part's column and its type. */
  readonly part: `${string} ${'int' | 'text'}`;
  readonly streamPrefix: string;
  /** The parts that the owner has from this event on, in their order; undefined where the event changes none. */
  readonly partsOf: (event: E) => { readonly id: number; readonly parts: readonly (number | string)[] } | undefined;
}

/** Keeps the parts of an owner as rows; the last event of an owner is what counts. */
export function linkModel<E extends Event>({ table, owner, part, streamPrefix, partsOf }: Link<E>): ReadModel<E> {
  const [column = '', type = ''] = part.split(' ');
  const remove = `delete from ${table} where ${owner} = any($1::int[])`;
  const insert = `insert into ${table} (${owner}, ${column}, place)
    select ${owner}, ${column}, place from unnest($1::int[], $2::${type}[], $3::int[]) as link (${owner}, ${column}, place)`;
  return {
    name: table.replaceAll('_', '-'),
    table,
    streamPrefix,
    async apply(tx, recorded) {
      const mine = recorded.filter(({ stream }) => stream.startsWith(streamPrefix));
      const last = new Map(mine.flatMap(({ event }) => partsOf(event) ?? []).map(({ id, parts }) => [id, parts]));
      if (last.size === 0) return;
      await tx.query(remove, [[...last.keys()]]);
      const rows = [...last].flatMap(([id, parts]) => parts.map((value, place) => ({ id, value, place })));
      await tx.query(insert, [rows.map(({ id }) => id), rows.map(({ value }) => value), rows.map(({ place }) => place)]);
    },
    async clear(tx) {
      await tx.query(`lock table ${table} in exclusive mode`);
      await tx.query(`delete from ${table}`);
    },
  };
}
