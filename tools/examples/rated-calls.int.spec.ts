import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { encodeEvent, publicEventOf, publicEvents, subjectOf } from '@tollwire/contracts';
import { Database } from '@tollwire/event-store';
import { type BatchConsumer, type Bus, connectBus, ensureTopology, JetStreamPublisher, streamSpecOf } from '@tollwire/messaging';
import { testBus, testDatabase, until } from '@tollwire/testing';
import { ratedCalls, tables } from './rated-calls.ts';

const servers = testBus('rated_calls');
const stream = streamSpecOf(servers.root, 'rating');
let bus: Bus;
let place: Awaited<ReturnType<typeof testDatabase>>;
let database: Database;
const consumers: BatchConsumer[] = [];

beforeAll(async () => {
  place = await testDatabase('rated_calls');
  database = await Database.connect({ url: place.url, applicationName: 'rated-calls-spec', poolMax: 4 });
  for (const table of tables) await database.query(table);
  bus = await connectBus({ url: servers.url, name: 'rated-calls-spec' });
  await ensureTopology(bus, [stream]);
});
afterAll(async () => {
  await Promise.all(consumers.map((consumer) => consumer.stop()));
  await bus.close();
  await database.close();
  await Promise.all([place.drop(), servers.drop()]);
});

function rated(call: number, revision = 1) {
  const data = { call: { switchId: 'sw', callId: `c${call}`, leg: 0 }, charged: { party: { case: 'accountCode', value: 'acme' } as const }, revision,
    sell: { amount: { nanos: BigInt(call * 100 + revision), currency: 'EUR' } } };
  return publicEventOf(publicEvents.CallRated, { source: 'tollwire/rating', timeUs: call, parts: [`${call}`, `${revision}`], data });
}

async function publish(...events: ReturnType<typeof rated>[]): Promise<void> {
  const publisher = new JetStreamPublisher(bus, stream);
  await publisher.publish(subjectOf(servers.root, publicEvents.CallRated, 0), Buffer.concat(events.map(encodeEvent)), randomUUID(), events.length);
}

async function started(durable: string, since?: Date): Promise<BatchConsumer> {
  const consumer = ratedCalls({ bus, root: servers.root, durable, database, ...(since === undefined ? {} : { since }) });
  consumers.push(consumer);
  await consumer.start();
  return consumer;
}

const kept = async () => (await database.query<{ text: string }>(`SELECT call_key || ':' || revision AS text FROM rated_call ORDER BY call_key`)).map(({ text }) => text);

describe('the example of a consumer of rated calls', () => {
  it('takes what was there before it, goes on where it stopped, and keeps the highest revision once', async () => {
    await publish(rated(1), rated(2));
    const first = await started('invoices');
    await until(async () => (await kept()).length === 2);
    await first.stop();
    await publish(rated(2, 3), rated(3));
    await publish(rated(2, 2), rated(1));
    await started('invoices');
    await until(async () => (await kept()).length === 3 && (await bus.manager.consumers.info(stream.name, 'invoices')).num_ack_pending === 0);
    expect(await kept()).toEqual(['sw/c1/0:1', 'sw/c2/0:3', 'sw/c3/0:1']);
  });

  it('replays under a new name from any time on', async () => {
    const since = new Date((await bus.manager.streams.info(stream.name)).state.last_ts);
    await database.query('TRUNCATE rated_call');
    await until(() => Date.now() > since.getTime() + 1);
    await publish(rated(9));
    await started('invoices-again', new Date(since.getTime() + 1));
    await until(async () => (await kept()).length === 1);
    expect(await kept()).toEqual(['sw/c9/0:1']);
    await started('invoices-all');
    await until(async () => (await kept()).length === 4);
  });

  it('keeps aside what cannot be read', async () => {
    await bus.jetstream.publish(subjectOf(servers.root, publicEvents.CallRated, 0), new TextEncoder().encode('noise'));
    await until(async () => (await database.query('SELECT 1 FROM not_taken')).length > 0);
    expect((await database.query('SELECT reason FROM not_taken'))[0]).toEqual({ reason: 'message_malformed' });
  });
});
