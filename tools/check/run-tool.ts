import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { root } from '../cli/project.ts';

/** Something that breaks a rule. */
export interface Finding {
  readonly rule: string;
  /** Relative to the checked folder. */
  readonly file: string;
  readonly line?: number;
  readonly message: string;
}

/** What a program said. */
export interface Said {
  readonly code: number;
  readonly output: string;
  readonly errors: string;
}

/** Runs a tool of node_modules (its script's path there) on a folder. */
export function runTool(script: string, args: readonly string[], cwd: string): Promise<Said> {
  return runProgram(process.execPath, [join(root, 'node_modules', script), ...args], cwd);
}

/** Runs a program and collects what it says; a program that is not there counts as exit code 127. */
export async function runProgram(program: string, args: readonly string[], cwd: string): Promise<Said> {
  const path = `${join(root, 'node_modules/.bin')}:${process.env['PATH'] ?? ''}`;
  const child = spawn(program, args, { cwd, env: { ...process.env, PATH: path, NODE_OPTIONS: '' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let [output, errors] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  try {
    const closed: unknown[] = await once(child, 'close');
    return { code: Number(closed[0] ?? 1), output, errors };
  } catch (error) {
    return { code: 127, output, errors: String(error) };
  }
}
