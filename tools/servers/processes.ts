import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';

/** A process by its id and its birth, so that a later process which got the same id is not taken for it. */
export const processRef = z.object({ pid: z.number().int().positive(), bornAt: z.string() });
export type ProcessRef = z.infer<typeof processRef>;

/** The process that has this id now, or nothing when there is none (one that died and was not yet reaped counts as none). */
export function processOf(pid: number): ProcessRef | undefined {
  const bornAt = existsSync('/proc/self/stat') ? bornAtOnLinux(pid) : bornAtByPs(pid);
  return bornAt === undefined ? undefined : { pid, bornAt };
}

/** Whether this very process still lives. */
export function isAlive(ref: ProcessRef | null | undefined): ref is ProcessRef {
  return ref !== null && ref !== undefined && processOf(ref.pid)?.bornAt === ref.bornAt;
}

/**
 * Ends a process that we started, and only that one: asks with `signal`, waits up to `graceMs`, then kills. Hands back
 * false when it was gone before.
 */
export async function endProcess(ref: ProcessRef | null | undefined, signal: NodeJS.Signals, graceMs: number): Promise<boolean> {
  if (!isAlive(ref)) return false;
  send(ref, signal);
  const deadlineMs = performance.now() + graceMs;
  while (isAlive(ref) && performance.now() < deadlineMs) await delay(25);
  if (isAlive(ref)) send(ref, 'SIGKILL');
  while (isAlive(ref)) await delay(25);
  return true;
}

function send(ref: ProcessRef, signal: NodeJS.Signals): void {
  try {
    process.kill(ref.pid, signal);
  } catch (error) {
    // It ended between the look and the signal.
    if (isAlive(ref)) throw error;
  }
}

function bornAtOnLinux(pid: number): string | undefined {
  let stat: string;
  try {
    stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  } catch {
    return undefined;
  }
  // The name, in brackets, may hold anything; the fields after the last bracket are fixed (proc_pid_stat(5)).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const [state, startTicks] = [fields[0], fields[19]];
  return state === 'Z' || state === 'X' ? undefined : `${bootId()}-${startTicks}`;
}

let bootIdRead: string | undefined;
function bootId(): string {
  const file = '/proc/sys/kernel/random/boot_id';
  bootIdRead ??= existsSync(file) ? readFileSync(file, 'utf8').slice(0, 8) : 'boot';
  return bootIdRead;
}

function bornAtByPs(pid: number): string | undefined {
  try {
    const text = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
    return text === '' || text.startsWith('Z') ? undefined : text.replace(/^\S+\s+/, '');
  } catch {
    return undefined;
  }
}
