import { instantUs, ok, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import type { Database, Sql } from '@tollwire/event-store';
import { clocksDifferUs } from '../domain/clocks.ts';
import { refusable } from '../ledger/refusable.ts';

/** Who, or which place, may fail `triesMax` times within any stretch of the window, wherever the stretch begins. */
export interface TryLimit {
  readonly subject: string;
  readonly triesMax: number;
}

/** A try as it was taken. */
interface TakenRow {
  readonly subject: string;
  /** When tries end that count now: the last is this one's. */
  readonly ends_us: readonly bigint[];
}

/** Tries that were taken, which only what they were taken for may have back. */
export type TakenTries = readonly TakenRow[];

/** Tries were taken, and so many are left to whom has the fewest. */
export interface TriesTaken {
  readonly leftCount: number;
  readonly tries: TakenTries;
}

/** Somebody has no try left until an instant. */
export interface NoTryLeft {
  readonly code: 'no_try_left';
  readonly untilUs: InstantUs;
}

// A try counts until its own end, a window after it was taken; what is over is dropped by the next one, so that a row holds no more ends than there
// are tries. Clocks of instances differ: `clock_us` is the latest that any of them has shown here, and the time of a row never runs back. Rows are
// locked in one order by all.
const takeRows = `
  INSERT INTO failed_try AS t (subject, clock_us, ends_us)
  SELECT subject, $2::bigint, ARRAY[$2::bigint + $3::bigint] FROM unnest($1::text[]) AS s (subject) ORDER BY subject
  ON CONFLICT (subject) DO UPDATE SET clock_us = greatest(t.clock_us, $2::bigint),
    ends_us = array(SELECT us FROM unnest(t.ends_us) us WHERE us > greatest(t.clock_us, $2::bigint) ORDER BY us) || greatest(t.clock_us, $2::bigint) + $3::bigint
  RETURNING subject, ends_us`;
const giveBack = `
  UPDATE failed_try t SET ends_us = t.ends_us[:array_position(t.ends_us, g.end_us) - 1] || t.ends_us[array_position(t.ends_us, g.end_us) + 1:]
  FROM (SELECT f.subject, b.end_us FROM unnest($1::text[], $2::bigint[]) AS b (subject, end_us) JOIN failed_try f USING (subject) ORDER BY f.subject FOR UPDATE OF f) g
  WHERE t.subject = g.subject AND g.end_us = ANY (t.ends_us)`;

/**
 * Takes a try of each subject before it is known how it ends, so that many at once have no more tries than one after the other. Where
 * one subject has none left none is taken of the others. A lock heals by itself, when the eldest try that counts is a window old.
 */
export async function takeTries(
  database: Pick<Database, 'transaction'>,
  limits: readonly TryLimit[],
  windowSec: number,
  now: InstantUs,
): Promise<Result<TriesTaken, NoTryLeft>> {
  return await refusable(database, async (tx) => {
    const tries = await tx.query<TakenRow>(takeRows, [limits.map(({ subject }) => subject), now, windowSec * 1_000_000]);
    const maxOf = new Map(limits.map(({ subject, triesMax }) => [subject, triesMax]));
    const left = tries.map(({ subject, ends_us: ends }) => leftOf(ends.map(Number), maxOf.get(subject) ?? 0));
    const locked = left.flatMap(({ untilUs }) => untilUs ?? []);
    if (locked.length > 0) return refuse({ code: 'no_try_left', untilUs: instantUs(Math.max(...locked)) });
    return ok({ leftCount: Math.min(...left.map(({ count }) => count)), tries });
  });
}

/** How many tries are left beside those that count, the latest among them; and where it is one too many, when there is one again. */
function leftOf(endsUs: readonly number[], triesMax: number): { readonly count: number; readonly untilUs: number | undefined } {
  const count = triesMax - endsUs.length;
  return { count, untilUs: count < 0 ? endsUs[-count - 1] : undefined };
}

/** Gives tries back that did not fail: these alone, so that nobody wins tries for guessing by being right once. */
export async function giveTriesBack(sql: Sql, tries: TakenTries): Promise<void> {
  await sql.query(giveBack, [tries.map(({ subject }) => subject), tries.map(({ ends_us: ends }) => ends.at(-1) ?? 0n)]);
}

// Whoever takes a try meanwhile holds the row's lock, and keeps it.
const forget = `
  DELETE FROM failed_try WHERE subject IN (
    SELECT subject FROM failed_try WHERE NOT EXISTS (SELECT 1 FROM unnest(ends_us) us WHERE us > $1::bigint) FOR UPDATE SKIP LOCKED)`;

/** Forgets subjects none of whose tries count any more, by the clock of whichever instance. */
export async function forgetTries(sql: Sql, now: InstantUs): Promise<void> {
  await sql.query(forget, [now - clocksDifferUs]);
}
