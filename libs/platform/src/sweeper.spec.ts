import { describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { createLogger } from './logger.ts';
import { Sweeper } from './sweeper.ts';

const silent = createLogger('test', 'silent');

describe('sweeper', () => {
  it('runs a sweep again and again, one run at a time, and goes on after a failure', async () => {
    let runs = 0;
    let underWay = 0;
    let mostUnderWay = 0;
    const sweep = {
      name: 'count',
      everyMs: 1,
      run: async () => {
        underWay += 1;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        runs += 1;
        if (runs === 2) throw new Error('the database is away');
      },
    };
    const sweeper = new Sweeper([sweep], silent);
    sweeper.start();
    await until(() => runs >= 4);
    await sweeper.stop();
    expect(mostUnderWay).toBe(1);
  });

  it('waits for the run under way when it stops, and starts no other', async () => {
    let release: () => void = () => undefined;
    let started = 0;
    let finished = 0;
    const run = async () => {
      started += 1;
      await new Promise<void>((resolve) => (release = resolve));
      finished += 1;
    };
    const sweeper = new Sweeper([{ name: 'slow', everyMs: 1, run }], silent);
    sweeper.start();
    await until(() => started === 1);
    const stopped = sweeper.stop();
    release();
    await stopped;
    expect({ started, finished }).toEqual({ started: 1, finished: 1 });
  });
});
