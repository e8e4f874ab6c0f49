import { setTimeout as delay } from 'node:timers/promises';
import type { InstantUs } from '@tollwire/core';
import { callUsMax } from '@tollwire/telecom';
import { enqueue, type RetryableError, type Sql } from '@tollwire/event-store';
import { keepUses } from '../allowances/keep.ts';
import { insertRatedCalls } from '../rated-calls/insert.ts';
import type { RatingTables } from '../domain/tables.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { callRatedEvent } from '../wire/call-rated.ts';
import { type Outcome, rerated } from './compare.ts';
import { differencesOf, findingsWith } from './findings.ts';
import { dueCalls } from './due-calls.ts';
import type { Rerating } from './rerating.ts';
import { addDifferences, lockRunning, nextRunning, saveProgress } from './store.ts';
import { placeAfter, sliceEnd } from './walk.ts';

export type RerateDeps = Pick<RatingDeps, 'database' | 'clock' | 'root' | 'tables' | 'subscribers' | 'asOf' | 'allowances' | 'wakeRelay'>;

/** Somebody else has rated one of the calls again since it was looked at: look again, in a new transaction. */
export class RatedMeanwhile extends Error implements RetryableError {
  readonly retryable = true;
  override readonly name = 'RatedMeanwhile';
}

/** Batches of one sweep, so that a stop of the service waits for a few at most. */
const BATCHES_MAX = 50;

/**
 * Goes on with the re-ratings that were asked for, the oldest first. One batch at a time over all instances, and after
 * each as long a pause as it took, so that calls that end meanwhile are rated as if nobody rated others again.
 */
export async function rerate(deps: RerateDeps): Promise<void> {
  for (let batch = 0; batch < BATCHES_MAX; batch += 1) {
    const beganMs = performance.now();
    if (!(await rerateBatch(deps))) return;
    await delay(performance.now() - beganMs);
  }
}

/**
 * One batch of the oldest re-rating in one transaction: the calls, their differences, and where it goes on from. So
 * whoever dies in it has done nothing of it, and the next one does it. Answers whether there was anything to do here.
 * Throws RatedMeanwhile, with nothing done, where a call got a newer rating in between.
 */
export async function rerateBatch(deps: RerateDeps): Promise<boolean> {
  const next = deps.tables.loaded ? await nextRunning(deps.database) : undefined;
  if (next === undefined) return false;
  const tables = await tablesOf(deps, next);
  const posted = await deps.database.transaction(async (tx) => {
    const rerating = await lockRunning(tx, next.reratingId);
    if (rerating === undefined) return undefined;
    const beganMs = performance.now();
    const end = sliceEnd(rerating.place, rerating.filter.untilUs);
    const calls = await dueCalls(tx, rerating.filter, rerating.place, end);
    const subscribers = await deps.subscribers.of(tx, calls.map(({ partyKey }) => partyKey));
    const by = { tables, subscribers, includePreRated: rerating.filter.includePreRated, ratedAt: deps.clock.nowUs() };
    const outcomes = await rerated(tx, deps.allowances, calls, by);
    if (rerating.apply) await post(deps, tx, outcomes, by.ratedAt);
    await addDifferences(tx, rerating.reratingId, differencesOf(outcomes));
    const place = placeAfter(rerating.place, end, calls, performance.now() - beganMs);
    await saveProgress(tx, progressed({ ...rerating, place, findings: findingsWith(rerating.findings, outcomes) }, deps));
    return rerating.apply;
  }, { byKey: true });
  if (posted === true) deps.wakeRelay();
  return posted !== undefined;
}

/** A call keeps the versions that it was authorized by, which was before it was set up: within the day, to be sure. */
const AUTHORIZED_BEFORE_US = 86_400_000_000;

/** The rates that count; those of the past are made before the transaction, which waits for nothing but the database. */
async function tablesOf({ tables, asOf }: RerateDeps, { knownAtUs, filter }: Rerating): Promise<RatingTables> {
  if (knownAtUs === undefined) return tables.now;
  const { fromUs, untilUs, plan } = filter;
  const made = await asOf.of({ knownAtUs, fromUs: fromUs - AUTHORIZED_BEFORE_US, untilUs: untilUs + callUsMax, plan, buys: true });
  if (!made.ok) throw new Error(`The rates as they were known cannot be had: ${made.refusal.code}`);
  return made.value;
}

function progressed(rerating: Rerating, { clock }: Pick<RerateDeps, 'clock'>): Rerating {
  const isDone = rerating.place.callKey === '' && rerating.place.atUs >= rerating.filter.untilUs;
  return isDone ? { ...rerating, status: 'done', finishedAt: clock.nowUs() } : rerating;
}

/** Keeps the changed calls as a revision more, and tells of each. */
async function post({ root }: Pick<RerateDeps, 'root'>, tx: Sql, outcomes: readonly Outcome[], ratedAt: InstantUs): Promise<void> {
  const records = outcomes.flatMap((outcome) => (outcome.kind === 'changed' ? [outcome.after] : []));
  const added = await insertRatedCalls(tx, records);
  if (added.length < records.length) throw new RatedMeanwhile('A call got a newer rating meanwhile');
  await keepUses(tx, outcomes.flatMap((outcome) => (outcome.kind === 'changed' && outcome.drawn !== undefined ? [outcome.drawn] : [])), ratedAt);
  await enqueue(tx, root, added.map((record) => callRatedEvent(record, undefined)));
}
