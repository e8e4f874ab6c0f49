import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { cloneId, root } from '../cli/project.ts';
import { natsPasswords } from './nats.ts';
import type { NatsOptions } from './nats.ts';
import type { PostgresOptions } from './postgres.ts';

/** The images that compose and the tests use too. */
export const images = { postgres: 'postgres:18-alpine', nats: 'nats:2.11-alpine' } as const;

/** Whether a Docker engine answers; a client without an engine does not count. */
export function dockerAnswers(): boolean {
  const said = spawnSync('docker', ['version', '--format', '{{.Server.Version}}'], { timeout: 5_000 });
  return said.status === 0;
}

/** Fetches an image that is not there yet; hands back whether it is there now. */
export function pullImage(image: string): boolean {
  if (spawnSync('docker', ['image', 'inspect', image], { stdio: 'ignore' }).status === 0) return true;
  return spawnSync('docker', ['pull', '--quiet', image], { stdio: 'ignore', timeout: 300_000 }).status === 0;
}

type Stdio = 'ignore' | ['ignore', number, number];

/** PostgreSQL in a container of this clone; the container ends with the process that stands for it. */
export function spawnPostgresContainer({ port, password }: PostgresOptions, stdio: Stdio): ChildProcess {
  const options = ['-p', `127.0.0.1:${port}:5432`, '-v', `${containerName('postgres')}:/var/lib/postgresql`, '-e', 'POSTGRES_PASSWORD'];
  return runContainer('postgres', options, images.postgres, ['-c', 'max_connections=200'], { POSTGRES_PASSWORD: password }, stdio);
}

/** NATS in a container of this clone, with the same users and rights as everywhere. */
export function spawnNatsContainer({ port, monitorPort, passwords }: Omit<NatsOptions, 'binary' | 'folder'>, stdio: Stdio): ChildProcess {
  const environment = natsPasswords(passwords ?? {});
  const options = [
    ...['-p', `127.0.0.1:${port}:4222`, '-p', `127.0.0.1:${monitorPort}:8222`],
    ...['-v', `${containerName('nats')}:/data`, '-v', `${join(root, 'deploy/nats')}:/etc/nats:ro`],
    ...Object.keys(environment).flatMap((name) => ['-e', name]),
  ];
  const args = ['-c', '/etc/nats/nats-server.conf', '-m', '8222', '-sd', '/data'];
  return runContainer('nats', options, images.nats, args, environment, stdio);
}

function containerName(server: string): string {
  return `tollwire-${cloneId}-${server}`;
}

function runContainer(
  server: string,
  options: readonly string[],
  image: string,
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
  stdio: Stdio,
): ChildProcess {
  // One that a killed supervisor left behind would hold the name and the volume.
  spawnSync('docker', ['rm', '-f', containerName(server)], { stdio: 'ignore' });
  const command = ['run', '--rm', '--name', containerName(server), ...options, image, ...args];
  return spawn('docker', command, { stdio, env: { ...process.env, ...environment } });
}
