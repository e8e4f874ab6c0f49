import type { Sweep } from './flow.ts';
import type { Logger } from './logger.ts';

/** Runs the sweeps of a service, each one run at a time. */
export class Sweeper {
  readonly #sweeps: readonly Sweep[];
  readonly #logger: Logger;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #running = new Set<Promise<void>>();
  #stopped = false;

  constructor(sweeps: readonly Sweep[], logger: Logger) {
    this.#sweeps = sweeps;
    this.#logger = logger;
  }

  start(): void {
    for (const sweep of this.#sweeps) this.#schedule(sweep);
  }

  /** Starts no more runs and waits for those under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers.values()) clearTimeout(timer);
    await Promise.all(this.#running);
  }

  #schedule(sweep: Sweep): void {
    if (this.#stopped) return;
    this.#timers.set(sweep.name, setTimeout(() => this.#run(sweep), sweep.everyMs));
  }

  #run(sweep: Sweep): void {
    const running = sweep
      .run()
      .catch((error: unknown) => this.#logger.warn({ err: error, sweep: sweep.name }, 'A sweep failed and is tried again'))
      .finally(() => {
        this.#running.delete(running);
        this.#schedule(sweep);
      });
    this.#running.add(running);
  }
}
