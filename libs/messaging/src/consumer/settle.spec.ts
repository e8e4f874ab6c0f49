import { describe, expect, it } from '@jest/globals';
import { EventRefused } from '@tollwire/contracts';
import fc from 'fast-check';
import { reasonOf, settle, TransientFailure } from './settle.ts';

class Passing extends Error {}

/** A handler whose effect, like a transaction's, is all or nothing. */
function handlerOf(poison: ReadonlySet<number>) {
  const handled: number[] = [];
  const parked: number[] = [];
  const settled: number[] = [];
  let calls = 0;
  return {
    handled,
    parked,
    settled,
    calls: () => calls,
    settling: {
      handle: (items: readonly number[]) => {
        calls += 1;
        if (items.some((item) => poison.has(item))) return Promise.reject(new Error('poison'));
        handled.push(...items);
        return Promise.resolve();
      },
      park: (item: number) => Promise.resolve(void parked.push(item)),
      isTransient: (error: unknown) => error instanceof Passing,
      onSettled: (item: number) => void settled.push(item),
    },
  };
}

describe('settling a batch', () => {
  it('parks the poison and nothing else, handles all others once, and settles each', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(), { maxLength: 60 }), fc.func(fc.boolean()), async (items, isPoison) => {
        const poison = new Set(items.filter((item) => isPoison(item)));
        const { handled, parked, settled, settling } = handlerOf(poison);
        await settle(items, settling);
        expect(parked).toEqual(items.filter((item) => poison.has(item)));
        expect(handled).toEqual(items.filter((item) => !poison.has(item)));
        expect(settled).toEqual(items);
      }),
    );
  });

  it('finds one poison event among a thousand in about twenty transactions', async () => {
    const { parked, calls, settling } = handlerOf(new Set([617]));
    await settle(Array.from({ length: 1000 }, (_, at) => at), settling);
    expect(parked).toEqual([617]);
    expect(calls()).toBeLessThanOrEqual(21);
  });

  it('parks nothing where the failure passes, and says so', async () => {
    const { parked, settled, settling } = handlerOf(new Set());
    const failing = { ...settling, handle: () => Promise.reject(new Passing('away')) };
    await expect(settle([1, 2], failing)).rejects.toThrow(TransientFailure);
    expect([parked, settled]).toEqual([[], []]);
  });

  it('keeps what was settled before a failure that passes came in between', async () => {
    const { settled, settling } = handlerOf(new Set([2]));
    const breaking = { ...settling, park: () => Promise.reject(new Passing('away')) };
    await expect(settle([0, 1, 2, 3], breaking)).rejects.toThrow(TransientFailure);
    expect(settled).toEqual([0, 1]);
  });

  it('does not give an event up that cannot be parked, whatever the error', async () => {
    const { settling } = handlerOf(new Set([1]));
    const breaking = { ...settling, park: () => Promise.reject(new Error('a bug')) };
    await expect(settle([1], breaking)).rejects.toThrow(TransientFailure);
  });
});

describe('the reason of a dead letter', () => {
  it.each([
    [new EventRefused({ code: 'unknown_party', detail: 'no card 5' }), 'unknown_party', 'no card 5'],
    [new EventRefused({ code: 'unknown_party' }), 'unknown_party', 'There is no such card or account'],
    [new Error('a bug'), 'failed', 'a bug'],
    ['thrown text', 'failed', 'thrown text'],
  ])('of %p is %s', (error, reason, detail) => {
    expect(reasonOf(error)).toEqual({ reason, detail });
  });
});
