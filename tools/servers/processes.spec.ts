import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { endProcess, isAlive, processOf } from './processes.ts';

/** A program that says when it is there, and ends upon SIGTERM only when it is not stubborn. */
async function program(stubborn = false) {
  // What a shell ignores, the program that takes its place ignores as well.
  const child = spawn('sh', ['-c', `${stubborn ? "trap '' TERM; " : ''}echo there; exec sleep 1000`], { stdio: ['ignore', 'pipe', 'ignore'] });
  await once(child.stdout, 'data');
  const ref = processOf(child.pid ?? 0);
  if (ref === undefined) throw new Error('It should have been there');
  return { child, ref };
}

describe('a process reference', () => {
  it('holds while the process lives, and not a moment longer', async () => {
    const { child, ref } = await program();
    expect(isAlive(ref)).toBe(true);
    child.kill('SIGKILL');
    await until(() => !isAlive(ref));
    expect(processOf(ref.pid)).toBeUndefined();
  });

  it('does not take a later process with the same id for its own', () => {
    const self = processOf(process.pid);
    expect(isAlive(self)).toBe(true);
    expect(isAlive({ pid: process.pid, bornAt: 'in another time' })).toBe(false);
  });
});

describe('ending a process', () => {
  it('asks first', async () => {
    const { child, ref } = await program();
    const exit = once(child, 'exit');
    expect(await endProcess(ref, 'SIGTERM', 5_000)).toBe(true);
    expect(await exit).toEqual([null, 'SIGTERM']);
  });

  it('kills one that does not listen', async () => {
    const { child, ref } = await program(true);
    const exit = once(child, 'exit');
    await endProcess(ref, 'SIGTERM', 50);
    expect(await exit).toEqual([null, 'SIGKILL']);
  });

  it('leaves alone whoever has the id now', async () => {
    const { child, ref } = await program();
    expect(await endProcess({ pid: ref.pid, bornAt: 'in another time' }, 'SIGKILL', 50)).toBe(false);
    expect(isAlive(ref)).toBe(true);
    child.kill('SIGKILL');
  });

  it('has nothing to do for one that is gone', async () => {
    expect(await endProcess(undefined, 'SIGTERM', 50)).toBe(false);
  });
});
