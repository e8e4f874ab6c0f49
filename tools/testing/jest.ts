import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { homeFolder, root } from '../cli/project.ts';

const report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  /** Suites that broke before their first test; each counts as one failure. */
  numRuntimeErrorTestSuites: z.number(),
});

/** How a run ended. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  /** False also when nothing failed but nothing ran, or Jest itself did not get to its end. */
  readonly succeeded: boolean;
}

/** Runs Jest on the chosen suites with its output shown as it comes. An aborted run counts as failed. */
export async function runJest(
  suites: readonly string[],
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  signal?: AbortSignal,
): Promise<Counts> {
  const reportFile = join(homeFolder(), `jest-${process.pid}.json`);
  // The list of projects takes every word after it, so it comes last.
  // Before what was asked for, which may hold a `--` that ends the options.
  const own = [...workers(args), '--json', `--outputFile=${reportFile}`, '--passWithNoTests'];
  const jest = [join(root, 'node_modules/jest/bin/jest.js'), ...own, ...args];
  // With more room for what is young, V8 spends a tenth less of the time on collecting it.
  const node = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', '--max-semi-space-size=32'];
  const child = spawn(process.execPath, [...node, ...jest, '--selectProjects', ...suites], {
    cwd: root,
    // Jest prints the report on its standard output too; people read the error output.
    stdio: ['inherit', 'ignore', 'inherit'],
    env: { ...process.env, ...environment },
  });
  signal?.addEventListener('abort', () => child.kill('SIGTERM'));
  const exit: unknown[] = await once(child, 'exit');
  const result = existsSync(reportFile) ? report.safeParse(JSON.parse(readFileSync(reportFile, 'utf8'))).data : undefined;
  rmSync(reportFile, { force: true });
  if (result === undefined) return { passed: 0, failed: 1, succeeded: false };
  const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = result;
  return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites, succeeded: result.success && exit[0] === 0 };
}

/** All cores, where nothing else is asked for: each suite has its own database and streams. */
function workers(args: readonly string[]): string[] {
  return args.some((arg) => /^(-i|-w|--runInBand|--maxWorkers)/.test(arg)) ? [] : ['--maxWorkers=100%'];
}

/** The plain closing line. */
export function countsOf({ passed, failed }: Counts): string {
  return `${passed} passed, ${failed} failed`;
}
