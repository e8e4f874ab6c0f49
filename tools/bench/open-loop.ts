import { setTimeout as delay } from 'node:timers/promises';

/** What became of one request. */
export interface Sample {
  /** From the moment that it was due, not from when it was sent: a stall that holds up sending counts in full. */
  readonly latencyMs: number;
  /** `allowed`, or why not. */
  readonly outcome: string;
}

/**
 * Sends requests at a fixed rate, whatever the answers do, and waits for all of them. An open loop, so that a slow
 * answer never lowers the load (coordinated omission): callers pick up their phones whether others wait or not.
 */
export async function openLoop(ratePerSec: number, seconds: number, ask: (at: number) => Promise<string>, nowMs: () => number = () => performance.now()): Promise<Sample[]> {
  const count = Math.round(ratePerSec * seconds);
  const startedMs = nowMs();
  const dueMs = (at: number) => startedMs + (at * 1000) / ratePerSec;
  const samples: Promise<Sample>[] = [];
  while (samples.length < count) {
    while (samples.length < count && dueMs(samples.length) <= nowMs()) samples.push(sample(ask, samples.length, dueMs(samples.length), nowMs));
    await delay(1);
  }
  return await Promise.all(samples);
}

async function sample(ask: (at: number) => Promise<string>, at: number, dueMs: number, nowMs: () => number): Promise<Sample> {
  const outcome = await ask(at);
  return { latencyMs: nowMs() - dueMs, outcome };
}
