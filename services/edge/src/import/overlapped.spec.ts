import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { overlapped } from './overlapped.ts';

/** A promise that somebody else settles. */
function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>((resolve) => (open = resolve));
  return { passed, open };
}

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const item of items) list.push(item);
  return list;
}

describe('work on what comes in', () => {
  it('has every item once and in order, in lots that are not too large, however items come and whoever is faster', async () => {
    const sizes = fc.array(fc.nat({ max: 7 }), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.integer({ min: 1, max: 5 }), fc.array(fc.nat({ max: 3 }), { minLength: 1, maxLength: 5 }), async (counts, itemsMax, turns) => {
        let next = 0;
        let turn = 0;
        const pause = async () => {
          for (let ticks = turns[turn++ % turns.length] ?? 0; ticks > 0; ticks -= 1) await Promise.resolve();
        };
        async function* source() {
          for (const count of counts) {
            await pause();
            yield Array.from({ length: count }, () => next++);
          }
        }
        const lots = await all(overlapped(source(), itemsMax, async (items) => {
          await pause();
          return items;
        }));
        expect(lots.flat()).toEqual(Array.from({ length: next }, (_, at) => at));
        expect(lots.every(({ length }) => length >= 1 && length <= itemsMax)).toBe(true);
      }),
      { numRuns: 100 },
    );
  });

  it('is done with what is there, while the sender says nothing', async () => {
    const never = gate();
    async function* source() {
      yield [1, 2];
      await never.passed;
      yield [3];
    }
    const made = overlapped(source(), 10, (items) => Promise.resolve(items));
    expect((await made.next()).value).toEqual([1, 2]);
    never.open();
    expect((await made.next()).value).toEqual([3]);
    expect((await made.next()).done).toBe(true);
  });

  it('gathers what comes while it is busy', async () => {
    const busy = gate();
    let read = 0;
    async function* source() {
      for (; read < 5; ) yield [read++];
      busy.open();
    }
    const lots = await all(overlapped(source(), 10, async (items) => {
      if (items[0] === 0) await busy.passed;
      return items;
    }));
    expect(lots).toEqual([[0], [1, 2, 3, 4]]);
  });

  it('that fails closes the source, and so does one who wants no more', async () => {
    let closed = 0;
    async function* source() {
      try {
        for (;;) yield [1];
      } finally {
        closed += 1;
      }
    }
    await expect(all(overlapped(source(), 3, () => Promise.reject(new Error('disk full'))))).rejects.toThrow('disk full');
    for await (const lot of overlapped(source(), 3, (items) => Promise.resolve(items))) if (lot.length > 0) break;
    await new Promise((resolve) => setImmediate(resolve));
    expect(closed).toBe(2);
  });

  it('is finished before a source that broke is told of', async () => {
    const done: number[] = [];
    const slow = gate();
    async function* source() {
      yield [1];
      setImmediate(slow.open);
      throw new Error('cable pulled');
    }
    const work = async (items: readonly number[]) => {
      await slow.passed;
      done.push(...items);
    };
    await expect(all(overlapped(source(), 3, work))).rejects.toThrow('cable pulled');
    expect(done).toEqual([1]);
  });
});
