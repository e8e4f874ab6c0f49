import type { DedicatedConnection } from '../sql/connection.ts';
import { markPublished, readPending } from './pending.ts';
import { type PageOutcome, publishPage } from './publish-page.ts';
import { BACKOFF_MS_MAX, BACKOFF_MS_MIN, type OutboxRelayOptions } from './relay-options.ts';
import { verifyStream } from './verify.ts';

/** What a round says to the one who paces it. */
export interface RoundOutcome {
  /** The first thing that went wrong, if anything did. */
  readonly error?: unknown;
  /** How long to stay away because nothing at all got through; 0 to go on as usual. */
  readonly blockedMs: number;
  /** There is more to do at once. */
  readonly again: boolean;
}

/** What is known of the stream since it was last compared. */
interface Knowledge {
  readonly created: string;
  readonly connectionCount: number;
  readonly verifiedAtMs: number;
  seqMax: number;
}

/** The rounds of one relay from the moment that it leads until it does not. */
export class RelayTerm {
  readonly #options: OutboxRelayOptions;
  readonly #connection: DedicatedConnection;
  #known: Knowledge | undefined;
  /** Rows up to here failed and are left out until `#retryAtMs`, so that a subject without a stream stops no other. */
  #skipUpTo = 0n;
  #retryAtMs = 0;
  #retryMs = BACKOFF_MS_MIN;

  constructor(options: OutboxRelayOptions, connection: DedicatedConnection) {
    this.#options = options;
    this.#connection = connection;
  }

  /** Looks at the stream when that is due, then publishes all that is pending. Rejects when the database fails. */
  async round(): Promise<RoundOutcome> {
    try {
      const known = await this.#knowledge();
      return await this.#sweep(known);
    } catch (error) {
      if (!this.#connection.alive) throw error;
      return { error, blockedMs: this.#backOff(), again: false };
    }
  }

  async #knowledge(): Promise<Knowledge> {
    const nowMs = performance.now();
    const connectionCount = this.#connectionCount();
    const known = this.#known;
    const isDue = known === undefined || nowMs - known.verifiedAtMs >= (this.#options.verifyMs ?? 30_000);
    if (!isDue && known.connectionCount === connectionCount) return known;
    const { created, seqMax, redriven } = await verifyStream(this.#connection, this.#options.publisher);
    if (redriven > 0) this.#options.onRedrive?.(redriven);
    this.#known = { created, seqMax, connectionCount, verifiedAtMs: nowMs };
    return this.#known;
  }

  async #sweep(known: Knowledge): Promise<RoundOutcome> {
    if (performance.now() >= this.#retryAtMs) this.#skipUpTo = 0n;
    const isWhole = this.#skipUpTo === 0n;
    let after = this.#skipUpTo;
    for (;;) {
      const { rows, more } = await readPending(this.#connection, after);
      const page = await publishPage(this.#options.publisher, this.#options.service, rows, known.seqMax);
      if (page.fellBack || this.#connectionCount() !== known.connectionCount) {
        // The stream may have lost messages meanwhile. Nothing is marked: look first, then publish these again.
        this.#known = undefined;
        return { blockedMs: 0, again: true };
      }
      await this.#mark(known, page.published);
      if (page.failedUpTo !== undefined) return this.#failed(page, page.failedUpTo);
      after = rows.at(-1)?.position ?? after;
      if (!more) break;
    }
    if (isWhole) this.#retryMs = BACKOFF_MS_MIN;
    return { blockedMs: 0, again: false };
  }

  /**
   * The next round goes on behind the rows that failed; they have their turn again after a pause. Where not one message
   * got through, the stream is likely away, and all wait.
   */
  #failed({ errors, published }: PageOutcome, failedUpTo: bigint): RoundOutcome {
    this.#skipUpTo = failedUpTo;
    const retryMs = this.#backOff();
    const blocked = published.length === 0;
    if (blocked) this.#retryAtMs += retryMs;
    return { error: errors[0], blockedMs: blocked ? retryMs : 0, again: !blocked };
  }

  async #mark(known: Knowledge, published: Parameters<typeof markPublished>[2]): Promise<void> {
    if (published.length === 0) return;
    await markPublished(this.#connection, known.created, published);
    known.seqMax = published.reduce((seqMax, { seq }) => Math.max(seqMax, seq), known.seqMax);
    this.#options.onPublished?.({
      messages: published.length,
      events: published.reduce((sum, { message }) => sum + message.eventCount, 0),
    });
  }

  #backOff(): number {
    const retryMs = this.#retryMs;
    this.#retryAtMs = performance.now() + retryMs;
    this.#retryMs = Math.min(retryMs * 2, this.#options.backoffMsMax ?? BACKOFF_MS_MAX);
    return retryMs;
  }

  #connectionCount(): number {
    return this.#options.publisher.connectionCount?.() ?? 0;
  }
}
