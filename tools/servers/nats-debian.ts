import { spawn } from 'node:child_process';
import { copyFileSync, chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Note } from '../cli/progress.ts';

/** The oldest Debian whose nats-server is 2.10 or newer. Its program runs on older ones too. */
const suite = 'trixie';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/**
 * Fetches Debian's package with apt into a private state under `folder` and unpacks it there. apt checks Debian's
 * signature as always; nothing is installed, and the machine's own package lists stay as they are.
 */
export async function fetchFromDebian(folder: string, note: Note): Promise<string> {
  if (!existsSync(keyring)) throw new Error("this is no Debian (its archive's keys are missing)");
  const mirror = debianMirror(aptSources());
  if (mirror === undefined) throw new Error('the machine names no Debian mirror in its apt sources');
  const state = join(folder, 'apt');
  rmSync(state, { recursive: true, force: true });
  const options = privateState(state, mirror);
  try {
    note(`NATS from Debian ${suite}, package lists`);
    await run('apt-get', [...options, 'update'], state);
    note(`NATS from Debian ${suite}, download`);
    await run('apt-get', [...options, 'download', 'nats-server'], state);
    const archive = readdirSync(state).find((name) => name.startsWith('nats-server_') && name.endsWith('.deb'));
    if (archive === undefined) throw new Error('apt downloaded nothing');
    await run('dpkg-deb', ['-x', archive, 'unpacked'], state);
    const binary = join(folder, 'nats-server');
    copyFileSync(join(state, 'unpacked/usr/sbin/nats-server'), binary);
    chmodSync(binary, 0o755);
    return binary;
  } finally {
    rmSync(state, { recursive: true, force: true });
  }
}

function privateState(state: string, mirror: string): string[] {
  for (const part of ['lists/partial', 'cache/archives/partial', 'state', 'parts']) mkdirSync(join(state, part), { recursive: true });
  const lines = ['Types: deb', `URIs: ${mirror}`, `Suites: ${suite}`, 'Components: main', `Signed-By: ${keyring}`, ''];
  writeFileSync(join(state, 'parts', `${suite}.sources`), lines.join('\n'));
  const settings = [
    'Dir::Etc::SourceList=/dev/null',
    `Dir::Etc::SourceParts=${join(state, 'parts')}`,
    `Dir::State=${join(state, 'state')}`,
    `Dir::State::Lists=${join(state, 'lists')}`,
    'Dir::State::status=/dev/null',
    `Dir::Cache=${join(state, 'cache')}`,
    // As root, apt would otherwise download as a user of its own, who may not enter this folder.
    'APT::Sandbox::User=root',
    'Acquire::Languages=none',
    'Acquire::Retries=2',
    'Acquire::http::Timeout=20',
  ];
  return settings.flatMap((setting) => ['-o', setting]);
}

/** The first mirror of Debian's main archive that apt sources (one-line or deb822 style) name. */
export function debianMirror(sources: string): string | undefined {
  const lines = sources.split('\n').filter((line) => !line.trim().startsWith('#'));
  const addresses = lines.flatMap((line) => (/^\s*(?:deb\b|URIs:)/.test(line) ? (line.match(/[a-z+]+:\/\/[^\s\]]+/g) ?? []) : []));
  return addresses.find((address) => /\/debian\/?$/.test(address));
}

function aptSources(): string {
  const folder = '/etc/apt/sources.list.d';
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => /\.(sources|list)$/.test(name)) : [];
  const files = ['/etc/apt/sources.list', ...names.map((name) => join(folder, name))];
  return files.filter(existsSync).map((file) => readFileSync(file, 'utf8')).join('\n');
}

async function run(program: string, args: readonly string[], cwd: string): Promise<void> {
  const child = spawn(program, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'], timeout: 180_000 });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const failed = once(child, 'error').then(([error]: unknown[]) => {
    throw error;
  });
  const closed: unknown[] = await Promise.race([once(child, 'close'), failed]);
  if (closed[0] !== 0) throw new Error(`${program}: ${errors.trim().split('\n').at(-1) ?? 'failed'}`);
}
