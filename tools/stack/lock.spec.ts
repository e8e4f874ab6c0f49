import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { withLock } from './lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollwire-stack-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});
const file = (): string => join(folder, 'up.lock');

describe('a lock of the stack', () => {
  it('lets one in at a time, and the next when that one is done', async () => {
    const steps: string[] = [];
    const gate = Promise.withResolvers<undefined>();
    const first = withLock('up', async () => {
      steps.push('first in');
      await gate.promise;
      steps.push('first out');
    }, folder);
    const second = withLock('up', async () => void steps.push('second in'), folder);
    await withLock('seed', async () => void steps.push('another lock'), folder);
    gate.resolve(undefined);
    await Promise.all([first, second]);
    expect(steps).toEqual(['first in', 'another lock', 'first out', 'second in']);
  });

  it('is given back, with the answer or the failure of the work', async () => {
    expect(await withLock('up', async () => 5, folder)).toBe(5);
    await expect(withLock('up', () => Promise.reject(new Error('no port')), folder)).rejects.toThrow('no port');
    expect(existsSync(file())).toBe(false);
  });

  it.each([
    ['of a process that is gone', { pid: 999_999, bornAt: 'then' }],
    ['of an earlier process with our id', { pid: process.pid, bornAt: 'in another time' }],
    ['without an owner', {}],
  ])('%s is taken over', async (_, owner) => {
    writeFileSync(file(), JSON.stringify(owner));
    expect(await withLock('up', async () => 'in', folder)).toBe('in');
  });

  it('that cannot be written is told in a sentence', async () => {
    await expect(withLock('up', async () => 'in', join(folder, 'nowhere'))).rejects.toThrow(/up\.lock cannot be written .*use a clone of your own\.$/);
  });
});
