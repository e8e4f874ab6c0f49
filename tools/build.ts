import { build as compile } from './build/compile.ts';
import { argumentsOf } from './cli/arguments.ts';
import { progress } from './cli/progress.ts';

export const summary = 'compiles libs and services into their dist folders, only what changed';

export const help = `
./tollwire build [project …] [--json]

  project    libs/<name> or services/<name>; none means all
  --json     prints the numbers of files compiled, unchanged and removed
`;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals } = argumentsOf(args, { json: { type: 'boolean' } }, Infinity);
  const result = await progress('Building', () => compile(positionals));
  const text = `${result.compiled} files compiled, ${result.unchanged} unchanged, ${result.removed} removed`;
  process.stdout.write(`${values.json === true ? JSON.stringify(result) : text}\n`);
}
