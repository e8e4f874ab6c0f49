import { describe, expect, it } from '@jest/globals';
import { startTicker } from './ticker.ts';

describe('a ticker', () => {
  it('beats from its start on, once a millisecond at most', async () => {
    const ticker = startTicker();
    const beatsMs: number[] = [];
    try {
      for (let beats = 0; beats < 20; beats += 1) {
        await ticker.next();
        beatsMs.push(performance.now() - ticker.startsMs);
      }
    } finally {
      await ticker.stop();
    }
    expect(beatsMs[0]).toBeGreaterThanOrEqual(0);
    expect(beatsMs.at(-1)).toBeGreaterThanOrEqual(19);
  });
});
