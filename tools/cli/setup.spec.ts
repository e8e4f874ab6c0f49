import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { arch, platform, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from './project.ts';

/** The front door itself, in an empty clone, with a Node and an npm that only say what they were asked. */
let clone = '';
let bin = '';

const carried = `node_modules/node-${platform()}-${arch()}/bin/node`;
const npmThatInstalls = `#!/bin/sh
echo "npm $*" >> npm-calls
mkdir -p "$(dirname ${carried})"
printf '#!/bin/sh\\necho "carried: $*"\\n' > ${carried}
chmod +x ${carried}
touch node_modules/.package-lock.json
`;

beforeEach(() => {
  clone = mkdtempSync(join(tmpdir(), 'tollwire-door-'));
  bin = join(clone, 'bin');
  program('node', nodeOf(20));
  program('npm', npmThatInstalls);
  // Nobody waits in a test.
  program('sleep', '#!/bin/sh\n');
  for (const tool of ['sh', 'cat', 'cksum', 'uname', 'mkdir', 'rm', 'dirname', 'find', 'grep', 'head', 'touch', 'chmod']) link(tool);
  copyFileSync(join(root, 'tollwire'), join(clone, 'tollwire'));
  writeFileSync(join(clone, 'package-lock.json'), '{"lockfileVersion":3}');
});
afterEach(() => {
  rmSync(clone, { recursive: true });
});

function nodeOf(major: number): string {
  return `#!/bin/sh\nif [ "$1" = -p ]; then echo ${major}; else echo "own: $*"; fi\n`;
}

function program(name: string, text: string): void {
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, name), text);
  chmodSync(join(bin, name), 0o755);
}

function link(tool: string): void {
  const place = ['/bin', '/usr/bin'].map((folder) => join(folder, tool)).find(existsSync);
  if (place !== undefined) symlinkSync(place, join(bin, tool));
}

function door(...args: string[]) {
  const said = spawnSync('/bin/sh', [join(clone, 'tollwire'), ...args], { encoding: 'utf8', cwd: dirname(clone), env: { PATH: bin } });
  return { code: said.status, output: said.stdout.trim(), errors: said.stderr.trim() };
}

const calls = (): number => (existsSync(join(clone, 'npm-calls')) ? readFileSync(join(clone, 'npm-calls'), 'utf8').trim().split('\n').length : 0);

describe('the front door', () => {
  it('installs the packages once, and runs the tools on the Node that npm carries', () => {
    const first = door('status', '--json');
    expect(first.output).toMatch(/^carried: --conditions=tollwire-source .*tools\/main\.ts status --json$/);
    expect(readFileSync(join(clone, 'npm-calls'), 'utf8')).toContain('npm ci --ignore-scripts');
    expect(door('status').code).toBe(0);
    expect(calls()).toBe(1);
  }, 20_000);

  it('installs again when the lock file has changed', () => {
    door('status');
    writeFileSync(join(clone, 'package-lock.json'), '{"lockfileVersion":3,"packages":{}}');
    door('status');
    expect(calls()).toBe(2);
  }, 20_000);

  it('takes what somebody installed by hand', () => {
    spawnSync('/bin/sh', [join(bin, 'npm'), 'ci'], { cwd: clone, env: { PATH: bin } });
    expect(door('status').output).toContain('carried:');
    expect(calls()).toBe(1);
  });

  it("runs the tools on the machine's own Node when that is new enough", () => {
    program('node', nodeOf(24));
    expect(door('up').output).toMatch(/^own: .*main\.ts up$/);
  }, 20_000);

  it('says in one sentence that Node is missing or too old', () => {
    program('node', nodeOf(18));
    expect(door('up')).toMatchObject({ code: 1, errors: 'tollwire: Node 18 is too old: install Node 20 or newer, then run this again.' });
    rmSync(join(bin, 'node'));
    expect(door('up')).toMatchObject({ code: 1, errors: expect.stringContaining('Node.js is not on the PATH') });
    expect(calls()).toBe(0);
  });

  it('says what npm said when it fails, and tries again the next time', () => {
    program('npm', '#!/bin/sh\necho "npm error code E404" >&2\nexit 1\n');
    const failed = door('up');
    expect(failed.code).toBe(1);
    expect(failed.errors).toMatch(/npm error code E404\ntollwire: npm ci failed/);
    program('npm', npmThatInstalls);
    expect(door('up').code).toBe(0);
  }, 20_000);

  it('takes over a lock whose owner is gone', () => {
    mkdirSync(join(clone, '.tollwire/setup.lock'), { recursive: true });
    writeFileSync(join(clone, '.tollwire/setup.lock/pid'), '999999');
    expect(door('up').code).toBe(0);
    expect(existsSync(join(clone, '.tollwire/setup.lock'))).toBe(false);
  }, 20_000);
});
