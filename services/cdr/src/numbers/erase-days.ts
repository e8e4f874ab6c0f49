import type { Database } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { dayOf } from './number-keys.ts';

/** Which days, by whom and why. */
export interface Erasure {
  readonly firstDay: number;
  readonly lastDay: number;
  readonly by: string;
  readonly reason: string;
  readonly atUs: number;
}

/** Days without a key are noted, too: a call of such a day that is told later is recorded with its numbers masked. */
const eraseSql = `
  INSERT INTO number_key AS k (day, key, erased_at_us, erased_by, reason)
  SELECT day, NULL, $3, $4, $5 FROM generate_series($1::int, $2::int) AS day
  ON CONFLICT (day) DO UPDATE SET key = NULL, erased_at_us = excluded.erased_at_us, erased_by = excluded.erased_by, reason = excluded.reason
  WHERE k.key IS NOT NULL
  RETURNING day`;

/**
 * Erases what was said of people on days: drops the keys, so that the numbers of calls that were set up then, in calls
 * and in the log of events, cannot be read by anybody any more; prefixes and money stay. Returns how many days that were
 * not erased before.
 */
export async function eraseDays(database: Pick<Database, 'query'>, { firstDay, lastDay, by, reason, atUs }: Erasure): Promise<number> {
  const erased = await database.query(eraseSql, [firstDay, lastDay, atUs, by, reason]);
  // What a row held before lies in the table until it is vacuumed. Outside of a transaction, as VACUUM must be.
  if (erased.length > 0) await database.query('VACUUM number_key');
  return erased.length;
}

const oldestSql = 'SELECT min(day) AS day FROM number_key WHERE key IS NOT NULL';

/** Erases the numbers of calls that were set up longer ago than numbers are kept; kept for 0 days, they are kept as long as the calls. */
export async function eraseOldNumbers({ database, clock, numbersKeptDays }: Pick<CdrDeps, 'database' | 'clock' | 'numbersKeptDays'>): Promise<void> {
  if (numbersKeptDays === 0) return;
  const lastDay = dayOf(clock.nowUs()) - numbersKeptDays - 1;
  const [oldest] = await database.query<{ day: number | null }>(oldestSql);
  const firstDay = oldest?.day ?? null;
  if (firstDay === null || firstDay > lastDay) return;
  await eraseDays(database, { firstDay, lastDay, by: 'service:cdr', reason: `kept for ${numbersKeptDays} days`, atUs: clock.nowUs() });
}
