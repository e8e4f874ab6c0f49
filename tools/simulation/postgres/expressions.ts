import { assert, present } from '@tollwire/core';
import { alike, jsonOf, listOf, order, type Row, scalarOf, type Value } from './values.ts';

export type Params = readonly unknown[];

/** What an expression comes to: `row` is the row at hand, `given` one that it is joined with. */
export type Expression = (row: Row, params: Params, given: Row, nowUs: number) => Value;

export type Condition = (row: Row, params: Params) => boolean;

/** A text cut at commas that stand in no brackets. */
export function items(text: string): string[] {
  const found: string[] = [];
  let [depth, from] = [0, 0];
  for (let at = 0; at < text.length; at += 1) {
    if (text[at] === '(') depth += 1;
    if (text[at] === ')') depth -= 1;
    if (text[at] === ',' && depth === 0) {
      found.push(text.slice(from, at).trim());
      from = at + 1;
    }
  }
  return [...found, text.slice(from).trim()];
}

/** The name of a column without the table's. */
export const bare = (column: string): string => column.replace(/^\w+\./, '');

/** The forms of expressions that statements are written in; `given` is the alias of what a row is joined with. */
export function expressionOf(text: string, given = ''): Expression {
  const [, param, type] = /^\$(\d+)(?:::(\w+))?$/.exec(text) ?? [];
  if (param !== undefined) return (_row, params) => scalarOf(params[Number(param) - 1], type);
  const [, literal] = /^'(.*)'$/.exec(text) ?? [];
  if (literal !== undefined) return () => literal;
  if (/^\d+$/.test(text)) return () => Number(text);
  if (text === 'now()') return (_row, _params, _given, nowUs) => nowUs;
  const [, added] = /^(?:\w+\.)?\w+ \+ (\d+)$/.exec(text) ?? [];
  if (added !== undefined) {
    const column = bare(text.split(' ')[0] ?? '');
    return (row) => (typeof row[column] === 'bigint' ? row[column] + BigInt(added) : Number(row[column]) + Number(added));
  }
  const [, nullable, nothing] = /^nullif\((\w+), (\d+)\)$/i.exec(text) ?? [];
  if (nullable !== undefined) return (row) => (row[nullable] === Number(nothing) ? null : (row[nullable] ?? null));
  const [, compared, number] = /^(\w+) = (\d+)$/.exec(text) ?? [];
  if (compared !== undefined) return (row) => row[compared] === Number(number);
  // A key that the database has as bytes is kept as the digits that it is told in.
  const [, digits] = /^decode\(\$(\d+), 'hex'\)$/.exec(text) ?? [];
  if (digits !== undefined) return (_row, params) => scalarOf(params[Number(digits) - 1]);
  const [, encoded] = /^decode\((\w+), 'base64'\)$/.exec(text) ?? [];
  if (encoded !== undefined) return (row) => Buffer.from(String(row[encoded]), 'base64');
  const [, json] = /^(\w+)::jsonb$/.exec(text) ?? [];
  if (json !== undefined) return (row) => jsonOf(row[json] ?? null);
  assert(/^(\w+\.)?\w+$/.test(text), `tools/simulation/postgres/expressions.ts reads "${text}"`);
  const column = bare(text);
  return text.startsWith(`${given}.`) ? (_row, _params, row) => row[column] ?? null : (row) => row[column] ?? null;
}

/** `a = ANY($1::text[]) AND state = 'open' AND valid_until_us <= $2` and the like. */
export function conditionOf(text: string): Condition {
  const all = text.split(/ AND /i).map(oneCondition);
  return (row, params) => all.every((holds) => holds(row, params));
}

function oneCondition(text: string): Condition {
  const [, listed, list, listType = ''] = /^((?:\w+\.)?\w+) = ANY ?\(\$(\d+)(?:::(\w+)\[\])?\)$/i.exec(text) ?? [];
  if (listed !== undefined) {
    const column = bare(listed);
    return (row, params) => listOf(params[Number(list) - 1], listType).some((value) => alike(value, row[column] ?? null));
  }
  const [, among, texts = ''] = /^((?:\w+\.)?\w+) IN \(([^)]*)\)$/i.exec(text) ?? [];
  if (among !== undefined) {
    const [column, values] = [bare(among), items(texts).map((each) => expressionOf(each)({}, [], {}, 0))];
    return (row) => values.some((value) => alike(value, row[column] ?? null));
  }
  const [, compared, operator, other] = /^((?:\w+\.)?\w+) (=|<>|<=|>=|<|>) (.+)$/.exec(text) ?? [];
  assert(compared !== undefined && operator !== undefined && other !== undefined, `tools/simulation/postgres/expressions.ts reads the condition "${text}"`);
  const [column, holds, valueOf] = [bare(compared), present(comparisons[operator], operator), expressionOf(other)];
  return (row, params) => {
    const [value, against] = [row[column] ?? null, valueOf(row, params, row, 0)];
    return value !== null && against !== null && holds(order(value, against));
  };
}

const comparisons: Readonly<Record<string, (order: number) => boolean>> = {
  '=': (is) => is === 0,
  '<>': (is) => is !== 0,
  '<': (is) => is < 0,
  '<=': (is) => is <= 0,
  '>': (is) => is > 0,
  '>=': (is) => is >= 0,
};

/** Reads `unnest($1::text[], $2::int[]) AS r (a, b)` as rows of its columns. */
export function unnested(args: string, columns: string): (params: Params) => Row[] {
  const names = items(columns);
  const types = items(args).map((arg) => {
    const [, param, type] = /^\$(\d+)::(\w+)\[\]$/.exec(arg) ?? [];
    return { at: Number(present(param, `a parameter in ${arg}`)) - 1, type: present(type, `a type in ${arg}`) };
  });
  return (params) => {
    const lists = types.map(({ at, type }) => listOf(params[at], type));
    return (lists[0] ?? []).map((_, nth) => Object.fromEntries(names.map((name, at) => [name, lists[at]?.[nth] ?? null])));
  };
}
