import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { append, load, loadMany, StreamConflict } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';

type CardEvent = { type: 'CardIssued'; creditNanos: bigint; pin: string } | { type: 'CardActivated'; atUs: number };

describe('append and load', () => {
  let bed: Bed;
  const issued: CardEvent = { type: 'CardIssued', creditNanos: 5_000_000_000n, pin: '0042' };
  const activated: CardEvent = { type: 'CardActivated', atUs: 1_760_000_000_000_000 };

  beforeAll(async () => {
    bed = await openBed('append');
  });

  afterAll(() => bed.close());

  it('gives back what was appended, bigints and all, at its versions', async () => {
    const recorded = await append(bed.database, [{ stream: 'card-1', expectedVersion: 0, events: [issued, activated], meta: { by: 'ops' } }]);
    expect(recorded.map(({ version }) => version)).toEqual([1, 2]);
    expect(await load<CardEvent>(bed.database, 'card-1')).toEqual({ version: 2, events: [issued, activated] });
  });

  it('knows an unknown stream as empty', async () => {
    expect(await load(bed.database, 'card-none')).toEqual({ version: 0, events: [] });
  });

  it('loads many streams at once, each name asked for in the answer', async () => {
    await append(bed.database, [
      { stream: 'card-2', expectedVersion: 0, events: [issued] },
      { stream: 'card-3', expectedVersion: 0, events: [issued, activated] },
    ]);
    const streams = await loadMany<CardEvent>(bed.database, ['card-3', 'card-2', 'card-none']);
    expect([...streams].map(([stream, { version }]) => [stream, version])).toEqual([['card-3', 2], ['card-2', 1], ['card-none', 0]]);
  });

  it('names the streams in which another writer was first, and adds nothing to any', async () => {
    await append(bed.database, [{ stream: 'card-4', expectedVersion: 0, events: [issued] }]);
    const late = bed.database.transaction((tx) =>
      append<CardEvent>(tx, [
        { stream: 'card-5', expectedVersion: 0, events: [issued] },
        { stream: 'card-4', expectedVersion: 0, events: [activated] },
      ]),
    );
    const error = await late.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(StreamConflict);
    expect(String(error)).toContain('card-4');
    expect(String(error)).not.toContain('card-5');
    expect((await load(bed.database, 'card-5')).version).toBe(0);
  });

  it('lets one of many writers of a version win', async () => {
    const writers = Array.from({ length: 8 }, () =>
      bed.database.transaction((tx) => append(tx, [{ stream: 'card-6', expectedVersion: 0, events: [issued] }])),
    );
    const ended = await Promise.allSettled(writers);
    expect(ended.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect((await load(bed.database, 'card-6')).version).toBe(1);
  });

  it('is refused a change of history by the rights of its role', async () => {
    await expect(bed.database.query("UPDATE event SET type = 'x'")).rejects.toThrow('permission denied');
    await expect(bed.database.query('DELETE FROM event')).rejects.toThrow('permission denied');
  });
});
