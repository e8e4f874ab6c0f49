import { Worker } from 'node:worker_threads';

/** A beat a millisecond, to a tenth of one. */
export interface Ticker {
  /** On the clock of `performance.now()`, the moment of its first beat. */
  readonly startsMs: number;
  /** Resolves at the next beat, at once where one went by unseen. */
  next(): Promise<void>;
  stop(): Promise<void>;
}

/** Until the thread has started, by far. */
const runUpMs = 200;

/**
 * Starts one. A timer of Node's that is set for a millisecond fires one or two later, because its loop knows whole ones only: a load that went by
 * it would tell of waits that nobody has. So another thread sleeps, by the kernel's clock, and says when.
 */
export function startTicker(): Ticker {
  const startsMs = performance.now() + runUpMs;
  const startsNs = process.hrtime.bigint() + BigInt(runUpMs) * 1_000_000n;
  const thread = new Worker(new URL('./ticker-thread.ts', import.meta.url), { workerData: { startsNs } });
  let beat = Promise.withResolvers<undefined>();
  thread.on('message', () => beat.resolve(undefined));
  thread.once('error', (error) => beat.reject(error));
  return {
    startsMs,
    next: async () => {
      await beat.promise;
      beat = Promise.withResolvers();
    },
    stop: async () => {
      await thread.terminate();
    },
  };
}
