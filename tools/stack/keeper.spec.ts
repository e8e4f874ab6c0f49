import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { keep, pauseMs } from './keeper.ts';
import type { Keeper } from './keeper.ts';
import { isAlive } from '../servers/processes.ts';

const impatient = { firstMs: 1, longestMs: 4, healthyMs: 60_000 };
const stop = { signal: 'SIGTERM', graceMs: 1_000 } as const;
const keepers: Keeper[] = [];
afterEach(async () => {
  await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
});

/** A program of the shell's, because a hundred of them start while one of Node's does. */
function start(script: string, changed = (): void => undefined): Keeper {
  const begin = (): ChildProcess => spawn('sh', ['-c', script], { stdio: 'ignore' });
  const keeper = keep({ name: 'program', spawn: begin, stop }, changed, impatient);
  keepers.push(keeper);
  return keeper;
}

describe('a keeper', () => {
  it('starts a program again that was killed', async () => {
    const keeper = start('exec sleep 1000');
    const first = keeper.state.process;
    process.kill(first?.pid ?? 0, 'SIGKILL');
    await until(() => keeper.state.restarts === 1 && keeper.state.process !== null);
    expect(keeper.state.process).not.toEqual(first);
    expect(keeper.state.lastExit).toBe('signal SIGKILL');
    expect(isAlive(keeper.state.process)).toBe(true);
  });

  it('goes on trying one that ends at once, and says how it ended', async () => {
    const keeper = start('exit 7');
    await until(() => keeper.state.restarts >= 3);
    expect(keeper.state.lastExit).toBe('exit code 7');
  });

  it('stops for good, also between two tries', async () => {
    const keeper = start('exit 7');
    await until(() => keeper.state.state === 'waiting');
    await keeper.stop();
    const { restarts } = keeper.state;
    await until(() => keeper.state.process === null);
    expect(keeper.state).toMatchObject({ state: 'stopped', restarts });
  });

  it('tells of every change', async () => {
    const seen: string[] = [];
    const keeper: Keeper = start('exit 0', () => seen.push(keepers[0]?.state.state ?? 'first'));
    await until(() => keeper.state.restarts > 0);
    expect(seen.slice(0, 3)).toEqual(['first', 'waiting', 'running']);
  });

  it('says so when the program is not there at all', async () => {
    const keeper = keep({ name: 'nothing', spawn: () => spawn('/no/such/program'), stop }, () => undefined, impatient);
    keepers.push(keeper);
    await until(() => keeper.state.lastExit !== null);
    expect(keeper.state.lastExit).toContain('ENOENT');
  });

  it('waits longer each time, up to a limit', () => {
    const pauses = [0, 1, 2, 3, 50].map((inARow) => pauseMs(inARow, { firstMs: 200, longestMs: 1_000, healthyMs: 1 }));
    expect(pauses).toEqual([200, 400, 800, 1_000, 1_000]);
  });
});
