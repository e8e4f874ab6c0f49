import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { progress } from '../cli/progress.ts';
import { homeFolder } from '../cli/project.ts';
import { messageOf, Stop } from '../cli/stop.ts';
import { isAlive, processOf, processRef } from '../servers/processes.ts';

/** Runs work that only one process of this clone may do at a time; a second one waits for the first. */
export async function withLock<T>(name: string, work: () => Promise<T>, folder = homeFolder()): Promise<T> {
  const file = join(folder, `${name}.lock`);
  if (!take(file)) {
    await progress(`Waiting for another ./tollwire ${name}`, async () => {
      while (!take(file)) await delay(100);
    });
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

function take(file: string): boolean {
  if (existsSync(file) && !isAlive(ownerOf(file))) rmSync(file, { force: true });
  try {
    writeFileSync(file, JSON.stringify(processOf(process.pid)), { flag: 'wx' });
    return true;
  } catch (error) {
    // Somebody else was quicker; the caller asks again.
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw new Stop(`${file} cannot be written (${messageOf(error)}): this clone was set up by another user; use a clone of your own.`);
  }
}

function ownerOf(file: string): { pid: number; bornAt: string } | undefined {
  try {
    return processRef.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // Being written or removed at this moment.
    return processOf(process.pid);
  }
}
