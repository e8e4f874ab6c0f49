import { callKey, type QuoteItem } from '@tollwire/contracts';
import { type InstantUs, instantUs } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';
import type { RatingTables } from '../domain/tables.ts';
import { nextChange } from '../domain/tables-when-authorized.ts';

/** When a call was authorized, and by which tables; without them, by those of then as they are known now. */
export interface AuthorizedCall {
  readonly at: InstantUs;
  readonly tables?: RatingTables;
}

/** Tables that calls were authorized by, until they are given up. */
interface Generation {
  tables: RatingTables | undefined;
}

interface Held extends Pick<AuthorizedCall, 'at'> {
  readonly by: Generation;
  /** When its reservation is over: who ends later was forgotten by all others, too. */
  readonly untilUs: number;
  /** It stands in the table. */
  isKept: boolean;
}

/** Calls in memory, some 200 bytes each; beyond that the oldest are in the table alone. */
const HELD_MAX = 200_000;
/** Tables that are remembered: each swap makes some, and direct rates are in none of those before. */
const GENERATIONS_MAX = 8;
/** Rows of one statement. */
const ROWS_MAX = 10_000;

/** In the order of their keys, so that two instances with the same calls do not wait for each other. */
const upsert = `
  insert into authorized_call (call_key, authorized_at_us, until_us)
  select call_key, authorized_at_us, until_us from unnest($1::text[], $2::bigint[], $3::bigint[]) as a (call_key, authorized_at_us, until_us) order by call_key
  on conflict (call_key) do update set authorized_at_us = excluded.authorized_at_us, until_us = excluded.until_us`;

/**
 * Calls that were authorized here and are not rated yet. It costs an authorization nothing: they are in memory, and are written down when
 * a version of a deck or a plan becomes another one, because only then it matters when they were authorized, and when the service stops. Instances
 * find each other's calls in the table.
 */
export class AuthorizedCalls {
  readonly #held = new Map<string, Held>();
  #generations: readonly Generation[] = [];
  #seen: RatingTables | undefined;
  #seenUs = 0;

  /** Notes the calls of a request whose quotes hold for a call. Quoted again as of the same instant, as an extension is, a call keeps what it was authorized by. */
  note(items: readonly Pick<QuoteItem, 'hold' | 'atUs'>[], tables: RatingTables): void {
    for (const { hold, atUs } of items) {
      if (hold === undefined) continue;
      const by = this.#generationOf(tables);
      const [key, at, untilUs] = [callKey(hold.call), instantUs(Number(atUs)), Number(hold.untilUs)];
      const before = this.#held.get(key);
      // One that was refused before, and is authorized now, is another question.
      if (before?.at !== at) this.#held.set(key, { at, by, untilUs, isKept: false });
      else if (before.untilUs < untilUs) this.#held.set(key, { ...before, untilUs, isKept: false });
    }
  }

  /** When calls were authorized, as far as that is known. */
  async of(sql: Sql, callKeys: readonly string[]): Promise<ReadonlyMap<string, AuthorizedCall>> {
    const known = new Map<string, AuthorizedCall>();
    for (const key of callKeys) {
      const held = this.#held.get(key);
      if (held !== undefined) known.set(key, { at: held.at, ...(held.by.tables === undefined ? {} : { tables: held.by.tables }) });
    }
    const unknown = callKeys.filter((key) => !known.has(key));
    if (unknown.length === 0) return known;
    const rows = await sql.query<{ call_key: string; authorized_at_us: bigint }>(
      'select call_key, authorized_at_us from authorized_call where call_key = any($1::text[])', [pgArray('text', unknown, (key) => key)]);
    for (const { call_key: key, authorized_at_us: at } of rows) known.set(key, { at: instantUs(Number(at)) });
    return known;
  }

  /** Strikes calls off the table that are rated, whose ratings keep it, or given up. Those that stand in memory alone cost no statement. */
  async drop(sql: Sql, callKeys: readonly string[]): Promise<void> {
    const kept = callKeys.filter((key) => this.#held.get(key)?.isKept !== false);
    if (kept.length === 0) return;
    await sql.query(
      'delete from authorized_call where call_key in (select call_key from authorized_call where call_key = any($1::text[]) order by call_key for update)',
      [pgArray('text', kept, (key) => key)]);
  }

  /** Forgets them, once that is certain. */
  forget(callKeys: readonly string[]): void {
    for (const key of callKeys) this.#held.delete(key);
  }

  /** Writes calls down where something has changed since it looked last, and forgets those whose time is over. */
  async follow(sql: Sql, tables: RatingTables, nowUs: number): Promise<void> {
    const changed = this.#seen !== undefined && (tables !== this.#seen || nextChange(tables, this.#seenUs) <= nowUs);
    if (changed || this.#held.size > HELD_MAX) await this.keep(sql);
    this.#seen = tables;
    this.#seenUs = nowUs;
    for (const [key, { untilUs }] of this.#held) {
      if (untilUs > nowUs && this.#held.size <= HELD_MAX) break;
      this.#held.delete(key);
    }
  }

  #generationOf(tables: RatingTables): Generation {
    const newest = this.#generations.at(-1);
    if (newest?.tables === tables) return newest;
    const next: Generation = { tables };
    for (const old of this.#generations.slice(0, 1 - GENERATIONS_MAX)) old.tables = undefined;
    this.#generations = [...this.#generations, next].slice(-GENERATIONS_MAX);
    return next;
  }

  /** Writes down every call that is not yet. */
  async keep(sql: Sql): Promise<void> {
    const all = [...this.#held].filter(([, { isKept }]) => !isKept);
    for (let from = 0; from < all.length; from += ROWS_MAX) {
      const some = all.slice(from, from + ROWS_MAX);
      await sql.query(upsert, [pgArray('text', some, ([key]) => key), pgArray('bigint', some, ([, { at }]) => at), pgArray('bigint', some, ([, { untilUs }]) => untilUs)]);
      for (const [, held] of some) held.isKept = true;
    }
  }
}

/** As long as an end may be told late: a day. */
const LATE_US = 86_400_000_000;

/** Strikes off calls whose end never came. */
export async function expireAuthorized(sql: Sql, now: InstantUs): Promise<void> {
  await sql.query(
    'delete from authorized_call where call_key in (select call_key from authorized_call where until_us < $1 limit 10000 for update skip locked)', [now - LATE_US]);
}
