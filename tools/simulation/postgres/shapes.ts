import { assert, present } from '@tollwire/core';
import { bare, type Condition, conditionOf, expressionOf, items, type Params, unnested } from './expressions.ts';
import { PostgresError, type Steps, type Work } from './store.ts';
import { order, type Row, type Value } from './values.ts';

/** What a statement does, once its text is read. */
export type Plan = (work: Work, params: Params) => Steps;

/** A shape that statements have; undefined where the text has another. */
export type Shape = (text: string) => Plan | undefined;

const insertText =
  /^INSERT INTO (\w+) \(([^)]*)\) SELECT (.+?) FROM unnest\((.+?)\) AS \w+ \(([^)]*)\)(?: ORDER BY \w+)?( ON CONFLICT (?:\(\w+\) )?DO NOTHING)?(?: RETURNING (\w+))?$/i;

/** Many rows in one statement; a row that is there already fails it, or is left out where it says so. */
export const insert: Shape = (text) => {
  const [, table = '', columns = '', values = '', args = '', names = '', lenient, returning] = insertText.exec(text) ?? [];
  if (table === '') return undefined;
  const rowsOf = insertedRows(columns, values, args, names);
  return function* (work, params) {
    const added: Row[] = [];
    for (const row of rowsOf(work, params)) {
      const inserted = yield* work.insert(table, row);
      if (inserted !== undefined) added.push(inserted);
      else if (lenient === undefined) throw new PostgresError('23505', `duplicate key value violates unique constraint of ${table}`);
    }
    return returning === undefined ? [] : added.map((row) => ({ [returning]: row[returning] ?? null }));
  };
};

const valuesText = /^INSERT INTO (\w+) \(([^)]*)\) VALUES \((.+?)\)( ON CONFLICT \(\w+\) DO NOTHING)?(?: RETURNING (\w+))?$/i;

/** One row; one that is there already fails the statement, or is left out where it says so. */
export const insertOne: Shape = (text) => {
  const [, table = '', columns = '', values = '', lenient, returning] = valuesText.exec(text) ?? [];
  if (table === '') return undefined;
  const [targets, expressions] = [items(columns), items(values).map((value) => expressionOf(value))];
  return function* (work, params) {
    const row = Object.fromEntries(targets.map((target, at) => [target, expressions[at]?.({}, params, {}, work.store.nowUs()) ?? null]));
    const inserted = yield* work.insert(table, row);
    if (inserted === undefined && lenient === undefined) throw new PostgresError('23505', `duplicate key value violates unique constraint of ${table}`);
    return inserted === undefined || returning === undefined ? [] : [{ [returning]: inserted[returning] ?? null }];
  };
};

/** The rows that `INSERT INTO … (columns) SELECT values FROM unnest(args) AS … (names)` makes. */
export function insertedRows(columns: string, values: string, args: string, names: string): (work: Work, params: Params) => Row[] {
  const [targets, expressions, unnest] = [items(columns), items(values).map((value) => expressionOf(value)), unnested(args, names)];
  return (work, params) =>
    unnest(params).map((row) => Object.fromEntries(targets.map((target, at) => [target, expressions[at]?.(row, params, row, work.store.nowUs()) ?? null])));
}

const selectText = /^SELECT (.+?) FROM "?(\w+)"?(?: WHERE (.+?))?(?: ORDER BY (\w+)( DESC)?)?(?: LIMIT (\S+))?( FOR UPDATE)?( SKIP LOCKED)?$/i;

/** Rows of one table, locked where it says so: then each as it is once the lock is there. */
export const select: Shape = (text) => {
  const [, columns = '', table = '', where, by, descending, limit, locks, skips] = selectText.exec(text) ?? [];
  if (table === '' || columns.includes('(')) return undefined;
  const [wanted, project] = [where === undefined ? () => true : conditionOf(where), projectionOf(columns)];
  const limitOf = limit === undefined ? () => Infinity : expressionOf(limit);
  return function* (work, params) {
    const found = work.scan(table).filter(([, row]) => wanted(row, params));
    const sign = descending === undefined ? 1 : -1;
    if (by !== undefined) found.sort(([, one], [, other]) => sign * order(one[by] ?? null, other[by] ?? null));
    const some = found.slice(0, Number(limitOf({}, params, {}, 0)));
    if (locks === undefined) return some.map(([, row]) => project(row));
    const rows: Row[] = [];
    for (const [key] of some) {
      if (skips !== undefined && !work.tryLock(table, key)) continue;
      yield* work.lock(table, key);
      const row = work.read(table, key);
      if (row !== undefined && wanted(row, params)) rows.push(project(row));
    }
    return rows;
  };
};

