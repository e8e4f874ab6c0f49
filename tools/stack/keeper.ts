import type { ChildProcess } from 'node:child_process';
import { endProcess, processOf } from '../servers/processes.ts';
import type { ProcessRef } from '../servers/processes.ts';
import type { Supervised } from './run-state.ts';

/** A program that must run. */
export interface Kept {
  readonly name: string;
  spawn(): ChildProcess;
  /** The signal that it ends in order upon, and how long that may take. */
  readonly stop: { readonly signal: NodeJS.Signals; readonly graceMs: number };
}

/** A program that is kept running until it is told to stop. */
export interface Keeper {
  readonly state: Supervised;
  stop(): Promise<void>;
}

/** How patient a keeper is; tests are less patient. */
export interface Patience {
  /** Pause before the first restart; doubled each time, in milliseconds. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Having run this long, a program counts as healthy and the pause begins anew. */
  readonly healthyMs: number;
}

export const patience: Patience = { firstMs: 200, longestMs: 10_000, healthyMs: 30_000 };

/** The pause before restart number `restarts` in a row (from 0), in milliseconds. */
export function pauseMs(inARow: number, { firstMs, longestMs }: Patience): number {
  return Math.min(longestMs, firstMs * 2 ** Math.min(inARow, 20));
}

/** Starts a program, and starts it again whenever it ends, with growing pauses while it keeps ending at once. */
export function keep(kept: Kept, changed: () => void, patient: Patience = patience): Keeper {
  const state: Supervised = { state: 'starting', process: null, restarts: 0, lastExit: null, startedAt: new Date().toISOString() };
  let stopping = false;
  let inARow = 0;
  let timer: NodeJS.Timeout | undefined;

  const start = (): void => {
    const startedMs = performance.now();
    const child = kept.spawn();
    Object.assign(state, { state: 'running', process: refOf(child), startedAt: new Date().toISOString() });
    changed();
    const ended = (how: string): void => {
      Object.assign(state, { state: stopping ? 'stopped' : 'waiting', process: null, lastExit: how });
      if (!stopping) {
        inARow = performance.now() - startedMs >= patient.healthyMs ? 0 : inARow;
        timer = setTimeout(restart, pauseMs(inARow, patient));
      }
      changed();
    };
    child.once('exit', (code, signal) => {
      ended(signal === null ? `exit code ${code}` : `signal ${signal}`);
    });
    child.once('error', (error) => {
      if (child.pid === undefined) ended(error.message);
    });
  };
  const restart = (): void => {
    inARow += 1;
    state.restarts += 1;
    start();
  };

  start();
  return {
    state,
    stop: async () => {
      stopping = true;
      clearTimeout(timer);
      await endProcess(state.process, kept.stop.signal, kept.stop.graceMs);
      state.state = 'stopped';
    },
  };
}

function refOf(child: ChildProcess): ProcessRef | null {
  return child.pid === undefined ? null : (processOf(child.pid) ?? null);
}
