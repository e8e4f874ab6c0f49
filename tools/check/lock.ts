import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Finding } from './run-tool.ts';

const file = 'package-lock.json';
/** Records keep the order of their keys, so that writing changes nothing but what it adds. */
const shape = z.record(z.string(), z.unknown());
const packagesShape = z.record(z.string(), z.record(z.string(), z.unknown()));
const entryShape = z.object({ dev: z.boolean().default(false), optionalDependencies: z.record(z.string(), z.string()).default({}) });
type Packages = z.infer<typeof packagesShape>;

/**
 * Packages for other platforms that the lock does not hold. npm leaves those out that it could not look up when the
 * lock was made, and then refuses `npm ci` on every machine; with an entry it passes over what is not for its platform.
 */
export function lockGaps(folder: string): Finding[] {
  return gapsOf(packagesOf(readLock(folder))).map(({ name, wantedBy }) => ({
    rule: 'lock-complete',
    file,
    message: `has no ${name}, which ${wantedBy} may want on another platform; ./tollwire check --write adds it`,
  }));
}

/** Adds what is missing, with the version that is wanted and the platform that the name tells. */
export function fillLock(folder: string): void {
  const lock = readLock(folder);
  const present = packagesOf(lock);
  const gaps = gapsOf(present);
  if (gaps.length === 0) return;
  const added = gaps.map(({ name, version, dev }): [string, Record<string, unknown>] => [
    `node_modules/${name}`,
    { version, ...platformOf(name), ...(dev ? { dev: true } : {}), optional: true },
  ]);
  // npm's own order.
  const packages = [...Object.entries(present), ...added].sort(([a], [b]) => a.localeCompare(b, 'en'));
  writeFileSync(join(folder, file), `${JSON.stringify({ ...lock, packages: Object.fromEntries(packages) }, null, 2)}\n`);
}

interface Gap {
  readonly name: string;
  readonly version: string;
  readonly wantedBy: string;
  readonly dev: boolean;
}

function gapsOf(packages: Packages): Gap[] {
  return Object.entries(packages).flatMap(([path, entry]) => {
    const { dev, optionalDependencies } = entryShape.parse(entry);
    return Object.entries(optionalDependencies)
      .filter(([name]) => !placesOf(path, name).some((place) => place in packages))
      .map(([name, version]) => ({ name, version, wantedBy: path.replace(/^.*node_modules\//, '') || 'the project', dev }));
  });
}

/** Where a package may lie for one at `path` to find it: beside it, or in any folder above. */
function placesOf(path: string, name: string): string[] {
  const above = path.split('/node_modules/').map((_, at, parts) => parts.slice(0, at + 1).join('/node_modules/'));
  return ['', ...above].map((folder) => `${folder === '' ? '' : `${folder}/`}node_modules/${name}`);
}

/** Platform packages are named after their platform, in Node's own words. */
export function platformOf(name: string): { os?: string[]; cpu?: string[] } {
  const os = /\b(darwin|win32|linux|freebsd|android|openharmony)\b/.exec(name)?.[1];
  const cpu = /\b(arm64|x64|ia32|armv7|arm|ppc64|s390x|riscv64|loong64)\b/.exec(name)?.[1];
  return { ...(cpu === undefined ? {} : { cpu: [cpu.replace('armv7', 'arm')] }), ...(os === undefined ? {} : { os: [os] }) };
}

function readLock(folder: string): Record<string, unknown> {
  return shape.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
}

function packagesOf(lock: Record<string, unknown>): Packages {
  return packagesShape.parse(lock['packages']);
}
