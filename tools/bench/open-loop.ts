import { startTicker, type Ticker } from './ticker.ts';

/** What became of the requests of a loop. */
export interface LoopReport {
  /** In their order, each from the moment that the request was due, not from when it was sent: a stall that holds up sending counts in full. */
  readonly latenciesMs: Float64Array;
  /** How many were `allowed`, or why not. */
  readonly outcomes: Readonly<Record<string, number>>;
}

/** The clock that a loop goes by, and what wakes it. */
export interface Beat {
  readonly ticker: Ticker;
  readonly nowMs: () => number;
}

/**
 * Sends requests at a fixed rate, whatever the answers do, and waits for all of them. An open loop, so that a slow
 * answer never lowers the load (coordinated omission): callers pick up their phones whether others wait or not. Requests are due at
 * whole milliseconds, those of one all at its beginning. What is noted
 * of a request are eight bytes: objects kept for each would be copied by every collection of garbage, and the pauses would count as latency.
 */
export async function openLoop(
  ratePerSec: number, seconds: number, ask: (at: number) => Promise<string>, { ticker, nowMs }: Beat = { ticker: startTicker(), nowMs: () => performance.now() },
): Promise<LoopReport> {
  try {
    return await sendAll(Math.round(ratePerSec * seconds), ask, { ticker, nowMs, dueMs: (at) => ticker.startsMs + Math.floor((at * 1000) / ratePerSec) });
  } finally {
    await ticker.stop();
  }
}

async function sendAll(count: number, ask: (at: number) => Promise<string>, { ticker, nowMs, dueMs }: Beat & { readonly dueMs: (at: number) => number }): Promise<LoopReport> {
  const latenciesMs = new Float64Array(count);
  const outcomes: Record<string, number> = {};
  const answered = Promise.withResolvers<undefined>();
  // Told when all have been sent; until then nobody waits for it.
  const failed = answered.promise.catch((error: unknown) => ({ error }));
  let waiting = count;
  const send = async (at: number): Promise<void> => {
    const outcome = await ask(at);
    latenciesMs[at] = nowMs() - dueMs(at);
    outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
    waiting -= 1;
    if (waiting === 0) answered.resolve(undefined);
  };
  for (let sent = 0; sent < count; ) {
    await ticker.next();
    for (; sent < count && dueMs(sent) <= nowMs(); sent += 1) send(sent).catch(answered.reject);
  }
  const failure = count === 0 ? undefined : await failed;
  if (failure !== undefined) throw failure.error;
  return { latenciesMs, outcomes };
}
