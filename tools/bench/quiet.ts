import { setTimeout as delay } from 'node:timers/promises';
import { progress } from '../cli/progress.ts';
import type { RunState } from '../stack/run-state.ts';
import { cpuBetween, cpuSeconds, generator, totalOf } from './cpu.ts';

const lookMs = 1_000;
const looksWanted = 3;
const patienceMs = 120_000;
/** Of one core, by all parts of the stack together; at rest they take a third of that. */
const restingShare = 0.15;

/**
 * Waits until the stack has worked off what went before (events on their way, tables that are vacuumed, a heap that is collected), so that what is measured next is
 * measured by itself. Goes on after two minutes in any case.
 */
export async function untilQuiet(state: RunState): Promise<void> {
  await progress('Waiting until the stack is at rest', async () => {
    const deadlineMs = performance.now() + patienceMs;
    for (let quiet = 0; quiet < looksWanted && performance.now() < deadlineMs; ) {
      const [before, beganMs] = [cpuSeconds(state), performance.now()];
      await delay(lookMs);
      const usedSec = totalOf(cpuBetween(before, cpuSeconds(state)).filter(({ name }) => name !== generator));
      quiet = usedSec < (restingShare * (performance.now() - beganMs)) / 1000 ? quiet + 1 : 0;
    }
  });
}
