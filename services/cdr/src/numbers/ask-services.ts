import type { ForgetReply, OpsService } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { eraseFound } from './erase-number.ts';
import { forgetWatchedNumber } from './watched-number.ts';

/** Who is asked to take a number out of what they keep, by their names. */
export type Forgetters = Readonly<Record<string, Pick<Asker<typeof OpsService>, 'forgetCalls' | 'forgetNumber'>>>;

/** All of them: dead letters are kept by every service. */
export const forgettingServices = ['card', 'catalog', 'cdr', 'edge', 'rating', 'routing'] as const;

type AskDeps = Pick<CdrDeps, 'database' | 'clock' | 'numbers' | 'forgetters'>;

const erasuresAtOnce = 20;
/** Steps of one service in one run of the sweep. */
const stepsAtOnce = 100;
const callsAtOnce = 1_000;
const timeoutMs = 30_000;
/** What a service let go of last, such as calls of a file, is kept elsewhere when this has passed. */
const settledUs = 30_000_000n;

interface OpenErasure {
  readonly id: number;
  readonly number: string;
  readonly log_done_at_us: bigint | null;
}

/** How far a service is: first the number, then the calls; `calls_after` is null until the number is done. */
interface Progress {
  readonly began_at_us: bigint;
  readonly next: string;
  readonly calls_after: string | null;
  readonly done_at_us: bigint | null;
}

const openSql = `SELECT id, number, log_done_at_us FROM number_erasure WHERE done_at_us IS NULL AND number IS NOT NULL ORDER BY id LIMIT ${erasuresAtOnce}`;
const beginSql = 'INSERT INTO number_erasure_service (erasure_id, service, began_at_us) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING';
const againSql = `
  UPDATE number_erasure_service SET began_at_us = $3, next = '', calls_after = NULL, done_at_us = NULL, problem = ''
  WHERE erasure_id = $1 AND service = $2 AND done_at_us IS NOT NULL`;
const progressSql = 'SELECT began_at_us, next, calls_after, done_at_us FROM number_erasure_service WHERE erasure_id = $1 AND service = $2';
const saveSql = 'UPDATE number_erasure_service SET next = $3, calls_after = $4, done_at_us = $5, problem = $6 WHERE erasure_id = $1 AND service = $2';
const callsSql = `SELECT call_key FROM erased_call WHERE erasure_id = $1 AND call_key > $2 ORDER BY call_key LIMIT ${callsAtOnce}`;
// What is kept is counted anew each time; what was done adds up, because it is done once.
const countSql = `
  INSERT INTO number_erasure_place AS p (erasure_id, service, place, row_count, kept)
  SELECT $1, $2, place, row_count, kept FROM unnest($3::text[], $4::bigint[], $5::boolean[]) AS u (place, row_count, kept)
  ON CONFLICT (erasure_id, service, place) DO UPDATE
  SET row_count = CASE WHEN excluded.kept THEN excluded.row_count ELSE p.row_count + excluded.row_count END, kept = excluded.kept`;
const finishSql = 'UPDATE number_erasure SET done_at_us = $2, number = NULL WHERE id = $1 AND done_at_us IS NULL';
const walkAgainSql = `UPDATE number_erasure SET log_done_at_us = NULL, walked_until = '00000000-0000-0000-0000-000000000000' WHERE id = $1`;

/**
 * Has every service take numbers that are erased out of what it keeps. Each is asked until it has done it, so one that was down is caught up with, and once
 * more after the log of events is done: what was on its way between services is kept by then. At last the number itself is forgotten here.
 */
export async function askServices(deps: AskDeps): Promise<void> {
  for (const erasure of await deps.database.query<OpenErasure>(openSql)) {
    const done = await Promise.all(Object.keys(deps.forgetters).map((service) => askService(deps, erasure, service)));
    if (erasure.log_done_at_us !== null && done.every(Boolean)) await finish(deps, erasure);
  }
}

/** Whether a service has done all since the log was done, and that is a while ago. */
async function askService(deps: AskDeps, erasure: OpenErasure, service: string): Promise<boolean> {
  const { database, clock } = deps;
  await database.query(beginSql, [erasure.id, service, clock.nowUs()]);
  let progress = await progressOf(database, erasure.id, service);
  if (progress.done_at_us !== null) {
    if (erasure.log_done_at_us === null) return false;
    if (progress.began_at_us >= erasure.log_done_at_us) return BigInt(clock.nowUs()) - progress.done_at_us >= settledUs;
    await database.query(againSql, [erasure.id, service, clock.nowUs()]);
    progress = await progressOf(database, erasure.id, service);
  }
  for (let step = 0; step < stepsAtOnce && progress.done_at_us === null; step += 1) {
    const next = await askStep(deps, erasure, service, progress);
    if (next === undefined) return false;
    progress = next;
  }
  return false;
}

async function progressOf(sql: Sql, erasureId: number, service: string): Promise<Progress> {
  const [row] = await sql.query<Progress>(progressSql, [erasureId, service]);
  return row ?? { began_at_us: 0n, next: '', calls_after: null, done_at_us: null };
}

/** One request, and where that leaves the service; undefined where it goes on later. */
async function askStep(deps: AskDeps, { id, number }: OpenErasure, service: string, progress: Progress): Promise<Progress | undefined> {
  const { database, clock, forgetters } = deps;
  const save = async ({ next, calls_after: callsAfter, done_at_us: doneAtUs }: Progress, problem = '') => {
    await database.query(saveSql, [id, service, next, callsAfter, doneAtUs, problem]);
  };
  const calls = progress.calls_after === null ? [] : await database.query<{ call_key: string }>(callsSql, [id, progress.calls_after]);
  if (progress.calls_after !== null && calls.length === 0) {
    const done = { ...progress, done_at_us: BigInt(clock.nowUs()) };
    await save(done);
    return done;
  }
  const forgetter = forgetters[service];
  const answer = progress.calls_after === null
    ? await forgetter?.forgetNumber({ number, after: progress.next }, { timeoutMs })
    : await forgetter?.forgetCalls({ callKeys: calls.map(({ call_key: key }) => key) }, { timeoutMs });
  if (answer?.ok !== true) {
    await save(progress, answer?.refusal.code ?? 'service_unavailable');
    return undefined;
  }
  await countPlaces(database, id, service, answer.value);
  if (answer.value.waitsFor !== '') {
    await save(progress, answer.value.waitsFor);
    return undefined;
  }
  const after = progress.calls_after === null
    ? { ...progress, next: answer.value.next, calls_after: answer.value.next === '' ? '' : null }
    : { ...progress, calls_after: calls.at(-1)?.call_key ?? '' };
  await save(after);
  return after;
}

async function countPlaces(sql: Sql, erasureId: number, service: string, { places }: ForgetReply): Promise<void> {
  if (places.length === 0) return;
  await sql.query(countSql, [erasureId, service, places.map(({ place }) => place), places.map(({ count }) => count), places.map(({ kept }) => kept)]);
}

/** Looks once more for what came meanwhile; where there is any, its events are walked, too, and the services asked again. */
async function finish(deps: AskDeps, { id, number }: OpenErasure): Promise<void> {
  const { database, clock } = deps;
  if ((await eraseFound(deps, id, number)) > 0) {
    await database.query(walkAgainSql, [id]);
    return;
  }
  await forgetWatchedNumber(database, number);
  await database.query(finishSql, [id, clock.nowUs()]);
}
