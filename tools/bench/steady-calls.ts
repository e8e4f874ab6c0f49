import { setTimeout as delay } from 'node:timers/promises';
import { perSec } from './arithmetic.ts';
import { callBodies, callBodyType, callParties } from './call-bodies.ts';
import { type Outcome, withOutcome } from './outcome.ts';
import { type Bed, newRunId } from './pipeline.ts';

/** How calls fared between two moments. */
export interface Stretch {
  readonly closedPerSec: number;
  /** Calls that had been sent and were not closed, at worst; those still in life (two requests) count. */
  readonly openMax: number;
}

const callsPerRequest = 50;
const preparedCalls = 40_000;

/** Sends calls at a steady, moderate rate while `work` goes on. `since` begins a stretch; call what it returns to end it. */
export async function withSteadyCalls<T>(
  bed: Bed, cardIds: readonly string[], callsPerSec: number, work: (since: () => () => Promise<Stretch>) => Promise<T>,
): Promise<T> {
  return await withOutcome(bed.state, async (outcome) => {
    const stopping = new AbortController();
    const flow = { sent: 0, openMax: 0 };
    const sending = send(bed, cardIds, callsPerSec, flow, outcome, stopping.signal);
    try {
      return await Promise.race([work(() => beginStretch(flow, outcome)), sending.then(() => Promise.reject(new Error('The calls ended early')))]);
    } finally {
      stopping.abort();
      await sending;
    }
  });
}

function beginStretch(flow: { openMax: number }, outcome: () => Promise<Outcome>): () => Promise<Stretch> {
  flow.openMax = 0;
  const startedMs = performance.now();
  const before = outcome();
  return async () => {
    const [{ closed: from }, { closed: until }] = [await before, await outcome()];
    return { closedPerSec: perSec(until - from, performance.now() - startedMs), openMax: flow.openMax };
  };
}

/** One request at a time, each when it is due; one that is late is sent at once. */
async function send(
  bed: Bed, cardIds: readonly string[], callsPerSec: number, flow: { sent: number; openMax: number }, outcome: () => Promise<Outcome>, signal: AbortSignal,
): Promise<void> {
  const startedMs = performance.now();
  let requests = 0;
  const over = () => signal.aborted;
  while (!over()) {
    for (const body of callBodies(callParties({ ...bed.seeded, cardIds, runId: newRunId() }, preparedCalls), callsPerRequest)) {
      const waitMs = startedMs + (requests * callsPerRequest * 1000) / callsPerSec - performance.now();
      if (waitMs > 0) await delay(waitMs);
      if (over()) return;
      await bed.api.send('/v1/calls/events', callBodyType, body);
      requests += 1;
      flow.sent = requests * callsPerRequest;
      if (requests % 10 === 0) flow.openMax = Math.max(flow.openMax, flow.sent - (await outcome()).closed);
    }
  }
}
