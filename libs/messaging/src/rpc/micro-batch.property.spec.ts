import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { microBatch } from './micro-batch.ts';

/** Items in groups: those of one group are asked for in the same turn. Some runs fail. */
const arrivals = fc.array(fc.array(fc.nat(), { minLength: 1, maxLength: 5 }), { maxLength: 12 });
const limits = fc.record({ itemsMax: fc.integer({ min: 1, max: 6 }), concurrency: fc.integer({ min: 1, max: 3 }) });

describe('any micro-batch', () => {
  it('answers each item with its own answer, or with its own run\'s failure, within its limits and in order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), arrivals, limits, fc.nat({ max: 4 }), async (scheduler, groups, { itemsMax, concurrency }, failEvery) => {
        let underWay = 0;
        let underWayMost = 0;
        let runs = 0;
        const sizes = new Set<number>();
        const started: number[] = [];
        const failed = new Set<number>();
        const run = async (items: readonly { at: number; value: number }[]) => {
          underWay += 1;
          runs += 1;
          sizes.add(items.length);
          underWayMost = Math.max(underWayMost, underWay);
          started.push(...items.map(({ at }) => at));
          const fails = failEvery > 0 && runs % (failEvery + 1) === 0;
          if (fails) for (const { at } of items) failed.add(at);
          await scheduler.schedule(Promise.resolve(), 'run');
          underWay -= 1;
          if (fails) throw new Error('away');
          return items.map(({ value }) => value * 2);
        };
        const ask = microBatch(run, { itemsMax, concurrency });
        let at = 0;
        const answers: Promise<PromiseSettledResult<number>>[] = [];
        const values: number[] = [];
        for (const group of groups) {
          for (const value of group) {
            values.push(value);
            const [answer] = [ask({ at: at++, value })];
            answers.push(Promise.allSettled([answer]).then(([settled]) => settled));
          }
          await new Promise((resolve) => setImmediate(resolve));
        }
        await scheduler.waitFor(Promise.all(answers));
        const answered = await Promise.all(answers);
        expect(answered).toEqual(values.map((value, index) =>
          failed.has(index) ? expect.objectContaining({ status: 'rejected' }) : { status: 'fulfilled', value: value * 2 },
        ));
        expect(underWayMost).toBeLessThanOrEqual(concurrency);
        expect([...sizes].filter((size) => size < 1 || size > itemsMax)).toEqual([]);
        expect(started).toEqual(values.map((_, index) => index));
      }),
      { numRuns: 150 },
    );
  });
});
