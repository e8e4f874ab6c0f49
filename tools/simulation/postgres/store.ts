import { assert } from '@tollwire/core';
import { tables } from './tables.ts';
import type { Row } from './values.ts';

/** An error of the server, with its SQLSTATE. */
export class PostgresError extends Error {
  override readonly name = 'PostgresError';
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** What a commit did to one row. */
export interface Change {
  readonly table: string;
  readonly before: Row | undefined;
  /** Undefined where it was deleted. */
  readonly after: Row | undefined;
}

/** What one statement does, step by step: it yields while it waits for a lock, and returns its rows. */
export type Steps<Result = Row[]> = Generator<void, Result, void>;

/**
 * The rows of a database under READ COMMITTED: a statement sees what is committed when it begins and what its own
 * transaction wrote; a lock on a row, or on a key that is being inserted, is kept until its transaction ends.
 */
export class Store {
  readonly #rows = new Map<string, Map<string, Row>>();
  readonly #holders = new Map<string, Work>();
  readonly #nextNumber = new Map<string, number>();
  readonly #nowUs: () => number;
  readonly #onCommit: (changes: readonly Change[]) => void;

  constructor(nowUs: () => number, onCommit: (changes: readonly Change[]) => void = () => undefined) {
    this.#nowUs = nowUs;
    this.#onCommit = onCommit;
  }

  begin(): Work {
    return new Work(this);
  }

  /** The committed rows of a table, by their keys. */
  rowsOf(table: string): ReadonlyMap<string, Row> {
    return this.#tableOf(table);
  }

  nowUs(): number {
    return this.#nowUs();
  }

  /** Numbers are given at once and never again, also where the transaction is undone. */
  nextNumber(table: string): number {
    const number = (this.#nextNumber.get(table) ?? 0) + 1;
    this.#nextNumber.set(table, number);
    return number;
  }

  holderOf(lock: string): Work | undefined {
    return this.#holders.get(lock);
  }

  hold(lock: string, work: Work): void {
    this.#holders.set(lock, work);
  }

  /** Makes written rows those that all see. */
  take(written: ReadonlyMap<string, ReadonlyMap<string, Row | undefined>>): void {
    const changes: Change[] = [];
    for (const [table, byKey] of written) {
      const rows = this.#tableOf(table);
      for (const [key, after] of byKey) {
        changes.push({ table, before: rows.get(key), after });
        if (after === undefined) rows.delete(key);
        else rows.set(key, after);
      }
    }
    if (changes.length > 0) this.#onCommit(changes);
  }

  release(locks: Iterable<string>): void {
    for (const lock of locks) this.#holders.delete(lock);
  }

  #tableOf(table: string): Map<string, Row> {
    const rows = this.#rows.get(table) ?? new Map<string, Row>();
    this.#rows.set(table, rows);
    return rows;
  }
}

/** One transaction: what it wrote, and the locks that it holds. */
export class Work {
  readonly store: Store;
  readonly #written = new Map<string, Map<string, Row | undefined>>();
  readonly #locks = new Set<string>();
  /** The lock that it waits for. */
  #waitsFor: string | undefined;

  constructor(store: Store) {
    this.store = store;
  }

  /** Whether it cannot go on because another holds what it waits for. */
  get blocked(): boolean {
    return this.#waitsFor !== undefined && this.store.holderOf(this.#waitsFor) !== undefined;
  }

  read(table: string, key: string): Row | undefined {
    const mine = this.#written.get(table);
    return mine?.has(key) === true ? mine.get(key) : this.store.rowsOf(table).get(key);
  }

  /** What it sees of a table now. */
  scan(table: string): [key: string, row: Row][] {
    const mine = this.#written.get(table);
    if (mine === undefined) return [...this.store.rowsOf(table)];
    const seen = new Map<string, Row | undefined>([...this.store.rowsOf(table), ...mine]);
    return [...seen].flatMap(([key, row]) => (row === undefined ? [] : [[key, row] satisfies [string, Row]]));
  }

  /** Writes a row whose key is locked. */
  write(table: string, key: string, row: Row | undefined): void {
    if (row !== undefined && tables[table]?.check?.(row) === false) throw new PostgresError('23514', `A row of ${table} fails its check`);
    const mine = this.#written.get(table) ?? new Map<string, Row | undefined>();
    mine.set(key, row);
    this.#written.set(table, mine);
  }

  /** Inserts a row, waiting for whoever inserts the same key; undefined where it is there already. */
  *insert(table: string, told: Row): Steps<Row | undefined> {
    const { numbered, defaults, bigints = [] } = definitionOf(table);
    const number = numbered === undefined ? {} : { [numbered.column]: numbered.of(this.store.nextNumber(table)) };
    const wide = Object.fromEntries(bigints.map((column) => [column, BigInt(String(told[column] ?? 0))]));
    const row = { ...defaults, ...number, ...told, ...wide };
    const key = keyOf(table, row);
    yield* this.lock(table, key);
    if (this.read(table, key) !== undefined) return undefined;
    this.write(table, key, row);
    return row;
  }

  /** Takes a lock, waiting while another has it. Throws where all who wait would wait for ever. */
  *lock(table: string, key: string): Steps<void> {
    const lock = `${table} ${key}`;
    while (!this.tryLock(table, key)) {
      this.#waitsFor = lock;
      if (this.#waitsForItself()) {
        this.#waitsFor = undefined;
        throw new PostgresError('40P01', `deadlock detected over ${lock}`);
      }
      yield;
    }
    this.#waitsFor = undefined;
  }

  tryLock(table: string, key: string): boolean {
    const lock = `${table} ${key}`;
    const holder = this.store.holderOf(lock);
    if (holder !== undefined && holder !== this) return false;
    this.store.hold(lock, this);
    this.#locks.add(lock);
    return true;
  }

  commit(): void {
    this.store.release(this.#locks);
    this.store.take(this.#written);
  }

  rollBack(): void {
    this.store.release(this.#locks);
    this.#waitsFor = undefined;
  }

  #blocker(): Work | undefined {
    return this.#waitsFor === undefined ? undefined : this.store.holderOf(this.#waitsFor);
  }

  #waitsForItself(): boolean {
    const seen = new Set<Work>();
    for (let work = this.#blocker(); work !== undefined && !seen.has(work); work = work.#blocker()) {
      if (work === this) return true;
      seen.add(work);
    }
    return false;
  }
}

export function definitionOf(table: string) {
  const definition = tables[table];
  assert(definition !== undefined, `tools/simulation/postgres/tables.ts has the table ${table}`);
  return definition;
}

/** The rows of a table as a transaction sees them. */
export const rowsOf = (work: Work, table: string): Row[] => work.scan(table).map(([, row]) => row);

/** What tells a row from the others of its table. */
export function keyOf(table: string, row: Row): string {
  return definitionOf(table).key.map((column) => String(row[column])).join(' ');
}
