import { ensureConsumer } from '../topology.ts';
import { backoffMs, Pause } from './backoff.ts';
import { BatchWork } from './batch-work.ts';
import type { Delivery } from './delivery.ts';
import type { BatchConsumerOptions } from './options.ts';
import { type ConsumerProgress, newCounters } from './progress.ts';
import { PullSource } from './pull-source.ts';

const ackWaitMsDefault = 30_000;

/**
 * Takes the events of a stream in batches: whatever has arrived, up to a limit; a single event at once. One batch at a
 * time, acknowledged after it was handled. What can never be handled is parked with its reason; what cannot be handled
 * now is given back and tried again. Every event is handed over at least once, in no promised order.
 */
export class BatchConsumer {
  readonly #options: BatchConsumerOptions;
  readonly #ackWaitMs: number;
  readonly #source: PullSource;
  readonly #work: BatchWork;
  readonly #counters = newCounters();
  readonly #pause = new Pause();
  readonly #recoveryPause = new Pause();
  /** Messages to be given back as soon as there is a connection. */
  #owed: Delivery[] = [];
  #silentTicks = 0;
  #batchesAtTick = 0;
  #stopping = false;
  #recovering: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | undefined;
  #stopListening: () => void = () => undefined;

  constructor(options: BatchConsumerOptions) {
    this.#options = options;
    this.#ackWaitMs = options.ackWaitMs ?? ackWaitMsDefault;
    this.#source = new PullSource({
      connection: options.bus.connection,
      inboxPrefix: options.bus.inboxPrefix,
      stream: options.stream.name,
      durable: options.durable,
      messagesMax: options.bufferedMessagesMax ?? 500,
      bytesMax: options.bufferedBytesMax ?? 8 * 1024 * 1024,
      onLost: (reason) => this.#recover(reason),
    });
    this.#work = new BatchWork(options, this.#source, this.#counters);
  }

  get name(): string {
    return this.#options.durable;
  }

  /** The stream that it takes from. */
  get stream(): string {
    return this.#options.stream.name;
  }

  get progress(): ConsumerProgress {
    const here = this.#source.bufferedCount + this.#work.deliveries.length;
    const { pendingCount } = this.#source;
    return { ...this.#counters, lag: pendingCount === undefined ? undefined : pendingCount + here };
  }

  /** Makes the stream and the consumer where they are missing, and begins. Rejects where NATS does not answer. */
  async start(): Promise<void> {
    await this.#ensure();
    this.#source.restart();
    this.#stopListening = this.#options.bus.onReconnect(() => this.#recover('the connection was made anew'));
    this.#timer = setInterval(() => this.#tick(), Math.min(this.#ackWaitMs / 3, 5000));
    this.#running = this.#run();
  }

  /** Finishes the batch under way, acknowledges it, gives back what was pulled ahead, and resolves. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#stopListening();
    this.#source.wake();
    this.#pause.end();
    this.#recoveryPause.end();
    this.#giveBack(await this.#drained(), 0);
    await this.#running;
    await this.#recovering;
    clearInterval(this.#timer);
    if (this.#canTell()) await this.#options.bus.connection.flush();
  }

  async #drained(): Promise<Delivery[]> {
    try {
      return await this.#source.drain();
    } catch (error) {
      // The connection went away meanwhile: the server gives its messages to others after the wait for their ack.
      this.#options.onNotice?.({ kind: 'lost', consumer: this.name, reason: String(error) });
      return [];
    }
  }

  async #run(): Promise<void> {
    while (!this.#stopping) {
      await this.#source.available();
      const { done, again, againInMs } = await this.#work.once();
      this.#acknowledge(done);
      this.#giveBack(again, againInMs);
      await this.#pause.forMs(againInMs);
    }
  }

  /** A message of an older generation is given back even though it was handled: its receipt absorbs the repeat. */
  #acknowledge(done: readonly Delivery[]): void {
    const { generation } = this.#source;
    if (this.#canTell()) for (const delivery of done) if (delivery.generation === generation) delivery.ack();
    this.#giveBack(this.#canTell() ? done.filter((delivery) => delivery.generation !== generation) : done, 0);
  }

  #giveBack(deliveries: readonly Delivery[], delayMs: number): void {
    if (this.#canTell()) for (const delivery of deliveries) delivery.nak(delayMs);
    else if (!this.#stopping) this.#owed.push(...deliveries);
  }

  /** What is said while there is no connection would be sent after it came back, to a server that may be another. */
  #canTell(): boolean {
    return this.#options.bus.isConnected() && !this.#options.bus.connection.isDraining();
  }

  async #ensure(): Promise<void> {
    const { bus, stream, durable, filters, since, ackPendingMax = 5000 } = this.#options;
    const spec = { stream, durable, filters, since, ackWaitMs: this.#ackWaitMs, ackPendingMax };
    this.#source.pendingCount = (await ensureConsumer(bus, spec)).num_pending;
  }

  #recover(reason: string): void {
    if (this.#stopping || this.#recovering !== undefined) return;
    this.#options.onNotice?.({ kind: 'lost', consumer: this.name, reason });
    this.#recovering = this.#recoverNow().finally(() => {
      this.#recovering = undefined;
    });
  }

  async #recoverNow(): Promise<void> {
    this.#owed.push(...this.#source.abandon());
    for (let attempt = 1; !this.#stopping; attempt += 1) {
      try {
        await this.#ensure();
        break;
      } catch (error) {
        this.#options.onNotice?.({ kind: 'lost', consumer: this.name, reason: String(error) });
        await this.#recoveryPause.forMs(backoffMs(attempt));
      }
    }
    if (this.#stopping) return;
    const owed = this.#owed;
    this.#owed = [];
    this.#giveBack(owed, 0);
    this.#source.restart();
    this.#counters.recoveries += 1;
    this.#options.onNotice?.({ kind: 'recovered', consumer: this.name });
  }

  #tick(): void {
    if (!this.#canTell() || this.#recovering !== undefined) return;
    const { generation } = this.#source;
    for (const delivery of this.#work.deliveries) if (delivery.generation === generation) delivery.working();
    for (const delivery of this.#source.buffered()) delivery.working();
    // Two ticks, because the first may run before the heartbeats that came while the program was busy are read.
    this.#silentTicks = this.#source.isSilent() ? this.#silentTicks + 1 : 0;
    if (this.#silentTicks >= 2) this.#recover('the server kept silent');
    if (this.#batchesAtTick === this.#counters.batches && (this.#source.pendingCount ?? 0) > 0) void this.#askPending();
    this.#batchesAtTick = this.#counters.batches;
  }

  /** Another instance may have taken what the server last told this one about. */
  async #askPending(): Promise<void> {
    const { bus, stream, durable } = this.#options;
    try {
      this.#source.pendingCount = (await bus.manager.consumers.info(stream.name, durable)).num_pending;
    } catch (error) {
      this.#recover(String(error));
    }
  }
}
