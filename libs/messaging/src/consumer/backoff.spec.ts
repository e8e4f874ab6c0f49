import { describe, expect, it } from '@jest/globals';
import { backoffMs, Pause } from './backoff.ts';

describe('a pause', () => {
  it('doubles from about 100 ms to about 10 s', () => {
    for (const [failures, fullMs] of [[1, 100], [2, 200], [5, 1600], [20, 10_000], [2000, 10_000]] as const) {
      expect(backoffMs(failures)).toBeGreaterThanOrEqual(fullMs * 0.75);
      expect(backoffMs(failures)).toBeLessThanOrEqual(fullMs);
    }
  });

  it('can be ended early', async () => {
    const pause = new Pause();
    const paused = pause.forMs(60_000);
    pause.end();
    await expect(paused).resolves.toBeUndefined();
    await expect(pause.forMs(60_000)).resolves.toBeUndefined();
  });
});
