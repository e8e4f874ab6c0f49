/**
 * The process that keeps everything running between `up` and `down`. It carries out the plan in `run.json` and writes
 * there what became of it. It is started detached, and ends on SIGTERM or SIGINT, or when `run.json` is no longer its own
 * (the folder was removed): nothing may be left running that `down` could not find.
 */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { homeFolder, root } from '../cli/project.ts';
import { messageOf } from '../cli/stop.ts';
import { spawnNatsContainer, spawnPostgresContainer } from '../servers/docker.ts';
import { spawnNats } from '../servers/nats.ts';
import { threadsEach } from '../servers/threads.ts';
import { initPostgres, spawnPostgres } from '../servers/postgres.ts';
import { provisionDatabases } from '../servers/provision.ts';
import { reachNats, reachPostgres } from '../servers/reach.ts';
import { secrets as readSecrets } from '../servers/secrets.ts';
import { adminUrl, busUrl, serviceEnvironment } from './environment.ts';
import { keep } from './keeper.ts';
import type { Kept, Keeper } from './keeper.ts';
import { nodeFlagsOf } from './node-flags.ts';
import { readRunState, writeRunState } from './run-state.ts';
import type { Plan, RunState } from './run-state.ts';

const secrets = readSecrets();
const keepers = new Map<string, Keeper>();

type Stdio = ['ignore', number, number];

/** A log that is longer than this when its program starts makes room for a new one; one old one is kept. */
const logBytesMax = 50_000_000;

/** Starts a program whose output is appended to `.tollwire/logs/<name>.log`. */
function logged(name: string, start: (stdio: Stdio) => ChildProcess): () => ChildProcess {
  return () => {
    const file = join(homeFolder('logs'), `${name}.log`);
    if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > logBytesMax) renameSync(file, `${file}.1`);
    const log = openSync(file, 'a');
    try {
      return start(['ignore', log, log]);
    } finally {
      closeSync(log);
    }
  };
}

function postgresOf({ postgres: { server, port } }: Plan): Kept | undefined {
  if (server.kind === 'named') return undefined;
  const options = { folder: homeFolder('postgres'), port, password: secrets.postgres, durable: true };
  if (server.kind === 'own') initPostgres(options);
  const start = server.kind === 'own' ? spawnPostgres : spawnPostgresContainer;
  const stop = { signal: 'SIGINT', graceMs: 20_000 } as const;
  return { name: 'postgres', spawn: logged('postgres', (stdio) => start(options, stdio)), stop };
}

function natsOf({ nats: { server, port, monitorPort } }: Plan): Kept | undefined {
  if (server.kind === 'named') return undefined;
  const options = { folder: homeFolder('nats', 'store'), port, monitorPort, passwords: secrets.nats };
  const start = (stdio: Stdio): ChildProcess =>
    server.kind === 'own' ? spawnNats({ ...options, binary: server.binary, threads: threadsEach }, stdio) : spawnNatsContainer(options, stdio);
  return { name: 'nats', spawn: logged('nats', start), stop: { signal: 'SIGTERM', graceMs: 10_000 } };
}

/** After those of the service, so that they win, such as `--cpu-prof`. */
const operatorFlags = (process.env['TOLLWIRE_NODE_FLAGS'] ?? '').split(' ').filter((flag) => flag !== '');

function serviceOf(plan: Plan, service: Plan['services'][number]): Kept {
  const env = { ...process.env, NODE_OPTIONS: '', ...serviceEnvironment(plan, service, secrets) };
  const start = (stdio: Stdio): ChildProcess =>
    spawn(process.execPath, ['--enable-source-maps', ...nodeFlagsOf(service.name), ...operatorFlags, service.entry], { cwd: root, stdio, env });
  return { name: service.name, spawn: logged(service.name, start), stop: { signal: 'SIGTERM', graceMs: 10_000 } };
}

async function main(): Promise<void> {
  const first = await ownPlan();
  const state: RunState = { ...first, phase: 'starting', error: null, processes: {} };
  const isOurs = (): boolean => readRunState()?.supervisor?.pid === process.pid;
  const save = (): void => {
    state.processes = Object.fromEntries([...keepers].map(([name, keeper]) => [name, keeper.state]));
    if (isOurs()) writeRunState(state);
  };
  const begin = (kept: Kept | undefined): void => {
    if (kept !== undefined && state.phase === 'starting') keepers.set(kept.name, keep(kept, save));
  };
  const end = once(async (phase: 'stopped' | 'failed', error: string | null) => {
    state.phase = 'stopping';
    save();
    // Services first: they hand over what they have while their servers still answer.
    await stopAll((name) => name !== 'postgres' && name !== 'nats');
    await stopAll(() => true);
    Object.assign(state, { phase, error });
    save();
    process.exit(phase === 'failed' ? 1 : 0);
  });
  process.on('SIGTERM', () => void end('stopped', null));
  process.on('SIGINT', () => void end('stopped', null));
  process.on('SIGHUP', () => undefined);
  save();
  setInterval(() => {
    if (!isOurs()) void end('stopped', null);
  }, 2_000);
  try {
    await start(state, begin);
    if (state.phase === 'starting') state.phase = 'running';
    save();
  } catch (error) {
    await end('failed', messageOf(error));
  }
}

/** The plan of `run.json`, once it names this process as its supervisor. */
async function ownPlan(): Promise<RunState> {
  const deadlineMs = performance.now() + 10_000;
  while (performance.now() < deadlineMs) {
    const state = readRunState();
    if (state?.supervisor?.pid === process.pid) return state;
    await delay(20);
  }
  throw new Error('No plan in run.json names this process; the supervisor is started by ./tollwire up.');
}

async function start({ plan }: RunState, begin: (kept: Kept | undefined) => void): Promise<void> {
  begin(postgresOf(plan));
  begin(natsOf(plan));
  const admin = adminUrl(plan, secrets);
  await Promise.all([reachPostgres(admin), reachNats(busUrl(plan, 'operator', secrets))]);
  await provisionDatabases(admin, secrets, plan.postgres.prefix);
  for (const service of plan.services) begin(serviceOf(plan, service));
}

async function stopAll(which: (name: string) => boolean): Promise<void> {
  await Promise.all([...keepers].filter(([name]) => which(name)).map(([, keeper]) => keeper.stop()));
}

function once<Args extends unknown[]>(work: (...args: Args) => Promise<void>): (...args: Args) => Promise<void> {
  let running: Promise<void> | undefined;
  return (...args) => (running ??= work(...args));
}

await main();
