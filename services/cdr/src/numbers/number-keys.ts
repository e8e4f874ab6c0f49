import { createCipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { assert, type Clock } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

/** What is made of the key of a day: for the texts of calls, for the bytes of events, for the index of numbers. */
export interface DayKeys {
  readonly call: Buffer;
  readonly event: Buffer;
  readonly index: Buffer;
}

/** The keys of days; null: the day is erased, and what was said on it stays sealed for good. */
export type KeysByDay = ReadonlyMap<number, DayKeys | null>;

interface KeyRow {
  readonly day: number;
  readonly key: Buffer | null;
}

interface FoundKeyRow extends KeyRow {
  readonly own: boolean;
}

/** `own`: the row was made by the transaction that asks, so that a rollback may still take it back. */
const findSql = `
  SELECT day, key, coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false) AS own
  FROM number_key WHERE day = ANY($1::int[])`;
const makeSql = `
  INSERT INTO number_key (day, key) SELECT day, decode(key, 'hex') FROM unnest($1::int[], $2::text[]) AS u (day, key)
  ON CONFLICT DO NOTHING RETURNING day, key`;
const allSql = 'SELECT day, key FROM number_key WHERE day BETWEEN $1 AND $2 AND key IS NOT NULL ORDER BY day';

/** The day of what was erased call by call: it has no key and never gets one, so what is of it is starred out. */
export const erasedDay = -1;

/** How long a key is used without looking whether it is still there. */
const believedUs = 60_000_000;

/** The day of an instant: whole days of UTC since 1970. */
export function dayOf(us: bigint | number): number {
  return typeof us === 'number' ? Math.floor(us / 86_400_000_000) : Number(us / 86_400_000_000n);
}

/**
 * The keys by which numbers are sealed, one for each day on which calls were set up. They are made when a call needs
 * them, and believed for a minute; what is sealed by an instance that has not heard of an erasure yet is erased, too.
 */
export class NumberKeys {
  readonly #clock: Clock;
  #known = new Map<number, DayKeys | null>([[erasedDay, null]]);
  #sinceUs = 0;
  #callsErased: boolean | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The keys of days, made where there are none yet, in the caller's transaction. */
  async forDays(tx: Sql, days: Iterable<number>): Promise<KeysByDay> {
    this.#forget();
    const wanted = new Set(days);
    const unknown = [...wanted].filter((day) => !this.#known.has(day));
    if (unknown.length === 0) return this.#known;
    const found = await this.#find(tx, unknown);
    const missing = unknown.filter((day) => !found.has(day)).sort((a, b) => a - b);
    const made = missing.length === 0 ? new Map<number, DayKeys | null>() : await make(tx, missing);
    return new Map([...this.#known, ...found, ...made]);
  }

  /** The keys of the index, of all days from `first` to `last` that have one: by each of them a number is looked for. */
  async indexKeysBetween(sql: Sql, first: number, last: number): Promise<Buffer[]> {
    return (await sql.query<KeyRow>(allSql, [first, last])).flatMap(({ key }) => (key === null ? [] : [derived(key, 'index')]));
  }

  /** Whether any call is erased by itself; where none is, nobody needs to look for those that are. */
  async areCallsErased(sql: Sql): Promise<boolean> {
    this.#forget();
    this.#callsErased ??= (await sql.query('SELECT FROM erased_call LIMIT 1')).length > 0;
    return this.#callsErased;
  }

  /** This instance has just erased calls itself. */
  heardOfErasure(): void {
    this.#callsErased = undefined;
  }

  #forget(): void {
    const ageUs = this.#clock.nowUs() - this.#sinceUs;
    if (ageUs >= 0 && ageUs < believedUs) return;
    this.#known = new Map([[erasedDay, null]]);
    this.#callsErased = undefined;
    this.#sinceUs = this.#clock.nowUs();
  }

  /**
   * The keys that there are. Only what is committed is remembered: a transaction asks several times, and sees the key that
   * it made itself. Were that remembered and rolled back, this instance would seal by a key that is nowhere, for nobody to
   * open again.
   */
  async #find(sql: Sql, days: readonly number[]): Promise<Map<number, DayKeys | null>> {
    const found = new Map<number, DayKeys | null>();
    for (const { day, key, own } of await sql.query<FoundKeyRow>(findSql, [days])) {
      const keys = key === null ? null : keysOf(key);
      found.set(day, keys);
      if (!own) this.#known.set(day, keys);
    }
    return found;
  }
}

/** The keys of one day out of those that were asked for. */
export function keysIn(keys: KeysByDay, day: number): DayKeys | null {
  const found = keys.get(day);
  assert(found !== undefined, `day ${day} was asked for`);
  return found;
}

async function make(tx: Sql, days: readonly number[]): Promise<Map<number, DayKeys | null>> {
  const mine = await tx.query<KeyRow>(makeSql, [days, days.map(() => randomBytes(32).toString('hex'))]);
  // Another instance may have been first; its row is committed by now, because the insert waited for it.
  const all = mine.length === days.length ? mine : await tx.query<KeyRow>(findSql, [days]);
  return new Map(all.map(({ day, key }) => [day, key === null ? null : keysOf(key)]));
}

function keysOf(key: Buffer): DayKeys {
  return { call: derived(key, 'call'), event: derived(key, 'event'), index: derived(key, 'index') };
}

function derived(key: Buffer, use: keyof DayKeys): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', use, 32));
}

/** Many blocks of 16 bytes under one key, in one go: a key stream where they are counters, an index where they are numbers. */
export function blocksUnder(key: Buffer, blocks: Buffer): Buffer {
  const cipher = createCipheriv('aes-256-ecb', key, null);
  cipher.setAutoPadding(false);
  return cipher.update(blocks);
}

/** Bytes as numbers of 32 bits, little end first. */
export function wordsOf(bytes: Buffer): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : Buffer.copyBytesFrom(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / 4));
}
