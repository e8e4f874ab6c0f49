import { describe, expect, it } from '@jest/globals';
import { openLoop } from './open-loop.ts';

/** A clock that goes a millisecond at each look. */
function ticking(): () => number {
  let ms = 0;
  return () => (ms += 1);
}

describe('an open loop', () => {
  it('sends as many as were due, each once, and hands back every outcome', async () => {
    const asked: number[] = [];
    const { latenciesMs, outcomes } = await openLoop(100, 0.2, async (at) => {
      asked.push(at);
      return at % 5 === 0 ? 'insufficient_credit' : 'allowed';
    }, ticking());
    expect(asked).toEqual(Array.from({ length: 20 }, (_, at) => at));
    expect([latenciesMs.length, outcomes]).toEqual([20, { allowed: 16, insufficient_credit: 4 }]);
  });

  it('goes on sending while answers are held back, and counts the wait from when a request was due', async () => {
    const held: (() => void)[] = [];
    let nowMs = 0;
    const clock = () => (nowMs += 1);
    const answer = async (at: number) => {
      if (at === 9) for (const release of held.splice(0)) release();
      else await new Promise<void>((resolve) => held.push(resolve));
      return 'allowed';
    };
    const { latenciesMs, outcomes } = await openLoop(1000, 0.01, answer, clock);
    expect(outcomes).toEqual({ allowed: 10 });
    const [first = 0, last = 0] = [latenciesMs[0], latenciesMs[9]];
    expect(first).toBeGreaterThanOrEqual(9);
    expect(first).toBeGreaterThan(last);
  });

  it('fails where asking throws', async () => {
    await expect(openLoop(1000, 0.003, async (at) => (at === 1 ? Promise.reject(new Error('a bug')) : 'allowed'))).rejects.toThrow('a bug');
  });
});
