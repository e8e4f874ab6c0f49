import type { PubAck } from '@nats-io/jetstream';
import { headers, millis, type MsgHdrs } from '@nats-io/transport-node';
import { batchContentType } from '@tollwire/contracts';
import type { Bus } from './bus.ts';
import { inPublishSpan } from './publish-span.ts';
import { ensureTopology, type StreamSpec } from './topology.ts';

/** How the stream stands. `created` tells one life of it from another; an empty stream has its first above its last. */
export interface StreamStanding {
  readonly created: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  /** How long the stream keeps a message; absent when for ever. */
  readonly ageMsMax?: number;
  /** Whether it lets go of its oldest messages by their number or size, too. */
  readonly isSizeLimited: boolean;
}

/** Says that the connection to NATS is broken; it comes back by itself. */
export class ConnectionBroken extends Error {
  override readonly name = 'ConnectionBroken';

  constructor() {
    super('The connection to NATS is broken');
  }
}

/** The publisher of one service's stream, in the shape that the outbox relay wants. Everything rejects while NATS is away. */
export class JetStreamPublisher {
  readonly #bus: Bus;
  readonly #stream: StreamSpec;
  readonly #ackTimeoutMs: number;

  /** `ackTimeoutMs`: how long a publish waits for the stream's word; 5,000 where nothing is said. */
  constructor(bus: Bus, stream: StreamSpec, ackTimeoutMs = 5000) {
    this.#bus = bus;
    this.#stream = stream;
    this.#ackTimeoutMs = ackTimeoutMs;
  }

  /**
   * Publishes a batch (concatenated `encodeEvent`s) and resolves when it is durable in the stream. `messageId` becomes
   * the Nats-Msg-Id, by which the stream drops a repeat within two minutes and says `duplicate`. Rejects at once where
   * the connection is broken or breaks meanwhile: what is sent into a break is not answered, and waiting for it only
   * delays the next try.
   */
  async publish(
    subject: string,
    payload: Uint8Array,
    messageId: string,
    eventCount: number,
  ): Promise<{ seq: number; duplicate: boolean }> {
    if (!this.#bus.isConnected()) throw new ConnectionBroken();
    const about = { stream: this.#stream.name, subject, eventCount };
    const { seq, duplicate } = await inPublishSpan(about, payload, () => this.#unlessBroken(this.#sent(subject, payload, messageId)));
    return { seq, duplicate };
  }

  #sent(subject: string, payload: Uint8Array, messageId: string): Promise<PubAck> {
    return this.#bus.jetstream.publish(subject, payload, {
      msgID: messageId,
      headers: batchHeaders(),
      timeout: this.#ackTimeoutMs,
      expect: { streamName: this.#stream.name },
    });
  }

  #unlessBroken<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const forget = this.#bus.onDisconnect(() => reject(new ConnectionBroken()));
      work.then(resolve, reject).finally(forget);
    });
  }

  /** How the stream stands; a stream that vanished is made again first, so that the relay can fill it. */
  async streamState(): Promise<StreamStanding> {
    await ensureTopology(this.#bus, [this.#stream]);
    const { created, state, config } = await this.#bus.manager.streams.info(this.#stream.name);
    // A stream that never had a message says 0 and 0; one that was emptied says one above the last.
    const isSizeLimited = config.max_msgs > 0 || config.max_bytes > 0 || config.max_msgs_per_subject > 0;
    const standing = { created, firstSeq: Math.max(state.first_seq, 1), lastSeq: state.last_seq, isSizeLimited };
    return config.max_age > 0 ? { ...standing, ageMsMax: millis(config.max_age) } : standing;
  }

  /** The Nats-Msg-Id of the message at `seq` ('' where it has none), or undefined where there is no such message. */
  async messageIdAt(seq: number): Promise<string | undefined> {
    const message = await this.#bus.manager.streams.getMessage(this.#stream.name, { seq });
    return message?.header.get('Nats-Msg-Id');
  }

  connectionCount(): number {
    return this.#bus.connectionCount();
  }
}

function batchHeaders(): MsgHdrs {
  const made = headers();
  made.set('content-type', batchContentType);
  return made;
}
