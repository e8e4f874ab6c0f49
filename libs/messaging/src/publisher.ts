import { headers, type MsgHdrs } from '@nats-io/transport-node';
import { batchContentType } from '@tollwire/contracts';
import type { Bus } from './bus.ts';
import { ensureTopology, type StreamSpec } from './topology.ts';

/** How the stream stands. `created` tells one life of the stream from another. */
export interface StreamStanding {
  readonly created: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
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
   * the Nats-Msg-Id, by which the stream drops a repeat within two minutes and says `duplicate`.
   */
  async publish(
    subject: string,
    payload: Uint8Array,
    messageId: string,
    _eventCount: number,
  ): Promise<{ seq: number; duplicate: boolean }> {
    const ack = await this.#bus.jetstream.publish(subject, payload, {
      msgID: messageId,
      headers: batchHeaders(),
      timeout: this.#ackTimeoutMs,
      expect: { streamName: this.#stream.name },
    });
    return { seq: ack.seq, duplicate: ack.duplicate };
  }

  /** How the stream stands; a stream that vanished is made again first, so that the relay can fill it. */
  async streamState(): Promise<StreamStanding> {
    await ensureTopology(this.#bus, [this.#stream]);
    const { created, state } = await this.#bus.manager.streams.info(this.#stream.name);
    return { created, firstSeq: state.first_seq, lastSeq: state.last_seq };
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
