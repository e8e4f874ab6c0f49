import { fromBinary, toJsonString } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { headers } from '@nats-io/transport-node';
import { definitionOf, encodeEvent, partitionOf, publicEvents, type ReceivedEvent, subjectOf } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { isTransient, keepParked, OutboxRelay, runReaction } from '@tollwire/event-store';
import { BatchConsumer, type Bus, connectBus, ensureTopology, JetStreamPublisher, streamSpecOf, subscriptionsOf } from '@tollwire/messaging';
import { type TestBus, testBus, until } from '@tollwire/testing';
import { randomUUID } from 'node:crypto';
import { cdrFlow } from './cdr.flow.ts';
import { rebuildCalls } from './projections/rebuild-calls.ts';
import { openCalls } from './numbers/open-calls.fixture.ts';
import { type CdrBed, cdrBed } from './spec-bed.ts';
import { callEnded, callRated, callStarted, wholeCall } from './spec-events.ts';

let servers: TestBus;
let bus: Bus;
let bed: CdrBed;
let relay: OutboxRelay;
let consumers: BatchConsumer[];

beforeAll(async () => {
  servers = testBus('cdr_flow');
  bed = await cdrBed(servers.root);
  bus = await connectBus({ url: servers.url, name: 'cdr-spec' });
  await ensureTopology(bus, ['edge', 'rating', 'card', 'routing', 'cdr'].map((service) => streamSpecOf(servers.root, service)));
  relay = new OutboxRelay({ database: bed.database, publisher: new JetStreamPublisher(bus, streamSpecOf(servers.root, 'cdr')), service: 'cdr' });
  relay.start();
  consumers = [...consumersOf('cdr'), ...consumersOf('cdr')];
  await Promise.all(consumers.map((consumer) => consumer.start()));
});

afterAll(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await relay.stop();
  await bus.close();
  await bed.close();
  await servers.drop();
});

/** The consumers of one more instance. Instances share the durables of a prefix; a new prefix begins at the beginning. */
function consumersOf(prefix: string): BatchConsumer[] {
  return cdrFlow.reactions.map(({ make }) => make(bed.instance())).flatMap((reaction) =>
    subscriptionsOf(servers.root, reaction.events).map(({ stream, filters }) => new BatchConsumer({
      ...{ bus, stream, filters, isTransient, durable: `${prefix}-${reaction.name}` },
      handle: async (events) => {
        await runReaction(bed.database, reaction, events);
      },
      park: (parked) => keepParked(bed.database, reaction.name, parked),
    })));
}

/** As a relay publishes: a message for each kind of event, with many in it. */
async function publishPacked(events: readonly ReceivedEvent[]): Promise<void> {
  for (const [type, ofType] of Map.groupBy(events, (event) => event.type)) {
    const definition = present(definitionOf(type), type);
    const subject = subjectOf(servers.root, definition, partitionOf(ofType[0]?.key ?? ''));
    const encoded = ofType.map((event) => encodeEvent({ ...event, definition, data: fromBinary(definition.schema, event.dataBytes) }));
    await bus.jetstream.publish(subject, Buffer.concat(encoded), { headers: headersOf({ 'content-type': 'application/cloudevents-batch+protobuf' }) });
  }
}

/** As an adapter in the same network publishes: one event in JSON, under whatever id it made up. */
async function publishStraight(event: ReceivedEvent, id: string): Promise<void> {
  const definition = present(definitionOf(event.type), event.type);
  const body = toJsonString(definition.schema, fromBinary(definition.schema, event.dataBytes));
  const time = new Date(event.timeUs / 1000).toISOString();
  const attributes = { 'ce-id': id, 'ce-source': 'adapter/b', 'ce-specversion': '1.0', 'ce-type': event.type, 'ce-time': time };
  await bus.jetstream.publish(subjectOf(servers.root, definition, partitionOf(event.key)), body, { headers: headersOf({ 'content-type': 'application/json', ...attributes }) });
}

