import type { PubAck, Publisher, StreamState } from '../index.ts';

interface Kept {
  readonly seq: number;
  readonly messageId: string;
  readonly payload: Buffer;
}

/**
 * A stream as NATS keeps one, with what can happen to it, for simulations that need thousands of mishaps: a duplicate
 * window that a purge does not empty, sequences that fall back with an older copy of the store.
 */
export class StreamInMemory implements Publisher {
  #life = 1;
  #lastSeq = 0;
  #kept: Kept[] = [];
  #window = new Map<string, number>();
  #connections = 1;
  /** Subjects that no stream takes. */
  readonly refused = new Set<string>();

  async publish(subject: string, payload: Uint8Array, messageId: string): Promise<PubAck> {
    if (this.refused.has(subject)) throw new Error(`No stream takes ${subject}`);
    const known = this.#window.get(messageId);
    if (known !== undefined) return { seq: known, duplicate: true };
    this.#lastSeq += 1;
    this.#window.set(messageId, this.#lastSeq);
    this.#kept.push({ seq: this.#lastSeq, messageId, payload: Buffer.from(payload) });
    return { seq: this.#lastSeq };
  }

  async streamState(): Promise<StreamState> {
    return { created: `life ${this.#life}`, firstSeq: this.#kept[0]?.seq ?? this.#lastSeq + 1, lastSeq: this.#lastSeq };
  }

  async messageIdAt(seq: number): Promise<string | undefined> {
    return this.#kept.find((message) => message.seq === seq)?.messageId;
  }

  connectionCount(): number {
    return this.#connections;
  }

  payloads(): Buffer[] {
    return this.#kept.map(({ payload }) => payload);
  }

  /** A message of somebody else. */
  takeForeign(): void {
    this.#lastSeq += 1;
    this.#kept.push({ seq: this.#lastSeq, messageId: '', payload: Buffer.alloc(0) });
  }

  /** The server comes back with a copy of its store that lacks the newest messages. */
  rollBack(messages: number): void {
    this.#kept = this.#kept.slice(0, Math.max(0, this.#kept.length - messages));
    this.#lastSeq = this.#kept.at(-1)?.seq ?? 0;
    this.#window = new Map(this.#kept.map(({ messageId, seq }) => [messageId, seq]));
    this.#connections += 1;
  }

  purge(): void {
    this.#kept = [];
  }

  /** Deleted and made anew. */
  wipe(): void {
    this.#life += 1;
    this.#lastSeq = 0;
    this.#kept = [];
    this.#window = new Map();
  }
}
