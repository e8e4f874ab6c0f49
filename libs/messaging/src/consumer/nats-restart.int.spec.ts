import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { connectBus } from '../bus.ts';
import { ensureTopology } from '../topology.ts';
import { answered, answeredFrom, BusFixture, type Probe } from './bus.fixture.ts';
import { ownServer, type OwnServer } from './own-server.fixture.ts';

// A server that was killed needs a moment to come back, and the machine may be busy.
jest.setTimeout(30_000);

let server: OwnServer;
let fixture: BusFixture;
beforeEach(async () => {
  server = await ownServer();
  fixture = new BusFixture('restart', await connectBus({ url: server.url, name: 'restart', waitMs: 10_000 }), () => server.remove());
  await ensureTopology(fixture.bus, [fixture.stream]);
});
afterEach(() => fixture.close());

const handled = ({ batches }: Probe) => [...new Set(batches.flat())].sort((a, b) => a - b);
const isIdle = ({ consumer }: Probe) => consumer.progress.lag === 0;

/** Publishes as the relay does: again and again under the same id until it is taken. */
async function publishUntilTaken(n: number): Promise<void> {
  await until(() => fixture.publish([answered(n)], `m-${n}`).then(() => true));
}

async function recovered(probe: Probe, times: number): Promise<void> {
  await until(() => probe.consumer.progress.recoveries >= times && fixture.bus.isConnected());
}

describe('a NATS server that is killed and started again', () => {
  it('is found again, and nothing is lost', async () => {
    const probe = await fixture.probe();
    await fixture.publish(answeredFrom(0, 10));
    await until(() => handled(probe).length === 10);
    await server.kill();
    await until(() => !fixture.bus.isConnected());
    await server.start();
    await publishUntilTaken(10);
    await until(() => handled(probe).length === 11 && isIdle(probe));
    expect(fixture.bus.connectionCount()).toBe(2);
    expect(probe.consumer.progress.recoveries).toBe(1);
  });

  it('gets no acknowledgement for what was handled meanwhile: it is delivered again, and acknowledged then', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const probe = await fixture.probe({ before: () => gate });
    await fixture.publish([answered(1)]);
    await until(() => probe.consumer.progress.lag === 1);
    await server.kill();
    await until(() => !fixture.bus.isConnected());
    release();
    await until(() => probe.batches.length === 1);
    await server.start();
    await until(() => probe.batches.length === 2 && isIdle(probe));
    expect(probe.batches).toEqual([[1], [1]]);
    expect(probe.consumer.progress.redeliveredMessages).toBe(1);
  });

  it('may have lost its streams: they are made again, and what is published again is handled', async () => {
    const probe = await fixture.probe();
    await fixture.publish(answeredFrom(0, 10));
    await until(() => handled(probe).length === 10);
    await server.kill();
    server.wipeStore();
    await server.start();
    await recovered(probe, 1);
    await publishUntilTaken(11);
    await until(() => handled(probe).includes(11));
  });

  it('may have lost its last messages: no old acknowledgement strikes those that get their sequences', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await (await fixture.probe()).consumer.stop();
    await fixture.bus.connection.flush();
    await server.kill();
    server.keepStore();
    await server.start();
    await until(() => fixture.bus.connectionCount() === 2);
    const probe = await fixture.probe({ before: (numbers) => (numbers.includes(1) ? gate : undefined) });
    await fixture.publish([answered(1)]);
    await until(() => probe.consumer.progress.lag === 1);
    await server.kill();
    server.putStoreBack();
    await server.start();
    await recovered(probe, 1);
    // Call 2 now has the sequence that call 1 had, while call 1 is still being worked on.
    await publishUntilTaken(2);
    release();
    await until(() => handled(probe).includes(2) && isIdle(probe));
    expect(handled(probe)).toEqual([1, 2]);
  });
});