function projectionOf(columns: string): (row: Row) => Row {
  if (columns === '*') return (row) => row;
  const names = items(columns).map((column) => {
    const [source = '', alias] = column.split(/ AS /i);
    const name = bare(source).replace(/::\w+$/, '');
    return { name, as: alias ?? name };
  });
  return (row) => Object.fromEntries(names.map(({ name, as }) => [as, row[name] ?? null]));
}

const updateText = /^UPDATE (\w+)(?: (\w+))? SET (.+?)(?: FROM unnest\((.+?)\) AS (\w+) \(([^)]*)\))? WHERE (.+?)(?: RETURNING (?:\w+\.)?(\w+))?$/i;

/** Changes rows, by a condition or by a list that is joined; each is locked, and looked at again once the lock is there. */
export const update: Shape = (text) => {
  const [, table = '', , sets = '', args, given = '', names = '', where = '', returning] = updateText.exec(text) ?? [];
  if (table === '') return undefined;
  const changes = items(sets).map((set) => {
    const [column = '', expression = ''] = set.split(' = ');
    return { column, valueOf: expressionOf(expression, given) };
  });
  const joined = args === undefined ? undefined : { rowsOf: unnested(args, names), ...joinOf(where, given) };
  const wanted = joined === undefined ? conditionOf(where) : joined.wanted;
  const matchOf = (row: Row, params: Params, list: readonly Row[]): Row | undefined => {
    if (!wanted(row, params)) return undefined;
    return joined === undefined ? row : list.find((each) => joined.columns.every((column) => order(each[column] ?? null, row[column] ?? null) === 0));
  };
  return function* (work, params) {
    const list = joined?.rowsOf(params) ?? [];
    const returned: Row[] = [];
    for (const [key, seen] of work.scan(table)) {
      if (matchOf(seen, params, list) === undefined) continue;
      yield* work.lock(table, key);
      const row = work.read(table, key);
      const match = row === undefined ? undefined : matchOf(row, params, list);
      if (row === undefined || match === undefined) continue;
      const changed = changes.map(({ column, valueOf }): [string, Value] => [column, valueOf(row, params, match, work.store.nowUs())]);
      work.write(table, key, { ...row, ...Object.fromEntries(changed) });
      if (returning !== undefined) returned.push({ [returning]: row[returning] ?? null });
    }
    return returned;
  };
};

/** `a.id = n.id AND a.version = n.version AND a.state = 'open'`: the columns that a list is joined by, and what rows must be beside. */
function joinOf(where: string, given: string): { readonly columns: readonly string[]; readonly wanted: Condition } {
  const join = new RegExp(`^\\w+\\.(\\w+) = ${given}\\.\\w+(?: AND (.+))?$`, 'i');
  const columns: string[] = [];
  let others: string | undefined = where;
  for (let found = join.exec(others); found !== null; found = others === undefined ? null : join.exec(others)) {
    columns.push(present(found[1], 'the column of a join'));
    others = found[2];
  }
  assert(columns.length > 0, `the list is joined by a column in "${where}"`);
  return { columns, wanted: others === undefined ? () => true : conditionOf(others) };
}

const deleteText = /^DELETE FROM (\w+) WHERE (.+)$/i;

export const remove: Shape = (text) => {
  const [, table = '', where = ''] = deleteText.exec(text) ?? [];
  if (table === '') return undefined;
  const wanted = conditionOf(where);
  return function* (work, params) {
    for (const [key, row] of work.scan(table)) {
      if (!wanted(row, params)) continue;
      yield* work.lock(table, key);
      if (work.read(table, key) !== undefined) work.write(table, key, undefined);
    }
    return [];
  };
};
