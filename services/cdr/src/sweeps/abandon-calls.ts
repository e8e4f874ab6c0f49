import { type InstantUs, instantUs } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import { callKey } from '@tollwire/contracts';
import type { CdrDeps } from '../cdr.deps.ts';
import { abandonedBy } from '../domain/abandon.ts';
import type { AbandonedFacts } from '../domain/call.ts';
import { abandonmentOf } from '../domain/cdr.ts';
import { firstStartIn, noteWalked, openIn, type OpenCallRow, placeOf, type Walk } from '../projections/abandon-walk.ts';
import { recordTold } from '../reactions/record-calls.ts';
import { callAbandoned, timesOf, toldOf } from '../wire/call-abandoned.ts';

/** Calls closed in one transaction. */
const BATCH_MAX = 2_000;
/** How many starts are looked at in one statement, as a span of time, and how many such spans one sweep walks. */
const SPAN_US = 3_600_000_000n;
const SPANS_MAX = 200;

/**
 * Closes every call whose end is overdue: walks the calls by their start, each rule up to where it is due by now, and
 * tells `CallAbandoned` of those that are still open. Any number of instances may run it at once, because a call found
 * twice makes the same event.
 */
export async function abandonCalls(deps: CdrDeps): Promise<void> {
  await walked(deps, 'silence', deps.rules.silenceSecMax);
  await walked(deps, 'max_duration', deps.rules.callSecMax);
}

async function walked(deps: CdrDeps, walk: Walk, secMax: number): Promise<void> {
  const nowUs = deps.clock.nowUs();
  const dueUntilUs = BigInt(nowUs) - BigInt(secMax) * 1_000_000n + 1n;
  for (let span = 0; span < SPANS_MAX; span += 1) {
    const place = await placeOf(deps.database, walk);
    const firstUs = place.fromUs >= dueUntilUs ? undefined : await firstStartIn(deps.database, place.fromUs, dueUntilUs);
    if (firstUs === undefined) {
      await noteWalked(deps.database, walk, place, maxOf(place.fromUs, dueUntilUs));
      return;
    }
    const untilUs = minOf(firstUs + SPAN_US, dueUntilUs);
    const rows = await openIn(deps.database, walk, firstUs, untilUs, BATCH_MAX);
    await abandon(deps, rows, (row) => abandonedBy(timesOf(row), deps.rules, nowUs));
    // A full batch may have left calls of its last instant behind; those are read again, without the ones just closed.
    const last = rows.length === BATCH_MAX ? rows.at(-1) : undefined;
    await noteWalked(deps.database, walk, place, last?.started_at_us ?? untilUs);
  }
}

/** Closes open calls as `rule` says of each, and returns how many were. A call whose end came meanwhile is left as it is. */
export async function abandon(deps: CdrDeps, rows: readonly OpenCallRow[], rule: (row: OpenCallRow) => AbandonedFacts | undefined): Promise<number> {
  const found = rows.flatMap((row) => {
    const facts = rule(row);
    if (facts === undefined) return [];
    const event = callAbandoned(row, facts);
    return [{ event, told: toldOf(event, row, facts) }];
  });
  if (found.length === 0) return 0;
  return await deps.database.transaction(async (tx) => {
    const changes = await recordTold(deps, tx, found.map(({ told }) => told));
    const closed = new Set(changes.filter(({ before, after }) => abandonmentOf(before) === undefined && abandonmentOf(after) !== undefined).map(({ after }) => callKey(after.call)));
    await enqueue(tx, deps.root, found.filter(({ event }) => closed.has(callKey(event.data.call))).map(({ event }) => event));
    return closed.size;
  });
}

/** The instant from which calls of a switch are looked for: none that was set up a week before may still go on. */
export function openSinceUs(atUs: InstantUs): bigint {
  return BigInt(instantUs(Math.max(0, atUs - 8 * 86_400_000_000)));
}

function minOf(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
