import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stop } from '../cli/stop.ts';
import { isAlive, processOf, processRef } from '../servers/processes.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs a bench as the only one of this machine, of whichever clone: two would each measure the other. Stops with a
 * sentence when there is one. Interrupted, `signal` aborts, the work cleans up, and the exit code is 130.
 */
export async function alone(work: (signal: AbortSignal) => Promise<number>, file = join(tmpdir(), 'tollwire-bench.lock')): Promise<number> {
  take(file);
  const interrupt = new AbortController();
  const interrupted = (): void => {
    process.stderr.write('\ntollwire: interrupted; taking down what had been started.\n');
    interrupt.abort();
  };
  for (const signal of signals) process.once(signal, interrupted);
  try {
    return await work(interrupt.signal);
  } catch (error) {
    if (interrupt.signal.aborted) return 130;
    throw error;
  } finally {
    for (const signal of signals) process.off(signal, interrupted);
    rmSync(file, { force: true });
  }
}

function take(file: string): void {
  const owner = existsSync(file) ? ownerOf(file) : undefined;
  if (isAlive(owner)) throw new Stop(`Another bench runs on this machine (process ${owner.pid}), and each would measure the other: wait for its end.`);
  rmSync(file, { force: true });
  writeFileSync(file, JSON.stringify(processOf(process.pid)), { flag: 'wx' });
}

function ownerOf(file: string): { pid: number; bornAt: string } | undefined {
  try {
    return processRef.safeParse(JSON.parse(readFileSync(file, 'utf8'))).data;
  } catch {
    // Half written by a program that was killed: nobody's.
    return undefined;
  }
}
