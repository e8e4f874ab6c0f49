import { createInbox, type Msg, nanos, type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { Delivery } from './delivery.ts';

export interface PullSourceOptions {
  readonly connection: NatsConnection;
  readonly inboxPrefix: string;
  readonly stream: string;
  readonly durable: string;
  /** The buffer is asked full again when it is half empty; it never holds more than twice these. */
  readonly messagesMax: number;
  readonly bytesMax: number;
  /** Told when the consumer cannot be pulled from any more; the source then waits for `restart`. */
  readonly onLost: (reason: string) => void;
}

const expiresMs = 30_000;
const heartbeatMs = 5_000;

/** The statuses after which the same consumer can simply be asked again. */
const endsRequest = /^(Request Timeout|Batch Completed|Message Size Exceeds MaxBytes|No Messages)/i;

/**
 * Messages of a durable consumer, pulled ahead into a bounded buffer. One request is open at a time, so that the server
 * hands over a message the moment that it has one, and what is on its way is bounded by what was asked for.
 *
 * What was pulled before the source was abandoned is of an older generation. Such a message must not be acknowledged: a stream that was wiped or
 * rolled back gives its sequences out again, and the ack would then strike another message.
 */
export class PullSource {
  readonly #options: PullSourceOptions;
  readonly #bytesMax: number;
  #buffer: Delivery[] = [];
  #head = 0;
  #bufferedBytes = 0;
  #subscription: Subscription | undefined;
  #inbox = '';
  #requestCount = 0;
  #open: { readonly subject: string; messagesLeft: number } | undefined;
  #heardAtMs = 0;
  #wakeWaiting: () => void = () => undefined;
  generation = 0;
  /** Messages that wait on the server, as far as it has told. */
  pendingCount: number | undefined;

  constructor(options: PullSourceOptions) {
    this.#options = options;
    // A message larger than what is asked for would never come.
    this.#bytesMax = Math.max(options.bytesMax, 2 * (options.connection.info?.max_payload ?? 0));
  }

  get bufferedCount(): number {
    return this.#buffer.length - this.#head;
  }

  /** Asks anew, in a new generation. */
  restart(): void {
    const { connection, inboxPrefix } = this.#options;
    this.generation += 1;
    this.#inbox = createInbox(inboxPrefix);
    this.#subscription = connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
        else this.#lose(error.message);
      },
    });
    this.#heardAtMs = performance.now();
    this.#refill();
  }

  /** Takes no more messages and ends the generation. Answers what was buffered, to be given back. */
  abandon(): Delivery[] {
    this.generation += 1;
    if (this.#subscription?.isClosed() === false && !this.#options.connection.isClosed()) this.#subscription.unsubscribe();
    return this.#clear();
  }

  /**
   * Takes no more messages, waits for those that the server has sent already, and answers all that was buffered, to be
   * given back. What was taken before may still be acknowledged.
   */
  async drain(): Promise<Delivery[]> {
    const subscription = this.#subscription;
    this.#subscription = undefined;
    if (subscription?.isClosed() === false && !this.#options.connection.isClosed()) await subscription.drain();
    return this.#clear();
  }

  #clear(): Delivery[] {
    this.#subscription = undefined;
    this.#open = undefined;
    const dropped = this.#buffer.slice(this.#head);
    this.#buffer = [];
    this.#head = 0;
    this.#bufferedBytes = 0;
    return dropped;
  }

  /** The next message that is there already, or undefined. */
  take(): Delivery | undefined {
    const delivery = this.#buffer[this.#head];
    if (delivery === undefined) return undefined;
    this.#head += 1;
    this.#bufferedBytes -= delivery.message.data.length;
    if (this.#head === this.#buffer.length || this.#head > this.#options.messagesMax) {
      this.#buffer = this.#buffer.slice(this.#head);
      this.#head = 0;
    }
    this.#refill();
    return delivery;
  }

  /** Those that are buffered, to keep them from being delivered again while they wait. */
  buffered(): readonly Delivery[] {
    return this.#buffer.slice(this.#head);
  }

  /** Resolves when there is a message, or `wake` was called. */
  async available(): Promise<void> {
    if (this.bufferedCount > 0) return;
    await new Promise<void>((resolve) => {
      this.#wakeWaiting = resolve;
    });
  }

  wake(): void {
    this.#wakeWaiting();
  }

  /** Whether the server has kept silent for longer than two heartbeats while a request is open. */
  isSilent(): boolean {
    return this.#open !== undefined && performance.now() - this.#heardAtMs > 2 * heartbeatMs + 1000;
  }

  #receive(message: Msg): void {
    this.#heardAtMs = performance.now();
    if (message.subject.startsWith(this.#inbox)) {
      this.#receiveStatus(message);
      return;
    }
    const delivery = new Delivery(message, this.generation);
    this.pendingCount = delivery.pendingCount;
    this.#buffer.push(delivery);
    this.#bufferedBytes += message.data.length;
    if (this.#open !== undefined) {
      this.#open.messagesLeft -= 1;
      if (this.#open.messagesLeft <= 0) this.#open = undefined;
    }
    this.#refill();
    this.wake();
  }

  #receiveStatus(message: Msg): void {
    const code = message.headers?.code ?? 0;
    const description = message.headers?.description ?? '';
    if (code === 100 || message.subject !== this.#open?.subject) return;
    this.#open = undefined;
    if (endsRequest.test(description)) this.#refill();
    else this.#lose(code === 503 ? 'nobody answers for the consumer' : `${code} ${description}`);
  }

  #lose(reason: string): void {
    if (this.#subscription !== undefined) this.#options.onLost(reason);
  }

  #refill(): void {
    const { connection, stream, durable, messagesMax } = this.#options;
    if (this.#open !== undefined || this.#subscription === undefined || connection.isClosed()) return;
    if (this.bufferedCount > messagesMax / 2 || this.#bufferedBytes > this.#bytesMax / 2) return;
    this.#requestCount += 1;
    const subject = `${this.#inbox}.${this.#requestCount}`;
    const batch = messagesMax - this.bufferedCount;
    this.#open = { subject, messagesLeft: batch };
    const request = {
      batch,
      max_bytes: this.#bytesMax - this.#bufferedBytes,
      expires: nanos(expiresMs),
      idle_heartbeat: nanos(heartbeatMs),
    };
    connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, JSON.stringify(request), { reply: subject });
  }
}
