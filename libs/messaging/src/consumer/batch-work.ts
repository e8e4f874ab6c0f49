import type { CodedRefusal, ReceivedEvent } from '@tollwire/contracts';
import { backoffMs } from './backoff.ts';
import { inBatchSpan } from './batch-span.ts';
import { eventsOf } from './decode-delivery.ts';
import type { Delivery } from './delivery.ts';
import type { BatchConsumerOptions, Parked } from './options.ts';
import type { Counters } from './progress.ts';
import type { PullSource } from './pull-source.ts';
import { type Reason, settle } from './settle.ts';

/** A message under way. It is acknowledged when nothing of it is open any more. */
interface Held {
  readonly delivery: Delivery;
  /** Events that are neither handled nor parked yet; 1 for a message that could not be read and is to be parked. */
  open: number;
  readonly unreadable?: CodedRefusal;
}

interface HeldEvent {
  readonly event: ReceivedEvent;
  readonly held: Held;
}

/** Gathers one batch after the other from a source and settles it; knows nothing of connections. */
export class BatchWork {
  readonly #options: BatchConsumerOptions;
  readonly #source: PullSource;
  readonly #counters: Counters;
  readonly #eventsMax: number;
  #held: readonly Held[] = [];
  failuresInRow = 0;

  constructor(options: BatchConsumerOptions, source: PullSource, counters: Counters) {
    this.#options = options;
    this.#source = source;
    this.#counters = counters;
    this.#eventsMax = options.eventsMax ?? 1000;
  }

  /** The messages of the batch under way. */
  get deliveries(): readonly Delivery[] {
    return this.#held.map(({ delivery }) => delivery);
  }

  /** Settles what is buffered, up to the limit of events. Answers the messages that are done and those to be given back. */
  async once(): Promise<{ done: Delivery[]; again: Delivery[]; againInMs: number }> {
    if (this.#options.standsBy?.() === true) return this.#passOver();
    const startedMs = performance.now();
    const events = this.#gather();
    try {
      await this.#parkUnreadable();
      for (let from = 0; from < events.length; from += this.#eventsMax) {
        await this.#settleSlice(events.slice(from, from + this.#eventsMax));
      }
      this.failuresInRow = 0;
    } catch (error) {
      this.#failed(error);
    }
    const settled = this.#held;
    this.#held = [];
    if (settled.length > 0) this.#account(events.length, performance.now() - startedMs);
    return {
      done: settled.filter(({ open }) => open === 0).map(({ delivery }) => delivery),
      again: settled.filter(({ open }) => open > 0).map(({ delivery }) => delivery),
      againInMs: this.failuresInRow === 0 ? 0 : backoffMs(this.failuresInRow),
    };
  }

  /** Lets go of what is buffered, unread. */
  #passOver(): { done: Delivery[]; again: Delivery[]; againInMs: number } {
    const done: Delivery[] = [];
    for (let delivery = this.#source.take(); delivery !== undefined; delivery = this.#source.take()) done.push(delivery);
    this.#counters.batches += 1;
    this.#counters.passedOverMessages += done.length;
    return { done, again: [], againInMs: 0 };
  }

  /** Takes message by message until there are events enough: a message is never taken apart, so it may be some more. */
  #gather(): HeldEvent[] {
    const events: HeldEvent[] = [];
    const held: Held[] = [];
    this.#held = held;
    while (events.length < this.#eventsMax) {
      const delivery = this.#source.take();
      if (delivery === undefined) break;
      if (delivery.deliveryCount > 1) this.#counters.redeliveredMessages += 1;
      const decoded = eventsOf(delivery);
      const message: Held = decoded.ok
        ? { delivery, open: decoded.value.length }
        : { delivery, open: 1, unreadable: decoded.refusal };
      held.push(message);
      if (decoded.ok) for (const event of decoded.value) events.push({ event, held: message });
    }
    return events;
  }

  async #parkUnreadable(): Promise<void> {
    for (const held of this.#held) {
      if (held.unreadable === undefined) continue;
      const { code, detail = '', field } = held.unreadable;
      const at = field === undefined ? detail : `${field}: ${detail}`;
      await this.#options.park(this.#parkedMessage(held.delivery, { reason: code, detail: at }));
      held.open = 0;
      this.#counters.parkedMessages += 1;
      this.#noticeParked({ reason: code, detail: at });
    }
  }

  async #settleSlice(slice: readonly HeldEvent[]): Promise<void> {
    const { stream, durable, handle, park, isTransient } = this.#options;
    let parkedCount = 0;
    const settling = {
      handle: (items: readonly HeldEvent[]) => handle(items.map(({ event }) => event)),
      park: async ({ event, held }: HeldEvent, reason: Reason) => {
        await park({ kind: 'event', consumer: durable, subject: held.delivery.message.subject, event, ...reason });
        parkedCount += 1;
        this.#noticeParked(reason);
      },
      isTransient,
      onSettled: ({ held }: HeldEvent) => {
        held.open -= 1;
        this.#counters.handledEvents += 1;
      },
    };
    try {
      const events = slice.map(({ event }) => event);
      await inBatchSpan({ stream: stream.name, durable }, events, () => settle(slice, settling));
    } finally {
      this.#counters.parkedEvents += parkedCount;
      this.#counters.handledEvents -= parkedCount;
    }
  }

  #parkedMessage(delivery: Delivery, reason: Reason): Parked {
    const { subject, data, headers } = delivery.message;
    const pairs = headers === undefined ? [] : headers.keys().map((name) => [name, headers.get(name)] as const);
    return {
      kind: 'message',
      consumer: this.#options.durable,
      subject,
      ...reason,
      contentType: delivery.header('content-type') ?? '',
      headers: Object.fromEntries(pairs),
      bytes: data,
      streamSeq: delivery.streamSeq,
    };
  }

  #noticeParked(reason: Reason): void {
    this.#options.onNotice?.({ kind: 'parked', consumer: this.#options.durable, ...reason });
  }

  #failed(error: unknown): void {
    this.failuresInRow += 1;
    this.#counters.transientFailures += 1;
    this.#options.onNotice?.({
      kind: 'transient_failure',
      consumer: this.#options.durable,
      error,
      failuresInRow: this.failuresInRow,
    });
  }

  #account(eventCount: number, durationMs: number): void {
    this.#counters.batches += 1;
    this.#counters.lastBatchEvents = eventCount;
    this.#options.onBatch?.({ events: eventCount, durationMs });
  }
}
