import { describe, expect, it } from '@jest/globals';
import { UnderWay } from './under-way.ts';

describe('work under way', () => {
  it('is counted until it ends, and whoever waits is told when none is left', async () => {
    const underWay = new UnderWay();
    const [first, second] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    underWay.add(first.promise);
    underWay.add(second.promise);
    expect(underWay.count).toBe(2);
    const told: string[] = [];
    const waiting = [underWay.idle(), underWay.idle()].map((idle, at) => idle.then(() => told.push(`${at}`)));
    first.resolve(undefined);
    await new Promise((resolve) => setImmediate(resolve));
    expect([underWay.count, told]).toEqual([1, []]);
    second.resolve(undefined);
    await Promise.all(waiting);
    expect([underWay.count, told]).toEqual([0, ['0', '1']]);
    await underWay.idle();
  });

  it('that begins while somebody is told is waited for, too', async () => {
    const underWay = new UnderWay();
    const [first, second] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    underWay.add(first.promise);
    let isIdle = false;
    const idle = underWay.idle().then(() => (isIdle = true));
    first.resolve(undefined);
    await first.promise;
    underWay.add(second.promise);
    await new Promise((resolve) => setImmediate(resolve));
    expect(isIdle).toBe(false);
    second.resolve(undefined);
    await idle;
  });
});