function headersOf(values: Readonly<Record<string, string>>) {
  const made = headers();
  for (const [name, value] of Object.entries(values)) made.set(name, value);
  return made;
}

async function contents(): Promise<Record<string, unknown>[]> {
  return (await openCalls(bed)).map(({ callid: _, ...row }) => row);
}

/** Whether the consumers of this prefix have acknowledged all that their streams hold. */
async function allHandled(prefix: string): Promise<boolean> {
  const standings = cdrFlow.reactions.flatMap(({ name, events }) => subscriptionsOf(servers.root, events).map(({ stream }) =>
    bus.manager.consumers.info(stream.name, `${prefix}-${name}`)));
  return (await Promise.all(standings)).every((standing) => standing.num_pending === 0 && standing.num_ack_pending === 0);
}

const closedCount = async () => (await contents()).filter(({ status }) => status === 'closed').length;
const closedMessages = async () => (await bus.manager.streams.info(streamSpecOf(servers.root, 'cdr').name)).state.messages;

describe('the cdr service on the bus', () => {
  it('makes one CDR of each call, told by two adapters in two forms and to two instances', async () => {
    const calls = Array.from({ length: 40 }, (_, at) => wholeCall({ callId: `c${String(at).padStart(2, '0')}`, atSec: at }));
    await publishPacked(calls.flat().toReversed());
    for (const [started, , ended] of calls) {
      if (started !== undefined) await publishStraight(started, randomUUID());
      if (ended !== undefined) await publishStraight(ended, `adapter-b-${ended.id}`);
    }
    await until(async () => (await bed.database.query('SELECT 1 FROM call_event')).length === 240);
    expect(await closedCount()).toBe(40);
    for (const row of await contents()) expect(row).toMatchObject({ flags: [], conflicts: 0, told: 15 });
  });

  it('publishes a CdrClosed for each, and no second one when everything is delivered again', async () => {
    await until(async () => (await closedMessages()) > 0 && (await bed.database.query('SELECT 1 FROM outbox_pending')).length === 0);
    const before = { rows: await contents(), messages: await closedMessages() };
    const again = consumersOf('again');
    consumers.push(...again);
    await Promise.all(again.map((consumer) => consumer.start()));
    await publishPacked(wholeCall({ callId: 'last' }));
    await until(() => allHandled('again'));
    await until(async () => (await closedCount()) === 41);
    expect((await contents()).filter(({ uniqueid }) => uniqueid !== 'last')).toEqual(before.rows);
    await until(async () => (await bed.database.query('SELECT 1 FROM outbox_pending')).length === 0);
    expect(await closedMessages()).toBe(before.messages + 1);
  });

  it('parks an event that cannot be believed, and a message that cannot be read, and goes on', async () => {
    await publishPacked([callStarted({ callId: 'bad' }, { startedAtUs: -1n }), ...wholeCall({ callId: 'zz-good' })]);
    const subject = subjectOf(servers.root, publicEvents.CallEnded, 0);
    await bus.jetstream.publish(subject, 'noise', { headers: headersOf({ 'content-type': 'text/plain' }) });
    await until(async () => (await bed.database.query(`SELECT 1 FROM dead_letter WHERE consumer = 'track'`)).length === 2);
    await until(async () => (await closedCount()) === 42);
  });

  it('rebuilds the same calls from its log alone, whoever had published them', async () => {
    await publishStraight(callEnded({ callId: 'direct', accountCode: 'acme' }), 'only-adapter-b');
    await publishStraight(callRated({ callId: 'direct', accountCode: 'acme' }), 'rated-by-hand');
    await until(async () => (await closedCount()) === 43);
    const live = await contents();
    await bus.manager.streams.purge(streamSpecOf(servers.root, 'edge').name);
    await rebuildCalls(bed.owner);
    expect(await contents()).toEqual(live);
  });
});
