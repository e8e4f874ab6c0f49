import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { ensureConsumer } from '../topology.ts';
import { answered, type BusFixture, numberOf, openBusFixture } from './bus.fixture.ts';
import { eventsOf } from './decode-delivery.ts';
import type { Delivery } from './delivery.ts';
import { PullSource, type PullSourceOptions } from './pull-source.ts';

let fixture: BusFixture;
beforeAll(async () => {
  fixture = await openBusFixture('pull_source');
});
afterAll(() => fixture.close());

let durable = '';
let lost: string[] = [];
let sources: PullSource[] = [];
beforeEach(async () => {
  durable = `d${performance.now().toFixed(0)}`;
  lost = [];
  sources = [];
  await ensureConsumer(fixture.bus, { stream: fixture.stream, durable, filters: [fixture.subject], ackWaitMs: 30_000, ackPendingMax: 5000 });
});
afterEach(async () => {
  for (const source of sources) await source.drain();
  await fixture.bus.manager.streams.purge(fixture.stream.name);
});

function sourceOf(options: Partial<PullSourceOptions> = {}): PullSource {
  const { connection, inboxPrefix } = fixture.bus;
  const onLost = (reason: string) => void lost.push(reason);
  const source = new PullSource({ connection, inboxPrefix, stream: fixture.stream.name, durable, messagesMax: 10, bytesMax: 1 << 20, onLost, ...options });
  sources.push(source);
  source.restart();
  return source;
}

async function publish(from: number, until_: number): Promise<void> {
  await Promise.all(Array.from({ length: until_ - from }, (_, at) => fixture.publish([answered(from + at)])));
}

const numbersOf = (deliveries: readonly Delivery[]) =>
  deliveries.flatMap((delivery) => {
    const events = eventsOf(delivery);
    return events.ok ? events.value.map(numberOf) : [];
  });

/** What the server says is delivered and not acknowledged. */
const underWay = async () => (await fixture.bus.manager.consumers.info(fixture.stream.name, durable)).num_ack_pending;

function takeAll(source: PullSource): Delivery[] {
  const taken: Delivery[] = [];
  for (let next = source.take(); next !== undefined; next = source.take()) taken.push(next);
  return taken;
}

describe('a pull source', () => {
  it('hands over a message the moment that there is one', async () => {
    const source = sourceOf();
    const available = source.available();
    await fixture.publish([answered(1)]);
    await available;
    expect(numbersOf(takeAll(source))).toEqual([1]);
    expect(source.take()).toBeUndefined();
  });

  it('pulls no more than its buffer holds, and asks again when that is half empty', async () => {
    await publish(0, 30);
    const source = sourceOf({ messagesMax: 10 });
    await until(() => source.bufferedCount === 10);
    expect(await underWay()).toBe(10);
    for (let n = 0; n < 4; n += 1) source.take();
    await fixture.bus.connection.flush();
    expect(await underWay()).toBe(10);
    source.take();
    await until(() => source.bufferedCount === 10);
    expect(await underWay()).toBe(15);
  });

  it('hands over everything once, in order, however it is taken', async () => {
    await publish(0, 57);
    const source = sourceOf({ messagesMax: 4 });
    const taken: Delivery[] = [];
    await until(() => taken.push(...takeAll(source)) && taken.length >= 57);
    expect(numbersOf(taken).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 57 }, (_, n) => n));
    expect(taken.map(({ streamSeq }) => streamSeq)).toEqual(taken.map(({ streamSeq }) => streamSeq).toSorted((a, b) => a - b));
  });

  it('gets a message that is larger than what it would like to hold', async () => {
    const source = sourceOf({ bytesMax: 10 });
    await fixture.publish(Array.from({ length: 500 }, (_, n) => answered(n)));
    await until(() => source.bufferedCount === 1);
    expect(numbersOf(takeAll(source))).toHaveLength(500);
  });

  it('tells how many messages wait on the server', async () => {
    await publish(0, 25);
    const source = sourceOf({ messagesMax: 10 });
    await until(() => source.bufferedCount === 10);
    expect(source.pendingCount).toBe(15);
  });

  it('answers what it had buffered when it is abandoned, and takes nothing after', async () => {
    await publish(0, 3);
    const source = sourceOf();
    await until(() => source.bufferedCount === 3);
    source.take();
    const { generation } = source;
    const dropped = source.abandon();
    expect(dropped.map((delivery) => delivery.generation)).toEqual([generation, generation]);
    expect([source.generation, source.bufferedCount]).toEqual([generation + 1, 0]);
    await fixture.publish([answered(9)]);
    await fixture.bus.connection.flush();
    expect(source.bufferedCount).toBe(0);
  });

  it('begins a new generation when it is started again, in which what was given back comes once more', async () => {
    await publish(0, 2);
    const source = sourceOf();
    await until(() => source.bufferedCount === 2);
    for (const delivery of source.abandon()) delivery.nak(0);
    source.restart();
    await until(() => source.bufferedCount === 2);
    const again = takeAll(source);
    expect(again.map(({ deliveryCount, generation }) => [deliveryCount, generation])).toEqual([[2, source.generation], [2, source.generation]]);
  });

  it('waits when it drains for what the server has sent already, and leaves the rest to others', async () => {
    await publish(0, 20);
    const source = sourceOf({ messagesMax: 5 });
    const drained = await source.drain();
    expect(drained.length).toBeLessThanOrEqual(5);
    for (const delivery of drained) delivery.nak(0);
    const other = sourceOf({ messagesMax: 50 });
    await until(() => other.bufferedCount === 20);
  });

  it('says that it is lost when its consumer is deleted, once', async () => {
    const source = sourceOf();
    await fixture.bus.connection.flush();
    await fixture.bus.manager.consumers.delete(fixture.stream.name, durable);
    await until(() => lost.length > 0);
    expect(lost).toEqual([expect.stringMatching(/consumer deleted/i)]);
    expect(source.isSilent()).toBe(false);
  });

  it('says that nobody answers where there is no such consumer', async () => {
    await fixture.bus.manager.consumers.delete(fixture.stream.name, durable);
    sourceOf();
    await until(() => lost.length > 0);
    expect(lost).toEqual(['nobody answers for the consumer']);
  });

  it('says nothing of what it lost after it was abandoned', async () => {
    const source = sourceOf();
    await fixture.bus.connection.flush();
    source.abandon();
    await fixture.bus.manager.consumers.delete(fixture.stream.name, durable);
    await fixture.bus.connection.flush();
    expect(lost).toEqual([]);
  });

  it('can be woken without a message', async () => {
    const source = sourceOf();
    const available = source.available();
    source.wake();
    await available;
    expect(source.take()).toBeUndefined();
  });
});
