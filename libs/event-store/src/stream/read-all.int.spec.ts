import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { append, beginning, catchUp, type Checkpoint, Database, gateAge, load, readAll, restamp } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';

interface Counted {
  readonly type: 'Counted';
  readonly n: number;
}

describe('readAll', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed('readall', ['CREATE TABLE followed (name text, n int)']);
  });

  afterAll(() => bed.close());

  const count = (sql: Parameters<typeof append>[0], stream: string, n: number, expectedVersion = 0) =>
    append<Counted>(sql, [{ stream, expectedVersion, events: [{ type: 'Counted', n }] }]);

  /** Other suites share the server, and a write of theirs holds the gate here, too. */
  const gateOpen = () => until(async () => (await gateAge(bed.database)) === 0);

  /** Reads all there is to read behind a checkpoint, two at a time. */
  const readBehind = async (after: Checkpoint): Promise<{ ns: number[]; checkpoint: Checkpoint }> => {
    const ns: number[] = [];
    let checkpoint = after;
    for (;;) {
      const events = await readAll<Counted>(bed.database, checkpoint, 2);
      ns.push(...events.map(({ event }) => event.n));
      checkpoint = events.at(-1)?.checkpoint ?? checkpoint;
      if (events.length === 0) return { ns, checkpoint };
    }
  };

  it('skips nothing when a transaction commits after one that began later', async () => {
    await gateOpen();
    const start = (await readBehind(beginning)).checkpoint;
    const seenMeanwhile = await bed.database.transaction(async (late) => {
      await count(late, 'late', 1);
      await count(bed.database, 'early', 2);
      return await readBehind(start);
    });
    expect(seenMeanwhile.ns).toEqual([]);
    await gateOpen();
    expect((await readBehind(seenMeanwhile.checkpoint)).ns).toEqual([1, 2]);
  });

  it('skips nothing and repeats nothing while many write at once', async () => {
    await gateOpen();
    const start = (await readBehind(beginning)).checkpoint;
    const done = new AbortController();
    const seen: number[] = [];
    const reader = (async () => {
      let checkpoint = start;
      for (let isLast = false; !isLast; ) {
        isLast = done.signal.aborted;
        const read = await readBehind(checkpoint);
        seen.push(...read.ns);
        checkpoint = read.checkpoint;
      }
    })();
    await Promise.all(
      Array.from({ length: 8 }, async (_unused, writer) => {
        for (let n = 0; n < 25; n += 1) {
          await bed.database.transaction(async (tx) => {
            await count(tx, `writer-${writer}-${n}`, writer * 100 + n);
            if (n % 3 === 0) await tx.query('SELECT pg_sleep(0.002)');
          });
        }
      }),
    );
    await gateOpen();
    done.abort();
    await reader;
    expect(seen).toHaveLength(200);
    expect(new Set(seen).size).toBe(200);
  });

  it('tells how long the oldest event waits behind the gate', async () => {
    await gateOpen();
    const waitingSec = await bed.database.transaction(async (late) => {
      await count(late, 'holds', 1);
      await count(bed.database, 'waits', 2);
      await late.query('SELECT pg_sleep(0.02)');
      return await gateAge(bed.database);
    });
    expect(waitingSec).toBeGreaterThan(0.01);
    await gateOpen();
  });

  describe('catchUp', () => {
    const follower = (name: string, fails = false) => ({
      name,
      async handle(tx: Parameters<typeof append>[0], events: readonly { event: Counted }[]) {
        await tx.query('INSERT INTO followed SELECT $1, unnest($2::int[])', [name, events.map(({ event }) => event.n)]);
        if (fails) throw new Error('half way');
      },
    });
    const followed = async (name: string) => (await bed.database.query('SELECT n FROM followed WHERE name = $1', [name])).length;

    it('gives every event once, whoever asks and however often it failed', async () => {
      await gateOpen();
      const all = (await readBehind(beginning)).ns.length;
      await expect(catchUp<Counted>(bed.database, follower('view', true), 50)).rejects.toThrow('half way');
      const other = await bed.another();
      const drain = async (database: Database) => {
        while ((await catchUp<Counted>(database, follower('view'), 50)) > 0);
      };
      await Promise.all([drain(bed.database), drain(other)]);
      expect(await followed('view')).toBe(all);
    });

    it('goes on where it was after a restore whose transaction ids are in the future', async () => {
      await gateOpen();
      const before = await readBehind(beginning);
      await catchUp<Counted>(bed.database, follower('restored'), 7);
      await bed.asOwner("UPDATE event SET xid = (xid::text::bigint + 1000000000)::text::xid8");
      await bed.asOwner("UPDATE projection_checkpoint SET xid = (xid::text::bigint + 1000000000)::text::xid8");
      expect((await readBehind(beginning)).ns).toEqual([]);
      const owner = await Database.connect({ url: bed.ownerUrl, applicationName: 'restore' });
      expect(await owner.transaction(restamp)).toBe(before.ns.length);
      expect(await owner.transaction(restamp)).toBe(before.ns.length);
      await owner.close();
      await count(bed.database, 'after-restore', 4242);
      await gateOpen();
      expect((await readBehind(beginning)).ns).toEqual([...before.ns, 4242]);
      while ((await catchUp<Counted>(bed.database, follower('restored'), 7)) > 0);
      expect(await followed('restored')).toBe(before.ns.length + 1);
      expect((await load(bed.database, 'after-restore')).version).toBe(1);
    });
  });
});
