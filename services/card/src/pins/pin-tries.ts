import { instantUs } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { PinPolicy } from '../card.deps.ts';

/** Where a PIN comes from. Wrong ones are counted for each of them. */
export interface PinPlace {
  readonly kind: 'cli' | 'trunk' | 'address' | 'switch';
  readonly value: string;
}

// In one order for all, so that two that share places wait for each other. A window begins with the first try after the last one.
const takeTries = `
  INSERT INTO pin_try (kind, value, tries, since)
  SELECT kind, value, 1, from_us($3::bigint) FROM unnest($1::text[], $2::text[]) AS p (kind, value) ORDER BY kind, value
  ON CONFLICT (kind, value) DO UPDATE SET
    tries = CASE WHEN pin_try.since <= from_us($4::bigint) THEN 1 ELSE pin_try.tries + 1 END,
    since = CASE WHEN pin_try.since <= from_us($4::bigint) THEN excluded.since ELSE pin_try.since END
  RETURNING kind, value, tries, to_us(since) AS since_us`;
// A try is given back to the window that it was taken in: of a later one it would be somebody's wrong PIN.
const giveTriesBack = `
  INSERT INTO pin_try (kind, value, tries, since)
  SELECT kind, value, 0, from_us(since) FROM unnest($1::text[], $2::text[], $3::bigint[]) AS p (kind, value, since) ORDER BY kind, value
  ON CONFLICT (kind, value) DO UPDATE SET tries = greatest(pin_try.tries - 1, 0) WHERE pin_try.since = excluded.since`;

/** A try as it was taken from one place, in the window that began at `since_us`. */
interface TakenRow {
  readonly kind: string;
  readonly value: string;
  readonly tries: number;
  readonly since_us: bigint;
}

/** Tries that were taken, which only the PIN that they were taken for may have back. */
export type TakenTries = readonly TakenRow[];

/** A try was taken, with so many left; or there is none until an instant. */
export type TryTaken = { readonly leftCount: number; readonly tries: TakenTries } | { readonly lockedUntil: InstantUs };

/**
 * Takes a try for every place before a PIN is looked at, so that many at once have no more tries than one after the other.
 * Where one of the places has none left, none is taken. A lock heals by itself when its window ends.
 */
export async function takeTry(sql: Sql, places: readonly PinPlace[], policy: PinPolicy, now: InstantUs): Promise<TryTaken> {
  const windowUs = policy.windowSec * 1_000_000;
  const tries = await sql.query<TakenRow>(takeTries, [places.map(({ kind }) => kind), places.map(({ value }) => value), now, now - windowUs]);
  const left = tries.map((row) => ({ count: maxOf(row.kind, policy) - row.tries, until: Number(row.since_us) + windowUs }));
  const locked = left.filter(({ count }) => count < 0);
  if (locked.length === 0) return { leftCount: Math.min(...left.map(({ count }) => count)), tries };
  await giveTryBack(sql, tries);
  return { lockedUntil: instantUs(Math.max(...locked.map(({ until }) => until))) };
}

/** Gives a try back: the PIN was right. Only that one, so that nobody wins tries for guessing by knowing one PIN. */
export async function giveTryBack(sql: Sql, tries: TakenTries): Promise<void> {
  await sql.query(giveTriesBack, [tries.map(({ kind }) => kind), tries.map(({ value }) => value), tries.map((row) => row.since_us)]);
}

const forget = 'DELETE FROM pin_try WHERE since <= from_us($1::bigint)';

/** Forgets places whose window is over. */
export async function forgetTries(sql: Sql, policy: PinPolicy, now: InstantUs): Promise<void> {
  await sql.query(forget, [now - policy.windowSec * 1_000_000]);
}

function maxOf(kind: string, { triesMax, sharedTriesMax }: PinPolicy): number {
  return kind === 'cli' ? triesMax : sharedTriesMax;
}
