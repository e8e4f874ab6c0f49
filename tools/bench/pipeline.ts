import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../client/api.ts';
import type { Note } from '../cli/progress.ts';
import { Stop } from '../cli/stop.ts';
import { readTotals } from '../demo/totals.ts';
import type { RunState } from '../stack/run-state.ts';
import type { Seeded } from '../world/seed.ts';
import { perSec } from './arithmetic.ts';
import { callBodies, callBodyType, callParties } from './call-bodies.ts';
import { type CpuUse, cpuBetween, cpuSeconds, perItem } from './cpu.ts';
import { withOutcome } from './outcome.ts';

/** The stack that is measured, and what was put into it. */
export interface Bed {
  readonly api: Api;
  readonly state: RunState;
  readonly seeded: Seeded;
}

/** How fast calls went the whole way. */
export interface PipelineFigures {
  readonly acceptedPerSec: number;
  /** From the first request to the last call closed and charged. */
  readonly callsPerSec: number;
  /** Every call has one CDR, one rating and one charge, and the ledger sums to zero. */
  readonly exact: boolean;
  /** Microseconds of processor time for each call, by process, most first; the last row is the generator's own. */
  readonly cpu: readonly CpuUse[];
}

const requestsAtATime = 6;
const callsPerRequest = 100;
const patienceMs = 300_000;

/** Sends calls as fast as the door takes them, and waits until each is recorded, rated, charged and closed. */
export async function benchPipeline(bed: Bed, runId: string, cardIds: readonly string[], calls: number, note: Note): Promise<PipelineFigures> {
  note('preparing calls');
  const bodies = callBodies(callParties({ ...bed.seeded, cardIds, runId }, calls), callsPerRequest);
  const before = await readTotals(bed.api);
  const [acceptedMs, elapsedMs, cpu] = await withOutcome(bed.state, async (outcome) => {
    const cpuBefore = cpuSeconds(bed.state);
    const startedMs = performance.now();
    await sendAll(bed.api, bodies);
    const accepted = performance.now() - startedMs;
    for (;;) {
      const { charged, closed } = await outcome();
      if (Math.min(charged, closed) >= calls) break;
      if (performance.now() - startedMs > patienceMs) throw new Stop(`Only ${closed} of ${calls} calls were closed and ${charged} charged in ${patienceMs / 1000} s.`);
      note(`${closed.toLocaleString('en')} of ${calls.toLocaleString('en')} calls closed`);
      await delay(100);
    }
    return [accepted, performance.now() - startedMs, cpuBetween(cpuBefore, cpuSeconds(bed.state))];
  });
  const after = await readTotals(bed.api);
  const counts = [
    after.cdr.callCount - before.cdr.callCount,
    after.cdr.closedCount - before.cdr.closedCount,
    after.rating.ratedCount - before.rating.ratedCount,
    after.card.chargeCount - before.card.chargeCount,
  ];
  const exact = counts.every((count) => count === calls) && after.card.ledgerSum.every(({ amount }) => Number(amount) === 0);
  return { acceptedPerSec: perSec(calls, acceptedMs), callsPerSec: perSec(calls, elapsedMs), exact, cpu: perItem(cpu, calls) };
}

/** A name for a run's calls that no other run has. */
export function newRunId(): string {
  return randomUUID().slice(0, 8);
}

async function sendAll(api: Api, bodies: readonly Uint8Array[]): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < bodies.length; at = next++) await api.send('/v1/calls/events', callBodyType, bodies[at] ?? new Uint8Array());
  };
  await Promise.all(Array.from({ length: requestsAtATime }, worker));
}
