import { headers } from '@nats-io/transport-node';
import { randomUUID } from 'node:crypto';
import { testBus } from '@tollwire/testing';
import {
  CallAnsweredSchema,
  dataOf,
  encodeEvent,
  type PublicEvent,
  publicEventOf,
  publicEvents,
  type ReceivedEvent,
  subjectOf,
} from '@tollwire/contracts';
import { type Bus, connectBus } from '../bus.ts';
import { JetStreamPublisher } from '../publisher.ts';
import { streamSpecOf, subscriptionsOf } from '../topology.ts';
import { BatchConsumer } from './batch-consumer.ts';
import type { BatchConsumerOptions, ConsumerNotice, Parked } from './options.ts';

/** An event of the call numbered `n`. */
export function answered(n: number): PublicEvent {
  const data = { call: { switchId: 'fs1', callId: `call-${n}`, leg: 1 } };
  return publicEventOf(publicEvents.CallAnswered, { source: 'switch/fs1', timeUs: n, parts: [String(n)], data });
}

/** Events of the calls numbered `from` to `until`, without the latter. */
export function answeredFrom(from: number, until: number): PublicEvent[] {
  return Array.from({ length: until - from }, (_, at) => answered(from + at));
}

/** An event that does not belong on the subject of answered calls. */
export function strayEvent(): PublicEvent {
  const data = { cardId: '0012345678' };
  return publicEventOf(publicEvents.CardDeactivated, { source: 'switch/fs1', timeUs: 1, parts: ['x'], data });
}

/** The number of the call that an event is about. */
export function numberOf(event: ReceivedEvent): number {
  return Number(dataOf(CallAnsweredSchema, event).call?.callId.replace('call-', ''));
}

/** A consumer under test with what it did. */
export interface Probe {
  readonly consumer: BatchConsumer;
  /** Call numbers in the order in which they were handled for good, batch by batch. */
  readonly batches: number[][];
  readonly parked: Parked[];
  readonly notices: ConsumerNotice[];
}

export type ProbeOptions = Partial<Pick<BatchConsumerOptions, 'ackWaitMs' | 'eventsMax' | 'bufferedMessagesMax' | 'park' | 'standsBy'>> & {
  /** Runs before the batch counts as handled; what it throws is the handler's failure. */
  readonly before?: (numbers: readonly number[]) => unknown;
  readonly bus?: Bus;
};

/** Said of errors that pass by themselves. */
export class Passing extends Error {}

/** A part of the bus for one suite: publishes what a test asks for, and makes consumers that remember. */
export class BusFixture {
  readonly root: string;
  readonly bus: Bus;
  readonly #drop: () => Promise<void>;
  #probes: BatchConsumer[] = [];
  #buses: Bus[] = [];

  constructor(root: string, bus: Bus, drop: () => Promise<void>) {
    this.root = root;
    this.bus = bus;
    this.#drop = drop;
  }

  get stream() {
    return streamSpecOf(this.root, 'edge');
  }

  get subject(): string {
    return subjectOf(this.root, publicEvents.CallAnswered, 0);
  }

  /** Another connection, as another process would have it. */
  async anotherBus(): Promise<Bus> {
    const bus = await connectBus({ url: testBus().url, name: 'another' });
    this.#buses.push(bus);
    return bus;
  }

  /** Publishes one packed message, as the relay does. */
  async publish(events: readonly PublicEvent[], messageId: string = randomUUID()): Promise<void> {
    const publisher = new JetStreamPublisher(this.bus, this.stream);
    await publisher.publish(this.subject, Buffer.concat(events.map(encodeEvent)), messageId, events.length);
  }

  /** Publishes what an adapter might. */
  async publishBytes(bytes: Uint8Array, headerFields: Readonly<Record<string, string>>): Promise<void> {
    const made = headers();
    for (const [name, value] of Object.entries(headerFields)) made.set(name, value);
    await this.bus.jetstream.publish(this.subject, bytes, { headers: made });
  }

  async probe({ before = () => undefined, bus = this.bus, ...options }: ProbeOptions = {}): Promise<Probe> {
    const batches: number[][] = [];
    const parked: Parked[] = [];
    const notices: ConsumerNotice[] = [];
    const [subscription] = subscriptionsOf(this.root, [publicEvents.CallAnswered]);
    const consumer = new BatchConsumer({
      bus,
      stream: this.stream,
      filters: subscription?.filters ?? [],
      durable: 'cdr-test',
      isTransient: (error) => error instanceof Passing,
      handle: async (events) => {
        const numbers = events.map(numberOf);
        await before(numbers);
        batches.push(numbers);
      },
      park: (one) => Promise.resolve(void parked.push(one)),
      onNotice: (notice) => notices.push(notice),
      ...options,
    });
    await consumer.start();
    this.#probes.push(consumer);
    return { consumer, batches, parked, notices };
  }

  async close(): Promise<void> {
    await Promise.all(this.#probes.map((probe) => probe.stop()));
    await Promise.all(this.#buses.map((bus) => bus.close()));
    await this.bus.close();
    await this.#drop();
  }
}

/** A fixture on the test server. */
export async function openBusFixture(name: string): Promise<BusFixture> {
  const test = testBus(name);
  return new BusFixture(test.root, await connectBus({ url: test.url, name }), () => test.drop());
}
