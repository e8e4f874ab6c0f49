import { keyOf } from './store.ts';
import { type Params, unnested } from './expressions.ts';
import { insertedRows, type Shape } from './shapes.ts';
import type { Row } from './values.ts';

const foundText = /^SELECT .+ FROM "?(\w+)"? t JOIN unnest\((.+?)\) AS k \(([^)]*)\) ON t\./;

/** The rows of a read model under some keys; whatever is not there is left out. */
const found: Shape = (text) => {
  const [, table, args = '', names = ''] = foundText.exec(text) ?? [];
  if (table === undefined) return undefined;
  const keysOf = unnested(args, names);
  return function* (work, params: Params) {
    return keysOf(params).flatMap((key): Row[] => {
      const row = work.read(table, keyOf(table, key));
      return row === undefined ? [] : [row];
    });
  };
};

const putText = /^INSERT INTO "?(\w+)"? AS t \(([^)]*)\) SELECT .+? FROM unnest\((.+?)\) AS r \(([^)]*)\) ON CONFLICT \([^)]*\) DO UPDATE /;

/** Rows of a read model, whether they are there or not. Instants are kept in microseconds, and JSON as its text. */
const put: Shape = (text) => {
  const [, table, columns = '', args = '', names = ''] = putText.exec(text) ?? [];
  if (table === undefined) return undefined;
  const inserted = insertedRows(columns, columns, args, names);
  return function* (work, params) {
    for (const row of inserted(work, params)) {
      const key = keyOf(table, row);
      yield* work.lock(table, key);
      work.write(table, key, row);
    }
    return [];
  };
};

/** How read models are read and written, whatever they are of. */
export const readModels: Shape = (text) => found(text) ?? put(text);
