import { assert } from '@tollwire/core';

/** A value of a column, as `pg` hands it out: int8 as bigint, bytea as Buffer, instants as microseconds, arrays and JSON as lists. */
export type Value = string | number | bigint | boolean | null | Buffer | readonly Value[];

/** A row of a table, by the names of its columns. */
export type Row = Readonly<Record<string, Value>>;

/** The object ids of the element types of arrays in PostgreSQL's binary form (pg_type.dat). */
const oids: Readonly<Record<number, (bytes: Buffer) => Value>> = {
  16: (bytes) => bytes[0] === 1,
  17: (bytes) => Buffer.from(bytes),
  20: (bytes) => bytes.readBigInt64BE(),
  21: (bytes) => bytes.readInt16BE(),
  23: (bytes) => bytes.readInt32BE(),
  25: (bytes) => bytes.toString(),
  2950: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
};

/** A parameter that is an array, told in binary or as a list, as a list of the type that the statement casts it to. */
export function listOf(param: unknown, type: string): Value[] {
  const list = Buffer.isBuffer(param) ? elementsOf(param) : param;
  assert(Array.isArray(list), `a list is given for ${type}[]`);
  return list.map((value: unknown) => scalarOf(value, type));
}

function elementsOf(array: Buffer): Value[] {
  if (array.readInt32BE() === 0) return [];
  const [read, count] = [oids[array.readInt32BE(8)], array.readInt32BE(12)];
  assert(read !== undefined, `the type of ${array.readInt32BE(8)} is known`);
  const values: Value[] = [];
  for (let at = 20; values.length < count; ) {
    const length = array.readInt32BE(at);
    at += 4;
    values.push(length < 0 ? null : read(array.subarray(at, at + length)));
    at += Math.max(0, length);
  }
  return values;
}

/** A parameter as a value of a type; without a type as what it is. */
export function scalarOf(value: unknown, type = ''): Value {
  if (value === null || value === undefined) return null;
  if (value instanceof Uint8Array) return Buffer.from(value);
  assert(typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean', 'a scalar is given');
  if (type === 'bigint') return BigInt(value);
  return type === 'int' || type === 'integer' ? Number(value) : value;
}

/** A text of JSON as the value of a jsonb column; of what JSON has, the columns here hold lists of texts. */
export function jsonOf(value: Value): Value {
  return typeof value === 'string' ? valueOf(JSON.parse(value)) : null;
}

function valueOf(parsed: unknown): Value {
  return Array.isArray(parsed) ? parsed.map(valueOf) : scalarOf(parsed);
}

/** Below zero, zero or above, as the first comes before, with or after the second; texts by their bytes, nothing last. */
export function order(one: Value, other: Value): number {
  if (one === null || other === null) return Number(one === null) - Number(other === null);
  if (one === other) return 0;
  return one < other ? -1 : one > other ? 1 : 0;
}

/** Whether two values are alike as `=` has it: nothing is like nothing else. */
export function alike(one: Value, other: Value): boolean {
  return one !== null && other !== null && order(one, other) === 0;
}
