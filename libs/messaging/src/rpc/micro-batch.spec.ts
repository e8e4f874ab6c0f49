import { describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { microBatch } from './micro-batch.ts';

/** A run that remembers its batches, and ends when it is told to. */
function gatedRun() {
  const batches: (readonly number[])[] = [];
  const gates: (() => void)[] = [];
  const run = async (items: readonly number[]) => {
    batches.push(items);
    await new Promise<void>((resolve) => gates.push(resolve));
    return items.map((item) => item * 10);
  };
  return { batches, run, open: () => gates.shift()?.() };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a micro-batch', () => {
  it('runs an item at once, with those of the same turn, and collects what comes meanwhile', async () => {
    const { batches, run, open } = gatedRun();
    const ask = microBatch(run, { itemsMax: 10 });
    const first = [ask(1), ask(2)];
    await turn();
    const second = [ask(3), ask(4), ask(5)];
    await turn();
    expect(batches).toEqual([[1, 2]]);
    open();
    expect(await Promise.all(first)).toEqual([10, 20]);
    await turn();
    expect(batches).toEqual([[1, 2], [3, 4, 5]]);
    open();
    expect(await Promise.all(second)).toEqual([30, 40, 50]);
  });

  it('takes no more at a time than it may', async () => {
    const batches: number[] = [];
    const ask = microBatch(async (items: readonly number[]) => (batches.push(items.length), items), { itemsMax: 3 });
    expect(await Promise.all([1, 2, 3, 4, 5, 6, 7].map(ask))).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(batches).toEqual([3, 3, 1]);
  });

  it('runs as many at a time as it may', async () => {
    const { batches, run, open } = gatedRun();
    const ask = microBatch(run, { itemsMax: 1, concurrency: 2 });
    const answers = [1, 2, 3].map(ask);
    await turn();
    expect(batches).toEqual([[1], [2]]);
    for (let at = 0; at < 3; at += 1) {
      open();
      await turn();
    }
    expect(await Promise.all(answers)).toEqual([10, 20, 30]);
  });

  it('gives a failure to each item of the run that failed, and goes on', async () => {
    let runs = 0;
    const ask = microBatch(
      (items: readonly number[]) => (++runs === 1 ? Promise.reject(new Error('away')) : Promise.resolve(items)),
      { itemsMax: 2 },
    );
    const answers = await Promise.allSettled([1, 2, 3].map(ask));
    expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
  });

  it('fails a run that does not answer each item', async () => {
    const ask = microBatch(() => Promise.resolve([]), { itemsMax: 2 });
    await expect(ask(1)).rejects.toThrow('a run over 1 items answers 1 times');
  });
});

describe('a micro-batch that spaces its runs', () => {
  /** A clock that goes on when it is told to. */
  const clock = { ms: 0, now: () => clock.ms };

  it('begins another beside one that hangs, in time or once a whole batch waits', async () => {
    const { batches, run, open } = gatedRun();
    const ask = microBatch(run, { itemsMax: 3, concurrency: 3, spacingMs: { min: 0, max: 20 }, nowMs: clock.now });
    const slow = ask(0);
    await turn();
    clock.ms += 100;
    open();
    const answers = [slow, ask(1)];
    await turn();
    answers.push(ask(2), ask(3));
    await turn();
    expect(batches).toEqual([[0], [1]]);
    clock.ms += 7;
    await until(() => batches.length === 3);
    answers.push(ask(4), ask(5), ask(6), ask(7));
    await turn();
    expect(batches).toEqual([[0], [1], [2, 3], [4, 5, 6]]);
    for (let at = 0; at < 4; at += 1) {
      open();
      await turn();
    }
    expect(await Promise.all(answers)).toEqual([0, 10, 20, 30, 40, 50, 60, 70]);
    expect(batches.at(-1)).toEqual([7]);
  });

  it('begins the next when nothing is under way any more, however long runs take as a rule', async () => {
    const { batches, run, open } = gatedRun();
    const ask = microBatch(run, { itemsMax: 3, concurrency: 2, spacingMs: { min: 0, max: 60_000 }, nowMs: clock.now });
    const answers = [ask(1)];
    await turn();
    clock.ms += 50_000;
    open();
    answers.push(ask(2));
    await turn();
    answers.push(ask(3));
    await turn();
    expect(batches).toEqual([[1], [2]]);
    open();
    await turn();
    expect(batches).toEqual([[1], [2], [3]]);
    open();
    expect(await Promise.all(answers)).toEqual([10, 20, 30]);
  });

  it('waits for the shortest spacing however soon a run ends, and not for what comes after it', async () => {
    const batches: (readonly number[])[] = [];
    const ask = microBatch(async (items: readonly number[]) => (batches.push(items), items), { itemsMax: 3, spacingMs: { min: 20, max: 40 }, nowMs: clock.now });
    expect(await ask(1)).toBe(1);
    const soon = [ask(2), ask(3)];
    await turn();
    expect(batches).toEqual([[1]]);
    clock.ms += 20;
    expect(await Promise.all(soon)).toEqual([2, 3]);
    clock.ms += 20;
    expect([await ask(4), batches]).toEqual([4, [[1], [2, 3], [4]]]);
  });
});
