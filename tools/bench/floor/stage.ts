import type { JsMsg } from '@nats-io/jetstream';
import { type Bus, streamSpecOf } from '@tollwire/messaging';
import { type EventSizes, floorRoot, type FloorService, type Kind, kindOf, unpack } from './shape.ts';

/** Calls of one batch, by what is told of them. */
export type Batch = ReadonlyMap<Kind, readonly number[]>;

/** The services hand over as many events at a time, at most. */
const eventsPerBatch = 1000;

/**
 * Takes messages of a durable consumer, whatever has arrived up to 1,000 events, and acknowledges them after `handle`.
 * Resolves when `count` events were handled.
 */
export async function takeEvents(bus: Bus, from: FloorService, durable: string, sizes: EventSizes, count: number, handle: (batch: Batch) => Promise<void>): Promise<void> {
  const consumer = await bus.jetstream.consumers.get(streamSpecOf(floorRoot, from).name, durable);
  const buffered: JsMsg[] = [];
  let arrived: () => void = () => undefined;
  const messages = await consumer.consume({
    max_messages: 200,
    callback: (message) => {
      buffered.push(message);
      arrived();
    },
  });
  for (let handled = 0; handled < count;) {
    if (buffered.length === 0) await new Promise<void>((resolve) => (arrived = resolve));
    const taken: JsMsg[] = [];
    const batch = new Map<Kind, number[]>();
    let events = 0;
    while (events < eventsPerBatch) {
      const message = buffered.shift();
      if (message === undefined) break;
      const numbers = unpack(kindOf(message.subject), sizes, message.data);
      batch.set(kindOf(message.subject), [...(batch.get(kindOf(message.subject)) ?? []), ...numbers]);
      events += numbers.length;
      taken.push(message);
    }
    await handle(batch);
    for (const message of taken) message.ack();
    handled += events;
  }
  await bus.connection.flush();
  messages.stop();
}
