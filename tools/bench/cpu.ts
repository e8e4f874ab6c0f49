import { readdirSync, readFileSync } from 'node:fs';
import { type RunState } from '../stack/run-state.ts';
import { rounded } from './arithmetic.ts';

/** Processor seconds that a part of the system used. */
export interface CpuUse {
  readonly name: string;
  readonly seconds: number;
}

/** Processor seconds that each process has used so far, by its id, with the part of the system that it belongs to. Linux only; empty elsewhere. */
export type CpuSeconds = ReadonlyMap<number, CpuUse>;

/** How the program that makes the load is called among the parts. */
export const generator = 'load generator';

const ticksPerSec = 100;

/** Reads what the processes of a run have used, and this one, which makes the load; PostgreSQL's by their database. */
export function cpuSeconds(state: RunState): CpuSeconds {
  const used = new Map<number, CpuUse>();
  for (const [name, { process: server }] of Object.entries(state.processes)) {
    if (server === null) continue;
    used.set(server.pid, { name, seconds: secondsOf(server.pid) });
    if (name === 'postgres') for (const pid of childrenOf(server.pid)) used.set(pid, { name: `postgres ${databaseOf(pid)}`, seconds: secondsOf(pid) });
  }
  return used.set(process.pid, { name: generator, seconds: process.cpuUsage().user / 1e6 + process.cpuUsage().system / 1e6 });
}

/** What each part used between two readings, largest first. A process that ended between them is not counted. */
export function cpuBetween(before: CpuSeconds, after: CpuSeconds): CpuUse[] {
  const used = new Map<string, number>();
  for (const [pid, { name, seconds }] of after) used.set(name, (used.get(name) ?? 0) + seconds - (before.get(pid)?.seconds ?? 0));
  return [...used].map(([name, seconds]) => ({ name, seconds })).sort((left, right) => right.seconds - left.seconds);
}

/** The share of one part in the whole. */
export function shareOf(name: string, uses: readonly CpuUse[]): number {
  const whole = totalOf(uses);
  return whole === 0 ? 0 : (uses.find((use) => use.name === name)?.seconds ?? 0) / whole;
}

/** Microseconds for each of `count` items, of every part that used half a microsecond or more. */
export function perItem(uses: readonly CpuUse[], count: number): CpuUse[] {
  return uses.map(({ name, seconds }) => ({ name, seconds: rounded((seconds / count) * 1e6, 1) })).filter(({ seconds }) => seconds >= 0.5);
}

export function totalOf(uses: readonly CpuUse[]): number {
  return uses.reduce((sum, { seconds }) => sum + seconds, 0);
}

/** `cdr 110, edge 78`: what each part used, in whole units. */
export function breakdownOf(uses: readonly CpuUse[]): string {
  return uses.map(({ name, seconds }) => `${name} ${rounded(seconds, 0)}`).join(', ');
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

/** What a process has used so far, in seconds; 0 for none. */
export function secondsOf(pid: number): number {
  const stat = statOf(pid);
  return (Number(stat[11] ?? 0) + Number(stat[12] ?? 0)) / ticksPerSec;
}

function childrenOf(pid: number): number[] {
  return processIds().filter((child) => Number(statOf(child)[1]) === pid);
}

function processIds(): number[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name)).map(Number);
  } catch {
    // No Linux: nothing is known of processes.
    return [];
  }
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
