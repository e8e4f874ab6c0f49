import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { root } from '../cli/project.ts';
import type { NatsUser } from './secrets.ts';

/** A NATS server of our own, with the users and rights of `deploy/nats` or, without passwords, open to this machine. */
export interface NatsOptions {
  readonly binary: string;
  readonly folder: string;
  readonly port: number;
  readonly monitorPort: number;
  readonly passwords?: Readonly<Record<NatsUser, string>>;
  /** Threads that work at a time; absent: as many as there are cores. */
  readonly threads?: number;
}

/** The environment that `deploy/nats/users.conf` takes its passwords from. */
export function natsPasswords(passwords: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(passwords).map(([user, password]) => [`NATS_PASSWORD_${user.toUpperCase()}`, password]));
}

/** Starts the server; it has answered nothing yet. It ends with SIGTERM. */
export function spawnNats(options: NatsOptions, stdio: 'ignore' | ['ignore', number, number]): ChildProcess {
  const { binary, folder, port, monitorPort, passwords, threads } = options;
  const rights = passwords === undefined ? ['-js'] : ['-c', join(root, 'deploy/nats/nats-server.conf')];
  const address = ['-a', '127.0.0.1', '-p', String(port), '-m', String(monitorPort), '-sd', folder];
  const env = { ...process.env, ...natsPasswords(passwords ?? {}), ...(threads === undefined ? {} : { GOMAXPROCS: String(threads) }) };
  return spawn(binary, [...rights, ...address], { stdio, env });
}

/** The address for one of the users, or for anybody where there are none. */
export function natsUrl(port: number, user?: { name: NatsUser; password: string }): string {
  return user === undefined ? `nats://127.0.0.1:${port}` : `nats://${user.name}:${user.password}@127.0.0.1:${port}`;
}
