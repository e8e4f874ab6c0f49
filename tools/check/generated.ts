import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { build } from '../build/compile.ts';
import { messageOf } from '../cli/stop.ts';
import { baseline, buf, contractBreaks } from './contracts.ts';
import { fillLock } from './lock.ts';
import { runProgram } from './run-tool.ts';
import type { Finding } from './run-tool.ts';

const code = 'libs/contracts/src/gen';

const printed = z.object({ path: z.string(), text: z.string() });

/** Generated files that differ from what their sources would give now. Documents are made from the built services. */
export async function staleFiles(folder: string): Promise<Finding[]> {
  await build([], folder);
  return [...(await staleCode(folder)), ...(await staleBaseline(folder)), ...(await staleDocuments(folder))];
}

async function staleCode(folder: string): Promise<Finding[]> {
  return inScratch(async (scratch) => {
    const said = await buf(['generate', '-o', scratch], folder);
    if (said.code !== 0) return [{ rule: 'generated', file: 'buf.gen.yaml', message: said.errors.trim() }];
    const [now, then] = [filesIn(join(scratch, code)), filesIn(join(folder, code))];
    const names = [...new Set([...now.keys(), ...then.keys()])].sort();
    return names.flatMap((name) => (now.get(name) === then.get(name) ? [] : [stale(`${code}/${name}`)]));
  });
}

async function staleBaseline(folder: string): Promise<Finding[]> {
  if (!existsSync(join(folder, baseline))) return [];
  return inScratch(async (scratch) => {
    const image = join(scratch, 'now.binpb');
    const said = await buf(['build', '--exclude-source-info', '-o', image], folder);
    if (said.code !== 0) return [{ rule: 'generated', file: 'proto', message: said.errors.trim() }];
    return readFileSync(image).equals(readFileSync(join(folder, baseline))) ? [] : [stale(baseline)];
  });
}

async function staleDocuments(folder: string): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const { path, text } of await documents(folder)) {
    if (text instanceof Error) found.push({ rule: 'generated', file: path, message: `cannot be generated: ${messageOf(text)}` });
    else if (!existsSync(join(folder, path)) || readFileSync(join(folder, path), 'utf8') !== text) found.push(stale(path));
  }
  return found;
}

/** Brings every generated file up to date. Refuses (and changes nothing) when a published contract would break. */
export async function writeGenerated(folder: string): Promise<Finding[]> {
  const breaks = await contractBreaks(folder);
  if (breaks.length > 0) return breaks;
  for (const args of [['generate'], ['build', '--exclude-source-info', '-o', baseline]]) {
    const said = await buf(args, folder);
    if (said.code !== 0) return [{ rule: 'generated', file: 'proto', message: said.errors.trim() }];
  }
  await build([], folder);
  fillLock(folder);
  const failed: Finding[] = [];
  for (const { path, text } of await documents(folder)) {
    if (text instanceof Error) failed.push({ rule: 'generated', file: path, message: messageOf(text) });
    else writeFileSync(join(folder, path), text);
  }
  return failed;
}

async function documents(folder: string): Promise<{ path: string; text: string | Error }[]> {
  const modules = globSync('tools/generate/*.ts', { cwd: folder }).filter((name) => !name.endsWith('.spec.ts'));
  return Promise.all(
    modules.sort().map(async (name) => {
      const script = join(import.meta.dirname, 'print-document.ts');
      const said = await runProgram(process.execPath, ['--disable-warning=ExperimentalWarning', script, join(folder, name)], folder);
      if (said.code === 0) return printed.parse(JSON.parse(said.output));
      const reason = said.errors.split('\n').find((line) => /\w*Error\b/.test(line));
      return { path: name, text: new Error(reason ?? said.errors.trim()) };
    }),
  );
}

function stale(file: string): Finding {
  return { rule: 'generated', file, message: 'is not what its sources give now; ./tollwire check --write brings it up to date' };
}

function filesIn(folder: string): Map<string, string> {
  const names = globSync('**/*.ts', { cwd: folder });
  return new Map(names.map((name) => [name, readFileSync(join(folder, name), 'utf8')]));
}

async function inScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = mkdtempSync(join(tmpdir(), 'tollwire-generated-'));
  try {
    return await work(scratch);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}
