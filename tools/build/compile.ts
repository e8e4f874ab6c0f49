import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { transform, version } from '@swc/core';
import { z } from 'zod';
import { homeFolder, root } from '../cli/project.ts';

/** What a build did, in numbers of files. */
export interface BuildResult {
  readonly compiled: number;
  readonly unchanged: number;
  readonly removed: number;
}

const manifestShape = z.object({ compiler: z.string(), digests: z.record(z.string(), z.string()) });
type Manifest = z.infer<typeof manifestShape>;

/**
 * Compiles `libs/*` and `services/*` from `src` to `dist`, only what changed since the last time. Tests are left out;
 * files that are not TypeScript are copied. Types are not checked here: that is `check`'s part.
 *
 * @param projects folders such as `libs/core`; none means all.
 */
export async function build(projects: readonly string[] = [], folder = root): Promise<BuildResult> {
  const wanted = projects.length > 0 ? projects : globSync(['libs/*', 'services/*'], { cwd: folder });
  const results: BuildResult[] = [];
  for (const project of wanted) results.push(await buildProject(folder, project.replace(/\/$/, '')));
  const sum = (key: keyof BuildResult): number => results.reduce((total, result) => total + result[key], 0);
  return { compiled: sum('compiled'), unchanged: sum('unchanged'), removed: sum('removed') };
}

async function buildProject(folder: string, project: string): Promise<BuildResult> {
  const manifestFile = join(folder === root ? homeFolder('build') : join(folder, '.build'), `${project.replaceAll('/', '-')}.json`);
  const compiler = digest(`${version}${readFileSync(join(folder, '.swcrc'), 'utf8')}`);
  const before = readManifest(manifestFile, compiler);
  const digests: Record<string, string> = {};
  let compiled = 0;
  const sources = globSync('src/**/*.*', { cwd: join(folder, project) }).filter((name) => !name.endsWith('.spec.ts'));
  for (const source of sources) {
    const text = readFileSync(join(folder, project, source), 'utf8');
    digests[source] = digest(text);
    if (before.digests[source] === digests[source] && existsSync(join(folder, project, targetOf(source)))) continue;
    await compile(folder, project, source, text);
    compiled += 1;
  }
  const gone = Object.keys(before.digests).filter((source) => digests[source] === undefined);
  for (const source of gone) for (const suffix of ['', '.map']) rmSync(join(folder, project, targetOf(source) + suffix), { force: true });
  writeWhole(manifestFile, JSON.stringify({ compiler, digests } satisfies Manifest));
  return { compiled, unchanged: sources.length - compiled, removed: gone.length };
}

async function compile(folder: string, project: string, source: string, text: string): Promise<void> {
  const target = join(folder, project, targetOf(source));
  if (!source.endsWith('.ts')) {
    writeWhole(target, text);
    return;
  }
  const output = await transform(text, {
    cwd: folder,
    filename: join(folder, project, source),
    configFile: join(folder, '.swcrc'),
    sourceFileName: join(folder, project, source),
  });
  const map = output.map === undefined ? '' : `\n//# sourceMappingURL=${target.slice(target.lastIndexOf('/') + 1)}.map\n`;
  if (output.map !== undefined) writeWhole(`${target}.map`, output.map);
  writeWhole(target, `${output.code}${map}`);
}

function targetOf(source: string): string {
  return source.replace(/^src/, 'dist').replace(/\.ts$/, '.js');
}

function readManifest(file: string, compiler: string): Manifest {
  const empty = { compiler, digests: {} };
  if (!existsSync(file)) return empty;
  const known = manifestShape.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  // Another compiler or other settings make every file another one.
  return known.success && known.data.compiler === compiler ? known.data : { ...empty, digests: stale(known.data) };
}

/** Keeps the names, so that what was removed meanwhile is still cleaned up. */
function stale(manifest: Manifest | undefined): Record<string, string> {
  return Object.fromEntries(Object.keys(manifest?.digests ?? {}).map((name) => [name, '']));
}

/** Under another name first: a service that starts meanwhile never reads half a file. */
function writeWhole(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.${process.pid}.new`, text);
  renameSync(`${file}.${process.pid}.new`, file);
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('base64url');
}
