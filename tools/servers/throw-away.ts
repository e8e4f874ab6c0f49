import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { progress } from '../cli/progress.ts';
import type { Note } from '../cli/progress.ts';
import { home, homeFolder } from '../cli/project.ts';
import { chooseServers } from './choose.ts';
import { natsBinary } from './nats-binary.ts';
import { natsUrl, spawnNats } from './nats.ts';
import { freePorts } from './ports.ts';
import { initPostgres, postgresBinaries, postgresUrl, spawnPostgres } from './postgres.ts';
import { endProcess, isAlive, processOf, processRef } from './processes.ts';
import { reachNats, reachPostgres } from './reach.ts';
import { startContainers } from './test-containers.ts';

/** What the tests are told of their servers. */
export type TestEnvironment = Readonly<Record<string, string>>;

interface Started {
  readonly environment: TestEnvironment;
  readonly remove: () => Promise<void>;
}

/**
 * Runs work with a PostgreSQL and a NATS of its own, and removes them whatever happens: also when interrupted (then
 * `signal` aborts, and the work should end soon). What an earlier run left behind because it was killed is removed first.
 */
export async function withTestServers<T>(work: (environment: TestEnvironment, signal: AbortSignal) => Promise<T>): Promise<T> {
  const interrupt = new AbortController();
  const interrupted = (): void => {
    interrupt.abort();
  };
  for (const signal of signals) process.on(signal, interrupted);
  await removeLeftovers();
  const folder = homeFolder(`test-${process.pid}-${randomBytes(3).toString('hex')}`);
  try {
    const started = await progress('Starting test servers', (note) => startServers(folder, note));
    try {
      return await work({ TOLLWIRE_TEST_FOLDER: folder, ...started.environment }, interrupt.signal);
    } finally {
      await started.remove();
    }
  } finally {
    // Whatever a test left running ends when it sees its folder go.
    rmSync(folder, { recursive: true, force: true });
    for (const signal of signals) process.off(signal, interrupted);
  }
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function startServers(folder: string, note: Note): Promise<Started> {
  const wishes = {
    postgresUrl: process.env['TOLLWIRE_TEST_PG_URL'],
    natsUrl: process.env['TOLLWIRE_TEST_NATS_URL'],
    insist: process.env['TOLLWIRE_SERVERS'],
  };
  const { postgres, nats } = await chooseServers(wishes, note);
  // Tests that kill and restart a server start one themselves, so they need the programs in any case.
  const programs = { TOLLWIRE_TEST_PG_BIN: postgresBinaries(), TOLLWIRE_TEST_NATS_BINARY: await natsBinary(note) };
  const docker = { postgres: postgres.kind === 'docker', nats: nats.kind === 'docker' };
  const started =
    docker.postgres || docker.nats
      ? await startContainers(docker)
      : await startOwn(folder, { postgres: postgres.kind === 'own', nats: nats.kind === 'own' ? nats.binary : undefined });
  return { environment: { ...programs, ...namedUrls(postgres, nats), ...started.environment }, remove: started.remove };
}

type Choice = Awaited<ReturnType<typeof chooseServers>>['postgres'];

function namedUrls(postgres: Choice, nats: Choice): Record<string, string> {
  return {
    ...(postgres.kind === 'named' ? { TOLLWIRE_TEST_PG_URL: postgres.url } : {}),
    ...(nats.kind === 'named' ? { TOLLWIRE_TEST_NATS_URL: nats.url } : {}),
  };
}

const leftoverShape = z.object({ owner: processRef, servers: z.array(processRef) });

/** Servers from our own programs, in a folder that also names their processes. */
export async function startOwn(folder: string, wanted: { postgres: boolean; nats: string | undefined }): Promise<Started> {
  const [port = 0, natsPort = 0, monitorPort = 0] = await freePorts(3);
  const children: ChildProcess[] = [];
  const remove = async (): Promise<void> => {
    await Promise.all(children.map((child) => endProcess(child.pid === undefined ? null : processOf(child.pid), 'SIGINT', 10_000)));
  };
  const failed = new AbortController();
  const begin = (child: ChildProcess): void => {
    children.push(child);
    child.once('error', (error) => {
      failed.abort(error);
    });
    child.once('exit', (code) => {
      failed.abort(new Error(`${child.spawnfile} ended at once (exit code ${code})`));
    });
    const servers = children.flatMap(({ pid }) => (pid === undefined ? [] : (processOf(pid) ?? [])));
    writeFileSync(join(folder, 'processes.json'), JSON.stringify({ owner: processOf(process.pid), servers }));
  };
  const environment: Record<string, string> = {};
  try {
    if (wanted.postgres) {
      const options = { folder, port, password: `p${randomBytes(12).toString('hex')}`, durable: false };
      initPostgres(options);
      begin(spawnPostgres(options, 'ignore'));
      environment['TOLLWIRE_TEST_PG_URL'] = postgresUrl(options);
    }
    if (wanted.nats !== undefined) {
      begin(spawnNats({ binary: wanted.nats, folder: join(folder, 'nats'), port: natsPort, monitorPort }, 'ignore'));
      environment['TOLLWIRE_TEST_NATS_URL'] = natsUrl(natsPort);
    }
    await reachAll(environment, failed.signal);
    return { environment, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function reachAll({ TOLLWIRE_TEST_PG_URL: postgres, TOLLWIRE_TEST_NATS_URL: nats }: TestEnvironment, signal: AbortSignal): Promise<void> {
  if (postgres !== undefined) await reachPostgres(postgres, { signal });
  if (nats !== undefined) await reachNats(nats, { signal });
}

/** Ends and removes what test runs that were killed left behind. */
export async function removeLeftovers(folder = home): Promise<number> {
  const left = existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('test-')) : [];
  let removed = 0;
  for (const name of left) {
    const list = join(folder, name, 'processes.json');
    const known = existsSync(list) ? leftoverShape.safeParse(JSON.parse(readFileSync(list, 'utf8'))).data : undefined;
    // Without a list it is only just being made by somebody, unless its maker is gone.
    const owner = known?.owner ?? processOf(Number(name.split('-')[1]));
    if (isAlive(owner)) continue;
    for (const server of known?.servers ?? []) await endProcess(server, 'SIGINT', 5_000);
    rmSync(join(folder, name), { recursive: true, force: true });
    removed += 1;
  }
  return removed;
}
