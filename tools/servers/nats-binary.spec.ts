import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isNewEnough, natsBinary, versionOf } from './nats-binary.ts';
import { debianMirror } from './nats-debian.ts';
import { unpackPinned } from './nats-release.ts';

const silent = (): void => undefined;
let folder = '';
const environment = { ...process.env };
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollwire-nats-'));
  process.env['PATH'] = '/usr/bin:/bin';
  delete process.env['TOLLWIRE_NATS_BINARY'];
});
afterEach(() => {
  process.env = { ...environment };
  rmSync(folder, { recursive: true });
});

function server(name: string, version: string, place = folder): string {
  mkdirSync(place, { recursive: true });
  const file = join(place, name);
  writeFileSync(file, `#!/bin/sh\necho "nats-server: v${version}"\n`);
  chmodSync(file, 0o755);
  return file;
}

describe('the NATS server', () => {
  it.each([
    ['2.9.10', false],
    ['2.10.0', true],
    ['2.11.17', true],
    ['3.0.0', true],
    ['1.99.0', false],
  ])('%s is new enough: %s', (version, enough) => {
    expect(isNewEnough(version)).toBe(enough);
    expect(versionOf(server('nats-server', version))).toBe(version);
  });

  it('comes from the PATH when that one is new enough', async () => {
    server('nats-server', '2.12.0', join(folder, 'bin'));
    process.env['PATH'] = `${join(folder, 'bin')}:/usr/bin:/bin`;
    expect(await natsBinary(silent, [], folder)).toBe('nats-server');
  });

  it('is fetched from the first source that has one, when there is none new enough', async () => {
    server('nats-server', '2.9.10', join(folder, 'bin'));
    process.env['PATH'] = `${join(folder, 'bin')}:/usr/bin:/bin`;
    const walled = { name: 'a wall', fetch: () => Promise.reject(new Error('no answer within 8 s')) };
    const source = { name: 'a shelf', fetch: (to: string) => Promise.resolve(server('nats-server', '2.10.27', to)) };
    expect(await natsBinary(silent, [walled, source], folder)).toBe(join(folder, 'nats-server'));
    expect(await natsBinary(silent, [walled], folder)).toBe(join(folder, 'nats-server'));
  });

  it('is one sentence with every reason when there is no way', async () => {
    const walled = { name: 'a wall', fetch: () => Promise.reject(new Error('no answer within 8 s')) };
    await expect(natsBinary(silent, [walled], folder)).rejects.toThrow(/a wall: no answer within 8 s.*TOLLWIRE_NATS_URL/);
  });

  it('that the environment names must do', async () => {
    process.env['TOLLWIRE_NATS_BINARY'] = server('old', '2.9.0');
    await expect(natsBinary(silent, [], folder)).rejects.toThrow('no NATS server of version 2.10 or newer');
  });
});

describe('an official archive', () => {
  it('is unpacked only when its checksum is the pinned one', () => {
    server('nats-server', '2.11.17', join(folder, 'nats-server-v2'));
    spawnSync('tar', ['-czf', 'a.tar.gz', 'nats-server-v2/nats-server'], { cwd: folder });
    const archive = readFileSync(join(folder, 'a.tar.gz'));
    const sha256 = createHash('sha256').update(archive).digest('hex');
    expect(() => unpackPinned(archive, '0'.repeat(64), 'nats-server-v2/nats-server', folder)).toThrow('not the pinned');
    expect(existsSync(join(folder, 'nats-server'))).toBe(false);
    expect(versionOf(unpackPinned(archive, sha256, 'nats-server-v2/nats-server', folder))).toBe('2.11.17');
  });
});

describe('the Debian mirror', () => {
  const mirror = 'http://mirror.example/debian';
  it.each([
    ['deb822', `Types: deb\nURIs: ${mirror}\nSuites: bookworm\n`, mirror],
    ['one-line', `deb [signed-by=/k.gpg] ${mirror} bookworm main`, mirror],
    ['security only', 'URIs: http://mirror.example/debian-security', undefined],
    ['commented out', `# deb ${mirror} bookworm main`, undefined],
  ])('is read from %s sources', (_style, sources, expected) => {
    expect(debianMirror(sources)).toBe(expected);
  });
});
