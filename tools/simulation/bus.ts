import { batchContentType, decodeMessage, type EventDefinition, type ReceivedEvent } from '@tollwire/contracts';
import { assert } from '@tollwire/core';
import type { PubAck, Publisher } from '@tollwire/event-store';
import type { Chance } from './chance.ts';
import type { Scheduler } from './scheduler.ts';

/** A message as a stream keeps it. */
export interface Message {
  readonly seq: number;
  readonly events: readonly ReceivedEvent[];
}

/** What one reaction of a service has not acknowledged yet. Its instances share it. */
export class Consumer {
  readonly name: string;
  readonly unacknowledged = new Map<number, Message>();
  readonly #types: ReadonlySet<string>;

  constructor(name: string, events: readonly EventDefinition[]) {
    this.name = name;
    this.#types = new Set(events.map(({ type }) => type));
  }

  offer({ seq, events }: Message): void {
    const mine = events.filter(({ type }) => this.#types.has(type));
    if (mine.length > 0) this.unacknowledged.set(seq, { seq, events: mine });
  }
}

/** How often, of a thousand, a stream has forgotten the id of a message that comes again. */
const forgottenPer1000 = 300;

/** A stream as JetStream keeps one: what is in it stays; each consumer is offered every message until it acknowledges. */
export class Stream {
  readonly messages: Message[] = [];
  readonly #consumers: readonly Consumer[];
  readonly #window = new Map<string, number>();
  readonly #scheduler: Scheduler;
  readonly #chance: Chance;

  constructor(scheduler: Scheduler, chance: Chance, consumers: readonly Consumer[]) {
    this.#scheduler = scheduler;
    this.#chance = chance;
    this.#consumers = consumers;
  }

  /** Keeps a message for good. */
  keep(events: readonly ReceivedEvent[]): number {
    const message = { seq: this.messages.length + 1, events };
    this.messages.push(message);
    for (const consumer of this.#consumers) consumer.offer(message);
    return message.seq;
  }

  /** The way in for one process: what it publishes may be lost, and so may the word that it was not. */
  publisherOf(owner: string): Publisher {
    return {
      publish: (subject, payload, messageId) => this.#publish(owner, subject, payload, messageId),
      streamState: async () => ({ created: 'once', firstSeq: 1, lastSeq: this.messages.length }),
      messageIdAt: async (seq) => [...this.#window].find(([, at]) => at === seq)?.[0],
    };
  }

  async #publish(owner: string, subject: string, payload: Uint8Array, messageId: string): Promise<PubAck> {
    if (!(await this.#scheduler.hop(owner, `publishes on ${subject}`))) throw new LostOnTheWay();
    const known = this.#window.get(messageId);
    const isRepeat = known !== undefined && !this.#chance.in1000(forgottenPer1000);
    const seq = isRepeat ? known : this.keep(eventsOf(payload));
    this.#window.set(messageId, seq);
    if (!(await this.#scheduler.hop(owner, `hears of message ${seq}`))) throw new LostOnTheWay();
    return { seq, duplicate: isRepeat };
  }
}

/** No answer came. */
export class LostOnTheWay extends Error {
  override readonly name = 'LostOnTheWay';
}

/** The events of a message as consumers decode them. */
export function eventsOf(payload: Uint8Array): ReceivedEvent[] {
  const events = decodeMessage(batchContentType, () => undefined, payload);
  assert(events.ok, 'what an outbox holds is a batch of events');
  return events.value;
}
