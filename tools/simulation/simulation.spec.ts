import { describe, expect, it } from '@jest/globals';
import { failuresOf, simulate } from './simulate.ts';

describe('a simulation', () => {
  it('finds nothing wrong in five seeds, in which calls were made, charged and refused', async () => {
    const { failures, calls, charges } = await failuresOf({ first: 1, count: 5, steps: 100 });
    expect(failures).toEqual([]);
    expect({ calls: calls > 7, charges: charges > 2 }).toEqual({ calls: true, charges: true });
  });

  it('is the same for the same seed, to the last step, and another for another', async () => {
    const traceOf = async (seed: number): Promise<string[]> => {
      const lines: string[] = [];
      await simulate(seed, { steps: 150, trace: (line) => lines.push(line) });
      return lines;
    };
    const once = await traceOf(7);
    expect(once.length).toBeGreaterThan(150);
    expect(await traceOf(7)).toEqual(once);
    expect(await traceOf(8)).not.toEqual(once);
  });
});
