import { present } from '@tollwire/core';
import { decodeJson, encodeJson } from '../json-codec.ts';
import type { Sql } from '../sql/sql.ts';
import { storedAs } from '../sql/stored-as.ts';
import type { ColumnType, KeyValue, Projection } from './projection.ts';

interface TableColumn {
  readonly field: string;
  readonly name: string;
  readonly type: ColumnType;
}

/** The statements and the conversions of one read model's table; made once for each projection. */
export class ProjectionTable<Row extends object> {
  readonly #columns: readonly TableColumn[];
  readonly #keys: readonly TableColumn[];
  readonly #select: string;
  readonly #upsert: string;
  readonly #delete: string;
  readonly clear: string;
  readonly lock: string;

  constructor(projection: Pick<Projection<Row, never>, 'table' | 'columns' | 'key'>) {
    const table = projection.table;
    this.#columns = Object.entries<string>(projection.columns).map(([field, text]) => column(field, text));
    this.#keys = projection.key.map((field) => present(this.#columns.find((c) => c.field === field), `column for the key ${field}`));
    const matchesKey = this.#keys.map((key) => `t.${key.name} = k.${key.name}`).join(' AND ');
    const keyRows = `${unnest(this.#keys)} AS k (${names(this.#keys)})`;
    this.#select = `SELECT ${this.#columns.map(selected).join(', ')} FROM ${table} t JOIN ${keyRows} ON ${matchesKey}`;
    this.#delete = `DELETE FROM ${table} t USING ${keyRows} WHERE ${matchesKey}`;
    this.#upsert = `INSERT INTO ${table} AS t (${names(this.#columns)}) SELECT ${this.#columns.map(inserted).join(', ')}
      FROM ${unnest(this.#columns)} AS r (${names(this.#columns)}) ON CONFLICT (${names(this.#keys)}) ${this.#onConflict()}`;
    this.clear = `DELETE FROM ${table}`;
    this.lock = `LOCK TABLE ${table} IN EXCLUSIVE MODE`;
  }

  /** The rows that exist under these keys. */
  async rows(sql: Sql, keys: readonly (readonly KeyValue[])[]): Promise<Row[]> {
    const found = await sql.query<Record<string, unknown>>(this.#select, transposed(this.#keys, keys));
    return found.map((row) => this.#rowOf(row));
  }

  /** Inserts rows, or replaces those under the same key. */
  async put(sql: Sql, rows: readonly Row[]): Promise<void> {
    if (rows.length === 0) return;
    const values = rows.map((row) => {
      const fields = new Map<string, unknown>(Object.entries(row));
      return this.#columns.map(({ field, type }) => written(type, fields.get(field)));
    });
    await sql.query(this.#upsert, transposed(this.#columns, values));
  }

  async remove(sql: Sql, keys: readonly (readonly KeyValue[])[]): Promise<void> {
    if (keys.length > 0) await sql.query(this.#delete, transposed(this.#keys, keys));
  }

  /** The key of a row, in the form in which keyOf gives it. */
  keyOf(row: Row): unknown[] {
    const fields = new Map<string, unknown>(Object.entries(row));
    return this.#keys.map(({ field }) => fields.get(field));
  }

  #onConflict(): string {
    const others = this.#columns.filter((c) => !this.#keys.includes(c));
    if (others.length === 0) return 'DO NOTHING';
    return `DO UPDATE SET ${others.map(({ name }) => `${name} = excluded.${name}`).join(', ')}`;
  }

  #rowOf(found: Record<string, unknown>): Row {
    return storedAs(Object.fromEntries(this.#columns.map(({ field, name, type }) => [field, read(type, found[name])])));
  }
}

function column(field: string, text: string): TableColumn {
  const [name = '', type = ''] = text.split(' ');
  return { field, name, type: columnType(type) };
}

const columnTypes: ReadonlyMap<string, ColumnType> = new Map(
  (['text', 'bigint', 'int', 'smallint', 'boolean', 'uuid', 'date', 'numeric', 'float8', 'jsonb', 'instant_us'] as const)
    .map((type) => [type, type]),
);

function columnType(text: string): ColumnType {
  return present(columnTypes.get(text), `a column type in '${text}'`);
}

function names(columns: readonly TableColumn[]): string {
  return columns.map(({ name }) => name).join(', ');
}

/** How a column travels as a parameter: JSON as text (an array of jsonb would escape it twice), an instant as bigint. */
function unnest(columns: readonly TableColumn[]): string {
  const parameterType = (type: ColumnType) => (type === 'jsonb' ? 'text' : type === 'instant_us' ? 'bigint' : type);
  return `unnest(${columns.map(({ type }, index) => `$${index + 1}::${parameterType(type)}[]`).join(', ')})`;
}

function selected({ name, type }: TableColumn): string {
  if (type === 'instant_us') return `to_us(t.${name}) AS ${name}`;
  return type === 'jsonb' ? `t.${name}::text AS ${name}` : `t.${name}`;
}

function inserted({ name, type }: TableColumn): string {
  if (type === 'instant_us') return `from_us(r.${name})`;
  return type === 'jsonb' ? `r.${name}::jsonb` : `r.${name}`;
}

function written(type: ColumnType, value: unknown): unknown {
  if (value === undefined || value === null) return null;
  return type === 'jsonb' ? encodeJson(value) : value;
}

function read(type: ColumnType, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  if (type === 'instant_us') return Number(value);
  return type === 'jsonb' && typeof value === 'string' ? decodeJson(value) : value;
}

function transposed(columns: readonly TableColumn[], rows: readonly (readonly unknown[])[]): unknown[][] {
  return columns.map((_column, index) => rows.map((row) => row[index]));
}
