import { type Meter, metrics } from '@opentelemetry/api';
import type { Database } from '@tollwire/event-store';
import { metricNames } from '@tollwire/platform';
import type { CdrDeps } from '../cdr.deps.ts';
import { archiveCalls } from './call-archive.ts';

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
 * Drops calls that were set up longer ago than calls are kept, and events of the log that came in longer ago, the oldest
 * first, in small transactions; kept for 0 days, they are kept for good. The sums of reports stay. Any number of instances
 * may do so at once: each passes over what another is dropping. Where there is an archive, calls are written into it first.
 */
export async function dropOldCalls(
  { database, clock, callKeptDays, callArchive }: Pick<CdrDeps, 'database' | 'clock' | 'callKeptDays' | 'callArchive'>,
  countDropped: CountDropped = droppedCount(),
): Promise<void> {
  if (callKeptDays === 0) return;
  const beforeUs = BigInt(clock.nowUs()) - BigInt(callKeptDays) * 86_400_000_000n;
  if (callArchive === undefined) await dropped(database, 'SELECT drop_calls($1, $2) AS count', beforeUs, (count) => countDropped('calls', count));
  else await archiveCalls({ database }, callArchive, beforeUs, (count) => countDropped('archived calls', count));
  await dropped(database, 'SELECT drop_call_events(from_us($1), $2) AS count', beforeUs, (count) => countDropped('events', count));
}

async function dropped(database: Pick<Database, 'query'>, statement: string, beforeUs: bigint, tell: (count: number) => void): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const [gone] = await database.query<{ count: bigint }>(statement, [beforeUs, ROWS_MAX]);
    const count = Number(gone?.count ?? 0n);
    if (count > 0) tell(count);
    if (count < ROWS_MAX) return;
  }
}
