import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { batchContentType, decodeMessage, encodeEvent, EventRefused } from '@tollwire/contracts';
import { until } from '@tollwire/testing';
import { answered, answeredFrom, type BusFixture, openBusFixture, Passing, type Probe, strayEvent } from './bus.fixture.ts';

let fixture: BusFixture;
beforeEach(async () => {
  fixture = await openBusFixture('consumer');
});
afterEach(() => fixture.close());

const handled = (...probes: Probe[]) => probes.flatMap(({ batches }) => batches.flat()).sort((a, b) => a - b);
const numbers = (from: number, until: number) => Array.from({ length: until - from }, (_, at) => from + at);
const isIdle = ({ consumer }: Probe) => consumer.progress.lag === 0;

describe('a batch consumer', () => {
  it('takes a single event at once, and acknowledges it', async () => {
    const probe = await fixture.probe();
    await fixture.publish([answered(1)]);
    await until(() => isIdle(probe) && probe.batches.length === 1);
    expect(probe.batches).toEqual([[1]]);
    const { num_ack_pending } = await until(async () => {
      const info = await fixture.bus.manager.consumers.info(fixture.stream.name, 'cdr-test');
      return info.num_ack_pending === 0 && info;
    });
    expect(num_ack_pending).toBe(0);
  });

  it('takes packed messages together, up to its limit of events, and hands over no more at a time', async () => {
    const first = await fixture.probe();
    await first.consumer.stop();
    for (let from = 0; from < 2000; from += 500) await fixture.publish(answeredFrom(from, from + 500));
    await fixture.publish(answeredFrom(2000, 4500));
    const probe = await fixture.probe({ eventsMax: 1000 });
    await until(() => isIdle(probe) && handled(probe).length === 4500);
    expect(handled(probe)).toEqual(numbers(0, 4500));
    expect(Math.max(...probe.batches.map(({ length }) => length))).toBe(1000);
  });

  it('gathers what arrives while it works', async () => {
    let release = () => undefined as void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const probe = await fixture.probe({ before: () => gate });
    await fixture.publish([answered(0)]);
    await until(() => probe.consumer.progress.lag === 1);
    for (const n of numbers(1, 101)) await fixture.publish([answered(n)]);
    release();
    await until(() => isIdle(probe) && handled(probe).length === 101);
    expect(probe.batches.length).toBeLessThan(10);
  });

  it('hands over every event of many messages, though its buffer is small', async () => {
    const probe = await fixture.probe({ bufferedMessagesMax: 4 });
    await Promise.all(numbers(0, 300).map((n) => fixture.publish([answered(n)])));
    await until(() => isIdle(probe) && handled(probe).length === 300);
    expect(handled(probe)).toEqual(numbers(0, 300));
    expect(probe.consumer.progress.redeliveredMessages).toBe(0);
  });

  it('acknowledges unread what comes while it stands by, and hears what comes after', async () => {
    let standsBy = true;
    const probe = await fixture.probe({ standsBy: () => standsBy });
    await fixture.publish(answeredFrom(0, 5));
    await fixture.publishBytes(Buffer.from('no event'), {});
    await until(() => isIdle(probe) && probe.consumer.progress.passedOverMessages === 2);
    standsBy = false;
    await fixture.publish([answered(5)]);
    await until(() => isIdle(probe) && handled(probe).length === 1);
    expect([probe.batches, probe.parked]).toEqual([[[5]], []]);
    const unacknowledged = async () => (await fixture.bus.manager.consumers.info(fixture.stream.name, 'cdr-test')).num_ack_pending;
    await until(async () => (await unacknowledged()) === 0);
  });

  it('shares its work with another instance of the same name', async () => {
    const one = await fixture.probe({ bufferedMessagesMax: 10 });
    const two = await fixture.probe({ bufferedMessagesMax: 10, bus: await fixture.anotherBus() });
    await Promise.all(numbers(0, 400).map((n) => fixture.publish([answered(n)])));
    await until(() => handled(one, two).length === 400);
    expect(handled(one, two)).toEqual(numbers(0, 400));
    expect([one, two].every(({ batches }) => batches.length > 0)).toBe(true);
  });

  it('gives back at once, when it stops, what it pulled ahead, and finishes what it had begun', async () => {
    let release = () => undefined as void;
    const gate = new Promise<void>((resolve) => (release = resolve));
    const one = await fixture.probe({ eventsMax: 1, before: () => gate });
    await Promise.all(numbers(0, 50).map((n) => fixture.publish([answered(n)])));
    await until(() => one.consumer.progress.lag === 50);
    const stopping = one.consumer.stop();
    const two = await fixture.probe();
    await until(() => handled(two).length === 49);
    release();
    await stopping;
    expect(handled(one, two)).toEqual(numbers(0, 50));
  });
});

describe('an event that was handled, but not acknowledged', () => {
  it('is delivered again to another instance after a crash', async () => {
    const crashing = await fixture.anotherBus();
    const one = await fixture.probe({ ackWaitMs: 500, bus: crashing, before: () => crashing.connection.close() });
    await fixture.publish(answeredFrom(0, 3));
    await until(() => one.batches.length === 1);
    const two = await fixture.probe({ ackWaitMs: 500 });
    await until(() => handled(two).length === 3);
    expect(two.consumer.progress.redeliveredMessages).toBe(1);
  });

  it('is handed over twice where it was published twice, because ids are for the receipt to judge', async () => {
    const probe = await fixture.probe();
    await fixture.publish([answered(7)], 'a');
    await fixture.publish([answered(7)], 'b');
    await fixture.publish([answered(7)], 'b');
    await until(() => handled(probe).length === 2);
    await fixture.publish([answered(8)]);
    await until(() => handled(probe).length === 3);
    expect(handled(probe)).toEqual([7, 7, 8]);
  });

  it('is not delivered again while it is still being worked on', async () => {
    const begunMs = performance.now();
    const probe = await fixture.probe({ ackWaitMs: 1000, before: () => until(() => performance.now() > begunMs + 2500) });
    await fixture.publish([answered(1)]);
    await until(() => probe.batches.length === 1 && isIdle(probe));
    expect(probe.consumer.progress.redeliveredMessages).toBe(0);
  });
});

