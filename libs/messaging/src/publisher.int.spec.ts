import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchContentType, encodeEvent, publicEvents, subjectOf } from '@tollwire/contracts';
import { answered, answeredFrom, type BusFixture, numberOf, openBusFixture } from './consumer/bus.fixture.ts';
import { eventsOf } from './consumer/decode-delivery.ts';
import { Delivery } from './consumer/delivery.ts';
import { JetStreamPublisher } from './publisher.ts';
import { ensureTopology, streamSpecOf, subscriptionsOf } from './topology.ts';

let fixture: BusFixture;
let publisher: JetStreamPublisher;
beforeAll(async () => {
  fixture = await openBusFixture('publisher');
  publisher = new JetStreamPublisher(fixture.bus, fixture.stream);
  await ensureTopology(fixture.bus, [fixture.stream]);
});
afterAll(() => fixture.close());

const packed = (from: number, until: number) => Buffer.concat(answeredFrom(from, until).map(encodeEvent));

describe('the publisher', () => {
  it('resolves with the sequence under which the batch is durable, once for one id', async () => {
    const first = await publisher.publish(fixture.subject, packed(0, 3), 'm-1', 3);
    expect(await publisher.publish(fixture.subject, packed(0, 3), 'm-1', 3)).toEqual({ seq: first.seq, duplicate: true });
    expect(await publisher.publish(fixture.subject, packed(3, 4), 'm-2', 1)).toEqual({ seq: first.seq + 1, duplicate: false });
  });

  it('tells how the stream stands, and under which id a message was published', async () => {
    const { seq } = await publisher.publish(fixture.subject, packed(4, 5), 'm-3', 1);
    const { lastSeq, firstSeq, created } = await publisher.streamState();
    expect([lastSeq, firstSeq]).toEqual([seq, 1]);
    expect(Date.parse(created)).toBeGreaterThan(0);
    expect(await publisher.messageIdAt(seq)).toBe('m-3');
    expect(await publisher.messageIdAt(seq + 1)).toBeUndefined();
    expect(publisher.connectionCount()).toBe(1);
  });

  it('publishes what a consumer reads', async () => {
    const seen: number[] = [];
    const inbox = fixture.bus.connection.subscribe(fixture.subject, {
      callback: (_error, message) => {
        expect(message.headers?.get('content-type')).toBe(batchContentType);
        const events = eventsOf(new Delivery(message, 0));
        if (events.ok) seen.push(...events.value.map(numberOf));
      },
    });
    await publisher.publish(fixture.subject, packed(10, 13), 'm-4', 3);
    await inbox.drain();
    expect(seen).toEqual([10, 11, 12]);
  });

  it('makes a stream again that vanished, as another life of it', async () => {
    const before = await publisher.streamState();
    await fixture.bus.manager.streams.delete(fixture.stream.name);
    await expect(publisher.publish(fixture.subject, encodeEvent(answered(1)), 'm-5', 1)).rejects.toThrow();
    const after = await publisher.streamState();
    expect([after.firstSeq, after.lastSeq]).toEqual([1, 0]);
    expect(after.created).not.toBe(before.created);
    expect((await publisher.publish(fixture.subject, encodeEvent(answered(1)), 'm-5', 1)).seq).toBe(1);
  });
});

describe('the topology', () => {
  it('is made by many at once, and again, to the same end', async () => {
    const streams = ['card', 'cdr'].map((service) => streamSpecOf(fixture.root, service));
    await Promise.all(Array.from({ length: 8 }, () => ensureTopology(fixture.bus, streams)));
    const { config } = await fixture.bus.manager.streams.info(streams[0]?.name ?? '');
    expect(config).toMatchObject({ subjects: [`${fixture.root}.card.v1.*.*.*`], storage: 'file', retention: 'limits', num_replicas: 1 });
    expect([config.duplicate_window, config.max_age]).toEqual([120e9, 7 * 86_400e9]);
  });

  it('mends a stream that somebody made otherwise', async () => {
    const stream = streamSpecOf(fixture.root, 'rating');
    await fixture.bus.manager.streams.add({ name: stream.name, subjects: [`${fixture.root}.rating.v1.call.>`] });
    await ensureTopology(fixture.bus, [stream]);
    expect((await fixture.bus.manager.streams.info(stream.name)).config.subjects).toEqual(stream.subjects);
  });

  it('keeps events and no requests', async () => {
    const subject = `${fixture.root}.edge.v1.rpc.Authorize`;
    await expect(fixture.bus.jetstream.publish(subject, 'x')).rejects.toThrow();
  });

  it('gives a reaction one subscription for each service that it listens to', () => {
    const wanted = [publicEvents.CallEnded, publicEvents.CallRated, publicEvents.CallStarted];
    expect(subscriptionsOf('t', wanted, 3)).toEqual([
      { stream: { name: 'T_EDGE', subjects: ['t.edge.v1.*.*.*'], replicas: 3 }, filters: ['t.edge.v1.call.ended.*', 't.edge.v1.call.started.*'] },
      { stream: { name: 'T_RATING', subjects: ['t.rating.v1.*.*.*'], replicas: 3 }, filters: ['t.rating.v1.call.rated.*'] },
    ]);
    expect(subjectOf('t', publicEvents.CallRated, 3)).toBe('t.rating.v1.call.rated.3');
  });
});
