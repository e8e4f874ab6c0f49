import { describe, expect, it } from '@jest/globals';
import { Bell } from './bell.ts';

describe('Bell', () => {
  const LONG_MS = 60_000;

  it('wakes who waits', async () => {
    const bell = new Bell();
    const waiting = bell.wait(LONG_MS);
    bell.ring();
    await expect(waiting).resolves.toBeUndefined();
  });

  it('keeps one ring for who comes next, and only one', async () => {
    const bell = new Bell();
    bell.ring();
    bell.ring();
    await bell.wait(LONG_MS);
    const order: string[] = [];
    const second = bell.wait(LONG_MS).then(() => order.push('second'));
    await Promise.resolve();
    order.push('rung');
    bell.ring();
    await second;
    expect(order).toEqual(['rung', 'second']);
  });

  it('lets go by itself in the end', async () => {
    await expect(new Bell().wait(1)).resolves.toBeUndefined();
  });
});
