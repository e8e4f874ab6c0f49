import { batchContentType, decodeMessage, type ReceivedEvent } from '@tollwire/contracts';
import { type Bus, connectBus, ensureTopology, JetStreamPublisher, type StreamSpec, streamSpecOf } from '@tollwire/messaging';
import { enqueue, OutboxRelay, type OutboxRelayOptions } from '../index.ts';
import { type Bed, openBed } from './bed.ts';
import { publicEvent } from './events.ts';

/** A message as it stands in the stream. */
export interface StoredMessage {
  readonly seq: number;
  readonly subject: string;
  readonly messageId: string;
  readonly events: readonly ReceivedEvent[];
}

/** A service's outbox with the stream that it goes to. */
export interface RelayBed extends Bed {
  readonly bus: Bus;
  readonly stream: StreamSpec;
  readonly publisher: JetStreamPublisher;
  readonly root: string;
  /** A relay on the bed's database and stream; the bed stops it. */
  relay(options?: Partial<OutboxRelayOptions>): OutboxRelay;
  /** Commits events `first` … `first + count - 1`, `perTransaction` at a time. */
  commit(count: number, first?: number, perTransaction?: number): Promise<void>;
  /** All messages of the stream. */
  messages(): Promise<StoredMessage[]>;
  /** Numbers of the events in the stream, sorted, repeats and all. */
  eventNumbers(): Promise<number[]>;
  pendingCount(): Promise<number>;
}

/** Makes a bed on the NATS server at `url`, with subjects under `root`. */
export async function openRelayBed(name: string, url: string, root: string, tables: readonly string[] = []): Promise<RelayBed> {
  const bed = await openBed(name, tables);
  const bus = await connectBus({ url, name });
  const stream = streamSpecOf(root, 'card');
  await ensureTopology(bus, [stream]);
  const publisher = new JetStreamPublisher(bus, stream, 500);
  const relays: OutboxRelay[] = [];
  const messages = () => readAllMessages(bus, stream.name);
  return {
    ...bed,
    bus,
    stream,
    publisher,
    root,
    messages,
    relay(options = {}) {
      const relay = new OutboxRelay({ database: bed.database, publisher, service: 'card', pollMs: 20, standbyMs: 50, backoffMsMax: 100, ...options });
      relays.push(relay);
      relay.start();
      return relay;
    },
    async commit(count, first = 0, perTransaction = 1) {
      for (let n = first; n < first + count; n += perTransaction) {
        const events = Array.from({ length: Math.min(perTransaction, first + count - n) }, (_unused, index) => publicEvent(n + index));
        await bed.database.transaction((tx) => enqueue(tx, root, events));
      }
    },
    async eventNumbers() {
      const events = (await messages()).flatMap((message) => message.events);
      return events.map(({ key }) => Number(key.slice('card:'.length)) - 1000).sort((a, b) => a - b);
    },
    async pendingCount() {
      const [row] = await bed.database.query<{ count: number }>('SELECT count(*)::int AS count FROM outbox_pending');
      return row?.count ?? -1;
    },
    async close() {
      await Promise.all(relays.map((relay) => relay.stop()));
      await bus.close();
      await bed.close();
    },
  };
}

async function readAllMessages(bus: Bus, stream: string): Promise<StoredMessage[]> {
  const { state } = await bus.manager.streams.info(stream);
  const messages: StoredMessage[] = [];
  for (let seq = Math.max(state.first_seq, 1); seq <= state.last_seq; seq += 1) {
    const message = await bus.manager.streams.getMessage(stream, { seq });
    if (message === null) continue;
    const decoded = decodeMessage(batchContentType, () => undefined, message.data);
    if (!decoded.ok) throw new Error(`Message ${seq} cannot be read: ${decoded.refusal.code}`);
    messages.push({ seq, subject: message.subject, messageId: message.header.get('Nats-Msg-Id'), events: decoded.value });
  }
  return messages;
}

/** The numbers from `first` up to but not including `end`. */
export function numbers(first: number, end: number): number[] {
  return Array.from({ length: end - first }, (_unused, index) => first + index);
}
