import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';

/** How long it is kept how a call was refused, and of how many calls at most. */
const keptUs = 7 * 86_400_000_000;
const keptMax = 1_000_000;
/** Rows that one statement drops. */
const rowsAtOnce = 10_000;

// The newest are kept, however old: a flood of refused calls drops the oldest of them before their time, and nothing else.
const drop = `
  DELETE FROM refused_route WHERE call_key IN (
    SELECT call_key FROM refused_route
    WHERE refused_at_us <= greatest($1::bigint, (SELECT refused_at_us FROM refused_route ORDER BY refused_at_us DESC OFFSET $2 LIMIT 1))
    ORDER BY refused_at_us LIMIT $3 FOR UPDATE SKIP LOCKED)
  RETURNING 1`;

/** Forgets how calls were refused that were so long ago, or before so many others. */
export async function forgetRefused({ database, clock }: Pick<CardDeps, 'database' | 'clock'>): Promise<void> {
  await dropRefused(database, clock.nowUs(), keptMax);
}

/** The same with another number that is kept. */
export async function dropRefused(sql: Sql, now: InstantUs, max: number): Promise<void> {
  for (let dropped = rowsAtOnce; dropped === rowsAtOnce;) dropped = (await sql.query(drop, [now - keptUs, max, rowsAtOnce])).length;
}
