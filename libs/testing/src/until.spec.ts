import { describe, expect, it } from '@jest/globals';
import { until } from './until.ts';

describe('until', () => {
  it('hands back the first truthy answer', async () => {
    let asked = 0;
    const answer = await until(() => (++asked === 3 ? `asked ${asked} times` : undefined), { everyMs: 1 });
    expect(answer).toBe('asked 3 times');
  });

  it('takes an error for not yet', async () => {
    let asked = 0;
    await until(
      () => {
        asked += 1;
        if (asked < 2) throw new Error('connection refused');
        return true;
      },
      { everyMs: 1 },
    );
    expect(asked).toBe(2);
  });

  it('gives up with the condition and its last answer', async () => {
    const never = () => Promise.resolve(false);
    await expect(until(never, { timeoutMs: 5, everyMs: 1 })).rejects.toThrow(/Promise\.resolve\(false\).*last: false/);
  });
});
