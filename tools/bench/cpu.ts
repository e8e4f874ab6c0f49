import { readdirSync, readFileSync } from 'node:fs';
import { type RunState } from '../stack/run-state.ts';

/** Processor seconds that each part of the system has used so far, by its name. Linux only; empty elsewhere. */
export type CpuSeconds = ReadonlyMap<string, number>;

const ticksPerSec = 100;

/** Adds up what the processes of a run have used; PostgreSQL's by the database that they work for. */
export function cpuSeconds(state: RunState): CpuSeconds {
  const used = new Map<string, number>();
  const add = (name: string, seconds: number) => used.set(name, (used.get(name) ?? 0) + seconds);
  for (const [name, { process }] of Object.entries(state.processes)) {
    if (process === null) continue;
    add(name, secondsOf(process.pid));
    if (name === 'postgres') for (const pid of childrenOf(process.pid)) add(`postgres ${databaseOf(pid)}`, secondsOf(pid));
  }
  return used;
}

/** What was used between two readings, largest first. */
export function cpuBetween(before: CpuSeconds, after: CpuSeconds): [string, number][] {
  return [...after].map(([name, seconds]): [string, number] => [name, seconds - (before.get(name) ?? 0)]).sort(([, left], [, right]) => right - left);
}

function statOf(pid: number): string[] {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return text.slice(text.lastIndexOf(')') + 2).split(' ');
  } catch {
    // A process that has just ended has no file any more, and uses nothing.
    return [];
  }
}

function secondsOf(pid: number): number {
  const stat = statOf(pid);
  return (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) / ticksPerSec;
}

function childrenOf(pid: number): number[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(statOf(Number(name))[1]) === pid).map(Number);
}

/** PostgreSQL names its processes after what they do: `postgres: <role> <database> <address> …`. */
function databaseOf(pid: number): string {
  try {
    const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    return /postgres: \S+ tollwire_(\w+) /.exec(title)?.[1] ?? 'background';
  } catch {
    return 'background';
  }
}
