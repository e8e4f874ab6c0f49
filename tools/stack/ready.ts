import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Note } from '../cli/progress.ts';
import { home } from '../cli/project.ts';
import { messageOf, Stop } from '../cli/stop.ts';
import { isAlive } from '../servers/processes.ts';
import { addressesOf, readRunState } from './run-state.ts';
import type { RunState } from './run-state.ts';

/** What a service says of itself at `/health/ready`. */
export interface Health {
  readonly ready: boolean;
  /** Its answer when it is not ready, or why there was none. */
  readonly detail: string;
}

/** Asks each service of a run whether it is ready. */
export async function healthOf(state: RunState): Promise<Record<string, Health>> {
  const asked = Object.entries(addressesOf(state).health).map(async ([name, url]) => [name, await ask(url)] as const);
  return Object.fromEntries(await Promise.all(asked));
}

async function ask(url: string): Promise<Health> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return { ready: response.ok, detail: response.ok ? '' : (await response.text()).slice(0, 300) };
  } catch (error) {
    return { ready: false, detail: error instanceof Error && error.cause instanceof Error ? error.cause.message : messageOf(error) };
  }
}

/**
 * Waits until every service of the present run is ready. Stops with a sentence and the last lines of the log when the
 * supervisor gave up, when a service keeps ending, or at the deadline.
 */
export async function untilReady(note: Note, timeoutMs = 120_000): Promise<RunState> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const state = readRunState();
    if (state?.phase === 'failed') throw new Stop(`Nothing runs: ${state.error ?? 'the supervisor gave up'}`);
    if (state === undefined || state.phase === 'stopped' || !isAlive(state.supervisor)) {
      throw new Stop(`The supervisor ended while starting; see ${join(home, 'logs/supervisor.log')}.`);
    }
    const failing = Object.entries(state.processes).find(([, kept]) => kept.restarts >= 5);
    if (failing !== undefined) throw new Stop(`${failing[0]} keeps ending (${failing[1].lastExit ?? ''}):\n${lastLines(failing[0])}`);
    const health = state.phase === 'running' ? await healthOf(state) : {};
    const waiting = Object.entries(health).filter(([, { ready }]) => !ready);
    if (state.phase === 'running' && waiting.length === 0) return state;
    note(waiting.length === 0 ? 'servers' : `waiting for ${waiting.map(([name]) => name).join(', ')}`);
    if (performance.now() > deadlineMs) {
      const reasons = waiting.map(([name, { detail }]) => `\n  ${name}: ${detail}\n${lastLines(name, 3)}`);
      throw new Stop(`Not ready after ${Math.round(timeoutMs / 1_000)} s:${reasons.join('')}`);
    }
    await delay(100);
  }
}

/** The end of a process's log, for a message. */
export function lastLines(name: string, count = 8): string {
  const log = join(home, 'logs', `${name}.log`);
  if (!existsSync(log)) return '';
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-count);
  return lines.map((line) => `  ${line.slice(0, 400)}`).join('\n');
}
