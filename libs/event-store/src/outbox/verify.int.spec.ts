import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { randomBytes } from 'node:crypto';
import { OwnNats } from '../spec/own-nats.ts';
import { numbers, openRelayBed, type RelayBed } from '../spec/relay-bed.ts';

jest.setTimeout(30_000);

describe('Re-drive of what the stream has lost', () => {
  let nats: OwnNats;
  let bed: RelayBed;

  beforeAll(async () => {
    nats = await OwnNats.start();
  });

  afterAll(() => nats.stop());

  beforeEach(async () => {
    bed = await openRelayBed('redrive', nats.url, `t${randomBytes(4).toString('hex')}`);
  });

  afterEach(() => bed.close());

  const inStream = async () => [...new Set(await bed.eventNumbers())];
  const reconnected = () => until(() => bed.bus.isConnected());
  const allPublished = () => until(async () => (await bed.pendingCount()) === 0);

  /** Commits and publishes events one message each, so that each has a sequence of its own. */
  const publishOneByOne = async (count: number, first = 0) => {
    for (let n = first; n < first + count; n += 1) {
      await bed.commit(1, n);
      await allPublished();
    }
  };

  it('fills a stream that was deleted and made anew, while the relay runs', async () => {
    bed.relay({ verifyMs: 100 });
    await publishOneByOne(10);
    await bed.bus.manager.streams.delete(bed.stream.name);
    await until(async () => (await inStream()).length === 10);
    expect(await bed.eventNumbers()).toEqual(numbers(0, 10));
  });

  it('fills a stream that was purged, though its duplicate window remembers every id', async () => {
    bed.relay({ verifyMs: 100 });
    await publishOneByOne(10);
    await bed.bus.manager.streams.purge(bed.stream.name);
    await until(async () => (await inStream()).length === 10);
    await allPublished();
    expect(await inStream()).toEqual(numbers(0, 10));
  });

  it('fills a stream that was purged and has taken new messages since', async () => {
    const first = bed.relay();
    await publishOneByOne(6);
    await bed.bus.manager.streams.purge(bed.stream.name);
    await publishOneByOne(30, 6);
    await first.stop();
    bed.relay();
    await until(async () => (await inStream()).length === 36);
    expect(await inStream()).toEqual(numbers(0, 36));
  });

  it('after a power cut publishes again what came after the copy, and only that', async () => {
    bed.relay();
    await publishOneByOne(20);
    await nats.copyStore();
    await reconnected();
    await publishOneByOne(15, 20);
    await nats.loseWhatCameAfterTheCopy();
    await nats.up();
    await reconnected();
    await until(async () => (await inStream()).length === 35);
    await allPublished();
    expect(await bed.eventNumbers()).toEqual(numbers(0, 35));
  });

  it('sees the loss even when others have filled the sequences up since', async () => {
    const first = bed.relay();
    await publishOneByOne(5);
    await nats.copyStore();
    await reconnected();
    await publishOneByOne(8, 5);
    await first.stop();
    await nats.loseWhatCameAfterTheCopy();
    await nats.up();
    await reconnected();
    for (let n = 0; n < 20; n += 1) {
      await bed.publisher.publish(`${bed.root}.card.v1.card.foreign.0`, Buffer.alloc(0), `foreign-${n}`, 0);
    }
    bed.relay();
    await until(async () => (await inStream()).length === 13);
    expect(await inStream()).toEqual(numbers(0, 13));
  });

  it('goes on publishing through a power cut, and what was acknowledged before it is not lost', async () => {
    bed.relay();
    await publishOneByOne(5);
    await nats.copyStore();
    await reconnected();
    await publishOneByOne(5, 5);
    await nats.loseWhatCameAfterTheCopy();
    await bed.commit(30, 10);
    await nats.up();
    await bed.commit(10, 40);
    await reconnected();
    await until(async () => (await inStream()).length === 50);
    await allPublished();
    expect(await inStream()).toEqual(numbers(0, 50));
  });

  it('leaves a stream alone that has all it was given', async () => {
    const redriven: number[] = [];
    bed.relay({ verifyMs: 10, onRedrive: (rows) => redriven.push(rows) });
    await publishOneByOne(12);
    await until(async () => (await bed.eventNumbers()).length === 12);
    expect(redriven).toEqual([]);
    expect(await bed.eventNumbers()).toEqual(numbers(0, 12));
  });

  it('does not bring back what the stream let go by its own limits', async () => {
    const redriven: number[] = [];
    const relay = bed.relay({ onRedrive: (rows) => redriven.push(rows) });
    await publishOneByOne(10);
    await bed.bus.manager.streams.update(bed.stream.name, { max_msgs: 4 });
    await relay.stop();
    const after = bed.relay({ verifyMs: 10, onRedrive: (rows) => redriven.push(rows) });
    await until(() => after.leading);
    await publishOneByOne(3, 10);
    expect(redriven).toEqual([]);
  });

  it('does not bring back what an emptied stream had kept as long as it keeps anything', async () => {
    const redriven: number[] = [];
    let looks = 0;
    const publisher = {
      publish: bed.publisher.publish.bind(bed.publisher),
      messageIdAt: bed.publisher.messageIdAt.bind(bed.publisher),
      streamState: async () => {
        looks += 1;
        return { ...(await bed.publisher.streamState()), ageMsMax: 1000 };
      },
    };
    const relay = bed.relay({ publisher, verifyMs: 10, onRedrive: (rows) => redriven.push(rows) });
    await publishOneByOne(4);
    await bed.bus.manager.streams.purge(bed.stream.name);
    const looksBefore = looks;
    await until(() => looks > looksBefore + 1);
    await publishOneByOne(4, 4);
    expect(relay.lastError).toBeUndefined();
    expect(redriven).toEqual([]);
    expect(await inStream()).toEqual(numbers(4, 8));
  });
});
