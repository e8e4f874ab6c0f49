import { setTimeout as delay } from 'node:timers/promises';
import type { DedicatedConnection } from '../sql/connection.ts';
import { Bell } from './bell.ts';
import { openRelaySession, takeLead } from './leader.ts';
import { BACKOFF_MS_MAX, BACKOFF_MS_MIN, type OutboxRelayOptions } from './relay-options.ts';
import { RelayPace } from './relay-pace.ts';
import { RelayTerm } from './relay-term.ts';

/**
 * Publishes what the outbox holds: the only part of a service that publishes. Any number may run; one leads, by a
 * session lock, and the others stand by. A row is published at least once, and in rare cases (a crash between the
 * stream's word and the mark, two leaders for a moment) again: receipts make that harmless. Order is not promised.
 */
export class OutboxRelay {
  readonly #options: OutboxRelayOptions;
  readonly #bell = new Bell();
  readonly #stopping = new AbortController();
  readonly #pace: RelayPace;
  #running: Promise<void> | undefined;
  #leading = false;
  #lastError: unknown;

  constructor(options: OutboxRelayOptions) {
    this.#options = options;
    this.#pace = new RelayPace(options.paceMs ?? { min: 5, max: 50 });
  }

  /** Whether this relay is the one that publishes. */
  get leading(): boolean {
    return this.#leading;
  }

  /** Why the last round failed; undefined once a round has succeeded. */
  get lastError(): unknown {
    return this.#lastError;
  }

  /** Begins; a second call changes nothing. */
  start(): void {
    this.#running ??= this.#run();
  }

  /** Says that a transaction with outbox rows has committed: an idle relay publishes at once. Costs next to nothing. */
  wake(): void {
    this.#bell.ring();
  }

  /** Ends after the round that is under way, and lets another relay lead. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#bell.ring();
    await this.#running;
  }

  async #run(): Promise<void> {
    let backoffMs = BACKOFF_MS_MIN;
    while (!this.#stopping.signal.aborted) {
      try {
        const connection = await openRelaySession(this.#options.database);
        backoffMs = BACKOFF_MS_MIN;
        await this.#serve(connection).finally(() => connection.close());
      } catch (error) {
        this.#report(error);
        await this.#pause(backoffMs);
        backoffMs = Math.min(backoffMs * 2, this.#options.backoffMsMax ?? BACKOFF_MS_MAX);
      }
    }
  }

  /** Stands by until the lock is free, then leads as long as the connection that holds it lives. */
  async #serve(connection: DedicatedConnection): Promise<void> {
    const term = new RelayTerm(this.#options, connection);
    try {
      while (connection.alive && !this.#stopping.signal.aborted) {
        this.#leading ||= await takeLead(connection);
        if (this.#leading) await this.#round(term);
        else await this.#pause(this.#options.standbyMs ?? 1000);
      }
    } finally {
      this.#leading = false;
    }
  }

  /** One round and the pause after it. A round that could publish nothing waits out its pause, whoever rings. */
  async #round(term: RelayTerm): Promise<void> {
    const startedMs = performance.now();
    const outcome = await term.round();
    if (outcome.error === undefined) this.#lastError = undefined;
    else this.#report(outcome.error);
    if (outcome.blockedMs > 0) await this.#pause(outcome.blockedMs);
    if (outcome.blockedMs > 0 || outcome.again) return;
    await this.#bell.wait(this.#options.pollMs ?? 100);
    const restMs = this.#pace.restMs(performance.now() - startedMs);
    if (restMs > 0) await this.#pause(restMs);
  }

  #report(error: unknown): void {
    this.#lastError = error;
    this.#options.onError?.(error);
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#stopping.signal }).catch((reason: unknown) => {
      if (!this.#stopping.signal.aborted) throw reason;
    });
  }
}
