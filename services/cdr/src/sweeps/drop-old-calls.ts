import { type Meter, metrics } from '@opentelemetry/api';
import type { Database } from '@tollwire/event-store';
import { metricNames } from '@tollwire/platform';
import type { CdrDeps } from '../cdr.deps.ts';
import { noteKeptSince } from '../projections/recount-reports.ts';
import { archivePartition, archiveUnfiled, checkArchive } from './call-archive.ts';

/** Rows dropped in one transaction: locks are held for some tens of milliseconds. */
const ROWS_MAX = 5_000;
/** Batches of one sweep, so that it ends in time for the next; a backlog is worked off sweep by sweep. */
const BATCHES_MAX = 200;

/** Counts calls and events that were dropped. */
export type CountDropped = (what: 'calls' | 'archived calls' | 'events', count: number) => void;

export function droppedCount(meter: Pick<Meter, 'createCounter'> = metrics.getMeter('tollwire')): CountDropped {
  const dropped = meter.createCounter(metricNames.droppedRows, { description: 'Calls, and events of their log, that were dropped by their age' });
  return (what, count) => {
    dropped.add(count, { what });
  };
}

/**
 * Drops calls that were set up longer ago than calls are kept, a partition at a time once every call of it is past its time, and events of the log
 * that came in longer ago; kept for 0 days, they are kept for good. The sums of reports stay. A partition is set aside first, so that nobody finds its
 * calls or writes to them any more; where there is an archive, it is then written into files; where its calls lay is forgotten, and it goes. Any number of
 * instances may do so at once: each passes over what another is at.
 */
export async function dropOldCalls(
  { database, clock, callKeptDays, callArchive }: Pick<CdrDeps, 'database' | 'clock' | 'callKeptDays' | 'callArchive'>,
  countDropped: CountDropped = droppedCount(),
): Promise<void> {
  if (callKeptDays === 0) return;
  if (callArchive !== undefined) await checkArchive(callArchive);
  const beforeUs = BigInt(clock.nowUs()) - BigInt(callKeptDays) * 86_400_000_000n;
  await noteKeptSince(database, beforeUs);
  await database.query('SELECT set_calls_aside($1)', [beforeUs]);
  const aside = await database.query<{ first_day: number }>('SELECT first_day FROM call_aside ORDER BY first_day');
  for (const { first_day: firstDay } of aside) await dropPartition({ database, callArchive }, firstDay, countDropped);
  if (callArchive === undefined) await dropped(database, 'SELECT drop_calls($1, $2) AS count', beforeUs, (count) => countDropped('calls', count));
  else await archiveUnfiled({ database }, callArchive, beforeUs, (count) => countDropped('archived calls', count));
  await dropped(database, 'SELECT drop_call_events(from_us($1), $2) AS count', beforeUs, (count) => countDropped('events', count));
}

async function dropPartition({ database, callArchive }: Pick<CdrDeps, 'database' | 'callArchive'>, firstDay: number, countDropped: CountDropped): Promise<void> {
  if (callArchive !== undefined && !(await archivePartition({ database }, callArchive, firstDay, (count) => countDropped('archived calls', count)))) return;
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const [gone] = await database.query<{ count: number | null }>('SELECT forget_calls_aside($1, $2) AS count', [firstDay, ROWS_MAX]);
    const count = gone?.count ?? 0;
    if (count === 0) return;
    if (callArchive === undefined) countDropped('calls', count);
  }
}

async function dropped(database: Pick<Database, 'query'>, statement: string, beforeUs: bigint, tell: (count: number) => void): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const [gone] = await database.query<{ count: bigint }>(statement, [beforeUs, ROWS_MAX]);
    const count = Number(gone?.count ?? 0n);
    if (count > 0) tell(count);
    if (count < ROWS_MAX) return;
  }
}
