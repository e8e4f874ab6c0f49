import { execFileSync } from 'node:child_process';
import { cpus, loadavg, totalmem } from 'node:os';
import { z } from 'zod';
import { root } from '../cli/project.ts';
import { rounded } from './arithmetic.ts';

/** What a figure was measured on. */
export const machine = z.object({ cores: z.number(), memoryGiB: z.number(), cpuModel: z.string() });
export type Machine = z.infer<typeof machine>;

/** Where and when a run of the bench took place. */
export interface Occasion {
  readonly machine: Machine;
  /** Programs that wanted a core during the last minute before the run. Above 0 the machine was not idle. */
  readonly loadAverage: number;
  readonly at: string;
  /** Short id of the commit; with a plus where files differ from it. */
  readonly commit: string;
}

export function presentOccasion(): Occasion {
  const models = cpus();
  return {
    machine: { cores: models.length, memoryGiB: Math.round(totalmem() / 2 ** 30), cpuModel: models[0]?.model.trim() ?? 'unknown' },
    loadAverage: rounded(loadavg()[0] ?? 0, 2),
    at: new Date().toISOString(),
    commit: commit(),
  };
}

function commit(): string {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    const changed = git('status', '--porcelain', '--untracked-files=no');
    return `${git('rev-parse', '--short', 'HEAD')}${changed === '' ? '' : '+'}`;
  } catch {
    // A downloaded archive has no history.
    return 'unknown';
  }
}
