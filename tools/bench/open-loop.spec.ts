import { describe, expect, it } from '@jest/globals';
import { type Beat, openLoop } from './open-loop.ts';

/** A clock that goes a millisecond at each look, and a ticker that lets no time go by itself. */
function ticking(): Beat {
  let ms = -1;
  return { nowMs: () => (ms += 1), ticker: { startsMs: 0, next: () => Promise.resolve(), stop: () => Promise.resolve() } };
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
    const answer = async (at: number) => {
      if (at === 9) for (const release of held.splice(0)) release();
      else await new Promise<void>((resolve) => held.push(resolve));
      return 'allowed';
    };
    const { latenciesMs, outcomes } = await openLoop(1000, 0.01, answer, ticking());
    expect(outcomes).toEqual({ allowed: 10 });
    const [first = 0, last = 0] = [latenciesMs[0], latenciesMs[9]];
    expect(first).toBeGreaterThanOrEqual(9);
    expect(first).toBeGreaterThan(last);
  });

  it('has requests due at whole milliseconds', async () => {
    const beat = ticking();
    let nowMs = 0;
    const sentMs: number[] = [];
    await openLoop(2000, 0.003, async () => {
      sentMs.push(nowMs);
      return 'allowed';
    }, { ...beat, nowMs: () => nowMs, ticker: { ...beat.ticker, next: async () => void (nowMs += 1) } });
    expect(sentMs).toEqual([1, 1, 1, 1, 2, 2]);
  });

  it('stops its ticker, and fails, where asking throws', async () => {
    let stopped = 0;
    const beat = ticking();
    const counted: Beat = { ...beat, ticker: { ...beat.ticker, stop: async () => void (stopped += 1) } };
    await expect(openLoop(1000, 0.003, async (at) => (at === 1 ? Promise.reject(new Error('a bug')) : 'allowed'), counted)).rejects.toThrow('a bug');
    expect(stopped).toBe(1);
  });
});
