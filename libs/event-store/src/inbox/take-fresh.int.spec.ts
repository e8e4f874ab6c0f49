import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { takeFresh } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';
import { receivedEvents } from '../spec/events.ts';

describe('takeFresh', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed('inbox');
  });

  afterAll(() => bed.close());

  const ids = (first: number, count = 3) => receivedEvents(count, first).map(({ id }) => id);

  it('tells what is new, each id once', async () => {
    const [a = '', b = '', c = ''] = ids(0);
    expect(await takeFresh(bed.database, 'tell', [b, a, b])).toEqual(new Set([a, b]));
    expect(await takeFresh(bed.database, 'tell', [a, c, c])).toEqual(new Set([c]));
    expect(await takeFresh(bed.database, 'tell', [a, b, c])).toEqual(new Set());
    expect(await takeFresh(bed.database, 'tell', [])).toEqual(new Set());
  });

  it('waits for who is taking the same events, and leaves them to him if he commits', async () => {
    await expectOutcome('commits', new Set());
  });

  it('waits for who is taking the same events, and takes them if he rolls back', async () => {
    await expectOutcome('rolls back', new Set(ids(20)));
  });

  const expectOutcome = async (ending: 'commits' | 'rolls back', expected: Set<string>) => {
    const events = ids(ending === 'commits' ? 10 : 20);
    let second: Promise<Set<string>> | undefined;
    const first = bed.database.transaction(async (tx) => {
      await takeFresh(tx, 'waits', events);
      second = bed.database.transaction((other) => takeFresh(other, 'waits', events));
      await until(async () => (await bed.database.query('SELECT pid FROM pg_locks WHERE NOT granted AND locktype = $1', ['transactionid'])).length > 0);
      if (ending === 'rolls back') throw new Error('undone');
    });
    await first.catch((error: unknown) => error);
    expect(await second).toEqual(expected);
  };

  it('never deadlocks, whatever the order of ids in two batches', async () => {
    const shared = ids(100, 200);
    const takers = [shared, shared.toReversed()].flatMap((order) => [order, order, order]);
    const taken = await Promise.all(takers.map((order) => bed.database.transaction((tx) => takeFresh(tx, 'crossed', order))));
    expect(taken.reduce((sum, { size }) => sum + size, 0)).toBe(200);
  });

  it('gives a consumer one number for good, and uses up none for repeats', async () => {
    for (let round = 0; round < 5; round += 1) await takeFresh(bed.database, 'numbered', ids(0));
    await takeFresh(bed.database, 'next', ids(0));
    const numbers = await bed.database.query<{ id: number }>("SELECT id FROM inbox_consumer WHERE name IN ('numbered', 'next') ORDER BY id");
    expect((numbers[1]?.id ?? 0) - (numbers[0]?.id ?? 0)).toBe(1);
  });
});
