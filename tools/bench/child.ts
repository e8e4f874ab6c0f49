import { fork } from 'node:child_process';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from '../cli/project.ts';
import { messageOf, Stop } from '../cli/stop.ts';
import { requestFlags } from '../stack/node-flags.ts';

const said = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('news'), value: z.unknown() }),
  z.object({ kind: z.literal('result'), value: z.unknown() }),
  z.object({ kind: z.literal('failed'), sentence: z.string(), expected: z.boolean() }),
]);
type Said = z.infer<typeof said>;

/** How a program of the bench is run, beside its input. */
export interface ChildOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** Flags for Node itself. */
  readonly flags?: readonly string[];
  /** Told what the program says while it works. */
  readonly onNews?: (value: unknown) => void;
  /** Ends the program. */
  readonly signal?: AbortSignal;
}

/**
 * Runs a program of `tools/bench` as a process of its own, so that measurements do not disturb each other, and hands
 * back what it found. Rejects with the program's own words when it fails, or when it ends without a result.
 */
export async function runChild<Schema extends z.ZodType>(script: string, input: unknown, output: Schema, options: ChildOptions = {}): Promise<z.infer<Schema>> {
  const child = fork(join(root, 'tools/bench', script), {
    cwd: root,
    env: options.env ?? process.env,
    execArgv: [...process.execArgv, ...(options.flags ?? [])],
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const result = await new Promise((resolve, reject) => {
    child.on('message', (message) => {
      const heard = said.parse(message);
      if (heard.kind === 'news') options.onNews?.(heard.value);
      else if (heard.kind === 'result') resolve(heard.value);
      else reject(heard.expected ? new Stop(heard.sentence) : new Error(`${script}: ${heard.sentence}`));
    });
    child.once('error', reject);
    child.once('exit', (code, signal) => reject(new Stop(`${script} ended without a result (${signal ?? `exit code ${code ?? 'unknown'}`}).`)));
    child.send({ input }, (error) => {
      if (error !== null) reject(error);
    });
  }).finally(() => child.connected && child.disconnect());
  return output.parse(result);
}

/** A program that goes on until it is told to end. */
export interface Started {
  /** What it said once it was ready. */
  readonly ready: unknown;
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<unknown>;
}

/** Starts a bare program, with the flags of those that answer one request at a time, and waits for its first word. Rejects where it ends before that; the signal ends it. */
export async function startProgram(script: string, input: unknown, signal: AbortSignal): Promise<Started> {
  const word = Promise.withResolvers<unknown>();
  const program = runChild(script, input, z.unknown(), { flags: requestFlags, onNews: word.resolve, signal });
  const ended = program.catch(() => undefined);
  return { ready: await Promise.race([word.promise, program]), ended };
}

/** The other side: reads the input, works, answers, and ends. Also ends, after `abandoned`, when whoever asked is gone. */
export function answerParent<Schema extends z.ZodType>(
  input: Schema,
  work: (input: z.infer<Schema>, tell: (news: unknown) => void) => Promise<unknown>,
  abandoned: () => Promise<unknown> = () => Promise.resolve(),
): void {
  // What is said to nobody is not worth an error: whoever asked was killed.
  const say = (message: Said) => process.connected && process.send?.(message);
  process.once('disconnect', () => void abandoned().finally(() => process.exit(0)));
  process.once('message', (message) => {
    const answered = async () => {
      const asked = z.object({ input: z.unknown() }).parse(message);
      return await work(input.parse(asked.input), (value) => say({ kind: 'news', value }));
    };
    answered().then(
      (value) => say({ kind: 'result', value: value ?? null }),
      (error: unknown) => say({ kind: 'failed', sentence: error instanceof Stop ? error.message : stackOf(error), expected: error instanceof Stop }),
    );
  });
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : messageOf(error);
}
