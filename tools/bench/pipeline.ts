import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../client/api.ts';
import type { Note } from '../cli/progress.ts';
import { readTotals } from '../demo/totals.ts';
import { seeded } from '../world/random.ts';
import type { Seeded } from '../world/seed.ts';
import { callBodies, callBodyType } from './call-bodies.ts';

/** How fast calls went the whole way. */
export interface PipelineFigures {
  readonly calls: number;
  readonly acceptedPerSec: number;
  /** From the first request to the last call closed and charged. */
  readonly callsPerSec: number;
  readonly exact: boolean;
}

const requestsAtATime = 6;
const callsPerRequest = 100;

/** Sends `calls` calls as fast as the door takes them, and waits until each is recorded, rated, charged and closed. */
export async function benchPipeline(api: Api, seededWorld: Seeded, cardIds: readonly string[], calls: number, note: Note): Promise<PipelineFigures> {
  const { plan, world } = seededWorld;
  const runId = randomUUID().slice(0, 8);
  note('preparing calls');
  const { bodies } = callBodies({ random: seeded(7), runId, cardIds, destinations: plan.prefixes, carrierCodes: world.carrierCodes }, calls, callsPerRequest);
  const before = await readTotals(api);
  const startedMs = performance.now();
  await sendAll(api, bodies);
  const acceptedMs = performance.now() - startedMs;
  for (;;) {
    const after = await readTotals(api);
    const closed = after.cdr.closedCount - before.cdr.closedCount;
    const charges = after.card.chargeCount - before.card.chargeCount;
    const elapsedMs = performance.now() - startedMs;
    if (Math.min(closed, charges) >= calls || elapsedMs > 300_000) {
      return { calls, acceptedPerSec: perSec(calls, acceptedMs), callsPerSec: perSec(Math.min(closed, charges), elapsedMs), exact: closed === calls && charges === calls };
    }
    note(`${closed.toLocaleString('en')} of ${calls.toLocaleString('en')} calls closed`);
    await delay(250);
  }
}

async function sendAll(api: Api, bodies: readonly Uint8Array[]): Promise<void> {
  let next = 0;
  const worker = async () => {
    for (let at = next++; at < bodies.length; at = next++) await api.send('/v1/calls/events', callBodyType, bodies[at] ?? new Uint8Array());
  };
  await Promise.all(Array.from({ length: requestsAtATime }, worker));
}

function perSec(count: number, ms: number): number {
  return Math.round((count / ms) * 1000);
}
