import type { Params } from './expressions.ts';
import { insertedRows, type Plan, type Shape } from './shapes.ts';
import { rowsOf, type Steps, type Work } from './store.ts';
import { listOf, order, type Row } from './values.ts';

/** The events of streams, in order. */
function* streams(work: Work, [names]: Params): Steps {
  const wanted = new Set(listOf(names, 'text'));
  const events = rowsOf(work, 'event').filter((row) => wanted.has(row['stream'] ?? null));
  return events.sort((one, other) => order(one['stream'] ?? null, other['stream'] ?? null) || order(one['version'] ?? null, other['version'] ?? null));
}

const appendText = /^WITH added AS \( INSERT INTO event \(([^)]*)\) SELECT .+? FROM unnest\((.+?)\) AS e \(([^)]*)\) ON CONFLICT DO NOTHING /;

/** Adds events; those whose version there is already are left out, and named by those that are not. */
export const append: Shape = (text) => {
  const [, columns, args = '', names = ''] = appendText.exec(text) ?? [];
  if (columns === undefined) return undefined;
  const inserted = insertedRows(columns, columns, args, names);
  return function* (work, params) {
    const told = inserted(work, params);
    const added: string[] = [];
    for (const row of told) if ((yield* work.insert('event', row)) !== undefined) added.push(`${String(row['stream'])}\u001f${String(row['version'])}`);
    const answer: object = { count: added.length, added: added.length < told.length ? added : null };
    return [{ ...answer }];
  };
};

/** Instants are in the database as such, and told in microseconds. */
const shown = (row: Row): Row => ({ ...row, proposed_us: row['proposed_at'] ?? null, decided_us: row['decided_at'] ?? null });

function* one(work: Work, [id]: Params): Steps {
  const row = work.read('credit_proposal', String(id));
  return row === undefined ? [] : [shown(row)];
}

/** Statements of credits that two people post. */
export const proposals: readonly (readonly [begins: RegExp, plan: Plan])[] = [
  [/^SELECT stream, version, type, .* FROM event WHERE stream = ANY/, streams],
  [/^SELECT transfer_id, .* FROM credit_proposal WHERE transfer_id = \$1$/, one],
];
