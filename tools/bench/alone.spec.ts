import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { processOf } from '../servers/processes.ts';
import { alone } from './alone.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollwire-alone-'));
const file = join(folder, 'bench.lock');
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('a bench', () => {
  it('is the only one, and leaves no lock behind', async () => {
    const second = alone(async () => await alone(async () => 0, file), file);
    await expect(second).rejects.toThrow(`Another bench runs on this machine (process ${process.pid})`);
    expect(existsSync(file)).toBe(false);
    expect(await alone(async () => 3, file)).toBe(3);
  });

  it.each([
    ['a process that has ended', JSON.stringify({ ...processOf(process.pid), bornAt: 'long ago' })],
    ['a file cut short', '{"pid":'],
  ])('takes over from %s', async (_, text) => {
    writeFileSync(file, text);
    expect(await alone(async () => 0, file)).toBe(0);
  });

  it('cleans up when it is interrupted, and says so by its exit code', async () => {
    const interrupted = alone(async (signal) => {
      process.emit('SIGTERM');
      signal.throwIfAborted();
      return 0;
    }, file);
    expect(await interrupted).toBe(130);
    expect(existsSync(file)).toBe(false);
  });
});
