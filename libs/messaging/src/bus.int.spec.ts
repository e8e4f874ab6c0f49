import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { type Bus, type BusOptions, connectBus } from './bus.ts';
import { ownServer, type OwnServer } from './consumer/own-server.fixture.ts';
import { ConnectionBroken, JetStreamPublisher } from './publisher.ts';
import { ensureTopology, streamSpecOf } from './topology.ts';

jest.setTimeout(30_000);

let server: OwnServer;
let buses: Bus[] = [];
let notices: string[] = [];
beforeAll(async () => {
  server = await ownServer();
});
beforeEach(() => {
  notices = [];
});
afterEach(async () => {
  await Promise.all(buses.map((bus) => bus.close()));
  buses = [];
});
afterAll(() => server.remove());

async function connected(options: Partial<BusOptions> = {}): Promise<Bus> {
  const bus = await connectBus({ url: server.url, name: 'spec', waitMs: 10_000, onNotice: (notice) => notices.push(notice), ...options });
  buses.push(bus);
  return bus;
}

describe('connecting', () => {
  it('fails at once where nobody answers, unless it is to wait', async () => {
    await server.kill();
    await expect(connected({ waitMs: 0 })).rejects.toThrow();
    const waiting = connected({ waitMs: 20_000 });
    await server.start();
    expect((await waiting).isConnected()).toBe(true);
  });

  it('names its inboxes after itself, in characters that a subject may have', async () => {
    const { inboxPrefix, connection } = await connected({ name: 'cdr service.1 > *' });
    expect(inboxPrefix).toBe('_INBOX_cdr_service_1____');
    const subscription = connection.subscribe('echo', { callback: (_error, message) => void message.respond(message.reply) });
    const reply = await connection.request('echo');
    expect(reply.string().startsWith(`${inboxPrefix}.`)).toBe(true);
    subscription.unsubscribe();
  });
});

describe('a connection that breaks', () => {
  it('tells those who listen, comes back by itself, and tells that too; who listens no more is not told', async () => {
    const bus = await connected();
    const heard: string[] = [];
    bus.onDisconnect(() => void heard.push('gone'));
    bus.onReconnect(() => void heard.push('back'));
    const forget = bus.onReconnect(() => void heard.push('forgotten'));
    forget();
    await server.kill();
    await until(() => !bus.isConnected());
    await server.start();
    await until(() => bus.isConnected());
    expect(heard).toEqual(['gone', 'back']);
    expect(bus.connectionCount()).toBe(2);
    expect(notices.filter((notice) => !notice.startsWith('NATS reports'))).toEqual(['The connection to NATS broke', 'The connection to NATS is back']);
  });

  it('fails a publish that is under way, and each one after, without waiting for its time to run out', async () => {
    const bus = await connected();
    const stream = streamSpecOf('broken', 'edge');
    await ensureTopology(bus, [stream]);
    const publisher = new JetStreamPublisher(bus, stream, 60_000);
    const subject = 'broken.edge.v1.call.ended.0';
    expect(await publisher.publish(subject, Buffer.from('x'), 'm-1', 1)).toMatchObject({ seq: 1 });
    await server.kill();
    const underWay = publisher.publish(subject, Buffer.from('x'), 'm-2', 1);
    await expect(underWay).rejects.toThrow(ConnectionBroken);
    await until(() => !bus.isConnected());
    await expect(publisher.publish(subject, Buffer.from('x'), 'm-3', 1)).rejects.toThrow(ConnectionBroken);
    await server.start();
    await until(() => bus.isConnected());
    const again = await until(() => publisher.publish(subject, Buffer.from('x'), 'm-3', 1));
    expect(again).toEqual({ seq: 2, duplicate: false });
    expect(publisher.connectionCount()).toBe(2);
  });
});

describe('closing', () => {
  it('sends what is still to be sent, and may be asked for twice', async () => {
    const [bus, other] = [await connected(), await connected({ name: 'other' })];
    const received: string[] = [];
    other.connection.subscribe('news', { callback: (_error, message) => void received.push(message.string()) });
    await other.connection.flush();
    for (let n = 0; n < 1000; n += 1) bus.connection.publish('news', String(n));
    await bus.close();
    await bus.close();
    await until(() => received.length === 1000);
    expect(bus.isConnected()).toBe(false);
    expect(received.at(-1)).toBe('999');
  });
});
