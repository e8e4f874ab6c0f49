import { encodeEvent } from '@tollwire/contracts';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { testBus, until } from '@tollwire/testing';
import { enqueue, enqueueEncoded, type OutboxRelay } from '../index.ts';
import { publicEvent } from '../spec/events.ts';
import { numbers, openRelayBed, type RelayBed } from '../spec/relay-bed.ts';

describe('OutboxRelay', () => {
  const bus = testBus('relay');
  let bed: RelayBed;

  beforeEach(async () => {
    bed = await openRelayBed('relay', bus.url, bus.root);
  });

  afterEach(async () => {
    await bed.close();
    await bus.drop();
  });

  const allPublished = () => until(async () => (await bed.pendingCount()) === 0);

  /** Ends the session that holds the relay's lock; true if there was one. */
  const cutLeader = async () => {
    const cut = await bed.database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_locks
       WHERE locktype = 'advisory' AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return cut.length > 0;
  };

  it('publishes what was committed, under ids of their own, and keeps the rows', async () => {
    await bed.database.transaction((tx) => enqueue(tx, bed.root, [publicEvent(0), publicEvent(1), publicEvent(2)]));
    bed.relay();
    await allPublished();
    expect(await bed.eventNumbers()).toEqual([0, 1, 2]);
    const messages = await bed.messages();
    expect(new Set(messages.map(({ messageId }) => messageId)).size).toBe(messages.length);
    const kept = await bed.database.query<{ stream_seq: bigint; message_id: string }>('SELECT * FROM outbox_published ORDER BY stream_seq');
    expect(kept.map(({ stream_seq, message_id }) => [Number(stream_seq), message_id])).toEqual(messages.map(({ seq, messageId }) => [seq, messageId]));
    expect(await bed.database.query('SELECT position FROM outbox')).toHaveLength(messages.length);
  });

  it('publishes nothing of what was rolled back', async () => {
    const undone = bed.database.transaction(async (tx) => {
      await enqueue(tx, bed.root, [publicEvent(7)]);
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    bed.relay();
    await bed.commit(1);
    await allPublished();
    expect(await bed.eventNumbers()).toEqual([0]);
  });

  it('publishes at once when it is woken, long before it would look by itself', async () => {
    const relay = bed.relay({ pollMs: 60_000 });
    await until(() => relay.leading);
    await bed.commit(1);
    relay.wake();
    await allPublished();
    expect(await bed.eventNumbers()).toEqual([0]);
  });

  it('packs what many transactions committed into few messages', async () => {
    await bed.commit(400);
    bed.relay();
    await allPublished();
    expect(await bed.eventNumbers()).toEqual(numbers(0, 400));
    expect((await bed.messages()).length).toBeLessThanOrEqual(4);
  });

  it('finds a transaction that commits late, behind positions that were published already', async () => {
    bed.relay();
    const other = await bed.another();
    await other.transaction(async (tx) => {
      await enqueue(tx, bed.root, [publicEvent(0)]);
      await bed.commit(3, 1);
      await allPublished();
    });
    await until(async () => (await bed.eventNumbers()).length === 4);
    expect(await bed.eventNumbers()).toEqual([0, 1, 2, 3]);
  });

  it('goes on when PostgreSQL ends its session', async () => {
    const relay = bed.relay();
    await until(() => relay.leading);
    await cutLeader();
    await bed.commit(5);
    await allPublished();
    expect(await bed.eventNumbers()).toEqual(numbers(0, 5));
  });

  it('holds nothing up for a subject that no stream takes', async () => {
    const errors: unknown[] = [];
    await enqueueEncoded(bed.database, [{ subject: `${bed.root}.nowhere`, bytes: encodeEvent(publicEvent(0)) }]);
    bed.relay({ onError: (error) => errors.push(error) });
    await bed.commit(5);
    await until(async () => (await bed.pendingCount()) === 1);
    expect(await bed.eventNumbers()).toEqual(numbers(0, 5));
    expect(errors.length).toBeGreaterThan(0);
  });

  describe('of which several run', () => {
    const leaders = (relays: readonly OutboxRelay[]) => relays.filter(({ leading }) => leading);

    it('lets one lead, and another when that one stops, with nothing lost or doubled', async () => {
      const relays = [bed.relay(), bed.relay(), bed.relay()];
      const writing = bed.commit(200);
      const first = await until(() => leaders(relays)[0]);
      expect(leaders(relays)).toHaveLength(1);
      await first.stop();
      await until(() => leaders(relays).length === 1);
      await writing;
      await allPublished();
      expect(leaders(relays)).not.toContain(first);
      expect(await bed.eventNumbers()).toEqual(numbers(0, 200));
    });

    it('loses nothing when the leader is cut off in the middle', async () => {
      bed.relay();
      bed.relay();
      const writing = bed.commit(300);
      for (let cut = 0; cut < 5; cut += 1) await until(cutLeader);
      await writing;
      await allPublished();
      expect([...new Set(await bed.eventNumbers())]).toEqual(numbers(0, 300));
    });
  });

  it('publishes a backlog larger than it reads at a time, each message within its limit', async () => {
    const big = Buffer.alloc(200_000, 'x');
    for (let n = 0; n < 30; n += 1) await enqueueEncoded(bed.database, [{ subject: `${bed.root}.card.v1.card.big.0`, bytes: big }]);
    bed.relay();
    await allPublished();
    const { state } = await bed.bus.manager.streams.info(bed.stream.name);
    expect(state.messages).toBeGreaterThanOrEqual(15);
    expect(state.messages).toBeLessThan(20);
    const published = await bed.database.query<{ positions: bigint[] }>('SELECT positions FROM outbox_published');
    expect(new Set(published.flatMap(({ positions }) => positions)).size).toBe(30);
  });

  it('says why it cannot publish, goes on trying, and is well again by itself', async () => {
    let failures = 0;
    let isAway = true;
    const publisher = {
      publish: bed.publisher.publish.bind(bed.publisher),
      messageIdAt: bed.publisher.messageIdAt.bind(bed.publisher),
      streamState: async () => {
        if (isAway) throw new Error('the server is away');
        return await bed.publisher.streamState();
      },
    };
    const relay = bed.relay({ publisher, backoffMsMax: 200, onError: () => (failures += 1) });
    await bed.commit(3);
    await until(() => failures >= 3);
    expect(String(relay.lastError)).toContain('the server is away');
    isAway = false;
    await allPublished();
    await until(() => relay.lastError === undefined);
    expect(await bed.eventNumbers()).toEqual([0, 1, 2]);
  });

  it('stops at once when it has nothing to do, however often it is told', async () => {
    const relay = bed.relay({ pollMs: 60_000 });
    relay.start();
    await until(() => relay.leading);
    await Promise.all([relay.stop(), relay.stop()]);
    expect(relay.leading).toBe(false);
  });
});