describe('a poison event', () => {
  const failOn =
    (...poison: number[]) =>
    (events: readonly number[]) => {
      if (events.some((n) => poison.includes(n))) throw new TypeError('cannot be');
    };

  it('is parked with its reason, and all others of its message are handled', async () => {
    const probe = await fixture.probe({ before: failOn(3, 77) });
    await fixture.publish(answeredFrom(0, 100));
    await fixture.publish([answered(100)]);
    await until(() => handled(probe).length === 99 && isIdle(probe));
    expect(handled(probe)).toEqual(numbers(0, 101).filter((n) => n !== 3 && n !== 77));
    expect(probe.parked).toMatchObject([
      { kind: 'event', consumer: 'cdr-test', reason: 'failed', detail: 'cannot be', event: { id: answered(3).id } },
      { kind: 'event', subject: fixture.subject, event: { id: answered(77).id } },
    ]);
    expect(probe.consumer.progress).toMatchObject({ handledEvents: 99, parkedEvents: 2, transientFailures: 0 });
  });

  it('is parked under the code that its handler refuses it with', async () => {
    const probe = await fixture.probe({
      before: () => {
        throw new EventRefused({ code: 'unknown_party', detail: 'no card 5' });
      },
    });
    await fixture.publish([answered(5)]);
    await until(() => probe.parked.length === 1);
    expect(probe.parked).toMatchObject([{ reason: 'unknown_party', detail: 'no card 5' }]);
  });

  it('can be driven again from what was parked', async () => {
    let healed = false;
    const probe = await fixture.probe({ before: (events) => (healed ? undefined : failOn(3)(events)) });
    await fixture.publish(answeredFrom(0, 5));
    const [parked] = await until(() => probe.parked.length > 0 && probe.parked);
    if (parked?.kind !== 'event') throw new Error('expected an event');
    healed = true;
    const again = { ...answered(3), key: parked.event.key };
    await fixture.publish([again]);
    await until(() => handled(probe).length === 5);
    expect(again.id).toBe(parked.event.id);
    expect(handled(probe)).toEqual([0, 1, 2, 3, 4]);
  });

  it.each([
    ['bytes that are no batch', { 'content-type': batchContentType }, Uint8Array.of(255, 255, 1), 'message_malformed'],
    ['no CloudEvent at all', {}, new TextEncoder().encode('hello'), 'message_malformed'],
    ['an event of another subject', { 'content-type': batchContentType }, encodeEvent(strayEvent()), 'unexpected_event_type'],
  ])('that is a message of %s is parked as it came, and the flow goes on', async (_what, headers, bytes, reason) => {
    const probe = await fixture.probe();
    await fixture.publishBytes(bytes, headers);
    await fixture.publish([answered(1)]);
    await until(() => handled(probe).length === 1 && isIdle(probe));
    expect(probe.parked).toMatchObject([{ kind: 'message', reason, subject: fixture.subject, headers }]);
    const [parked] = probe.parked;
    if (parked?.kind !== 'message') throw new Error('expected a message');
    expect(Buffer.from(parked.bytes)).toEqual(Buffer.from(bytes));
    expect(probe.consumer.progress.parkedMessages).toBe(1);
    if (reason === 'unexpected_event_type') expect(decodeMessage(parked.contentType, () => undefined, parked.bytes).ok).toBe(true);
  });

  it('that cannot be parked now is kept and parked later', async () => {
    let tries = 0;
    const probe = await fixture.probe({
      before: failOn(1),
      park: () => {
        tries += 1;
        return tries < 3 ? Promise.reject(new Error('the database is away')) : Promise.resolve();
      },
    });
    await fixture.publish(answeredFrom(0, 3));
    await until(() => isIdle(probe) && tries === 3);
    expect(probe.consumer.progress).toMatchObject({ parkedEvents: 1, transientFailures: 2 });
  });
});

describe('a failure that passes', () => {
  it('parks nothing: the events are given back and tried again', async () => {
    let failures = 0;
    const probe = await fixture.probe({
      before: () => {
        failures += 1;
        if (failures <= 3) throw new Passing('the database is away');
      },
    });
    await fixture.publish(answeredFrom(0, 10));
    await until(() => handled(probe).length === 10 && isIdle(probe));
    expect(probe.parked).toEqual([]);
    expect(probe.consumer.progress.transientFailures).toBe(3);
    expect(probe.notices.filter(({ kind }) => kind === 'transient_failure')).toHaveLength(3);
  });
});

describe('a consumer or stream that vanishes', () => {
  it('is made again, and the flow goes on', async () => {
    const probe = await fixture.probe();
    await fixture.publish([answered(1)]);
    await until(() => handled(probe).length === 1);
    await fixture.bus.manager.consumers.delete(fixture.stream.name, 'cdr-test');
    await until(() => probe.consumer.progress.recoveries === 1);
    await fixture.bus.manager.streams.delete(fixture.stream.name);
    await until(() => probe.consumer.progress.recoveries === 2);
    await fixture.publish([answered(2)]);
    await until(() => handled(probe).includes(2));
    expect(probe.notices.map(({ kind }) => kind)).toContain('lost');
  });
});
