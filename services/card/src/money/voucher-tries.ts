import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

/** Tries that may fail in one window, for one card or account and for one place whence it is tried. */
export const triesMax = 5;
const windowUs = 15 * 60 * 1_000_000;

// Taken before it is known how the try ends, so that any number of tries at once are no more than one after the other.
const takeTry = `
  INSERT INTO voucher_try AS t (subject, window_from_us, failed) VALUES ($1, $2::bigint, 1)
  ON CONFLICT (subject) DO UPDATE SET
    window_from_us = CASE WHEN t.window_from_us <= $2::bigint - $3::bigint THEN $2::bigint ELSE t.window_from_us END,
    failed = CASE WHEN t.window_from_us <= $2::bigint - $3::bigint THEN 1 ELSE t.failed + 1 END
  WHERE t.window_from_us <= $2::bigint - $3::bigint OR t.failed < $4::bigint RETURNING t.failed`;
const giveBack = 'UPDATE voucher_try SET failed = greatest(failed - 1, 0) WHERE subject = ANY($1::text[])';

/**
 * Takes a try for each subject, on its own and for good; false where one of them has none left until its window of 15 minutes
 * is over.
 */
export async function takeTries(sql: Sql, subjects: readonly string[], at: InstantUs): Promise<boolean> {
  for (const subject of subjects) {
    const taken = await sql.query(takeTry, [subject, at, windowUs, triesMax]);
    if (taken.length === 0) return false;
  }
  return true;
}

/** A try that did not fail does not count. */
export async function giveTriesBack(sql: Sql, subjects: readonly string[]): Promise<void> {
  await sql.query(giveBack, [subjects]);
}
