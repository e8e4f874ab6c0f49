import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { uniqueName, until } from '@tollwire/testing';
import { root } from '../cli/project.ts';
import { freePorts } from '../servers/ports.ts';
import { endProcess, isAlive, processOf } from '../servers/processes.ts';
import type { ProcessRef } from '../servers/processes.ts';
import { down } from './down.ts';
import { readRunState, writeRunState } from './run-state.ts';
import type { RunState } from './run-state.ts';

/** A service that is ready as soon as it listens, tells its configuration, and ends in order upon SIGTERM. */
const service = `
import { createServer } from 'node:http';
const server = createServer((request, response) => response.end(JSON.stringify(process.env)));
server.listen(Number(process.env.HTTP_PORT), process.env.HTTP_HOST);
process.on('SIGTERM', () => process.exit(0));
`;

const prefix = uniqueName('run');
let folder = '';
let supervisor: ProcessRef | undefined;

beforeEach(async () => {
  folder = mkdtempSync(join(process.env['TOLLWIRE_TEST_FOLDER'] ?? tmpdir(), 'run-'));
  writeFileSync(join(folder, 'service.mjs'), service);
  supervisor = await startSupervisor();
  await until(() => state().phase === 'running', { timeoutMs: 30_000 });
}, 40_000);

afterEach(async () => {
  await down(folder);
  await endProcess(supervisor, 'SIGKILL', 0);
  rmSync(folder, { recursive: true, force: true });
}, 40_000);

function state(): RunState {
  const known = readRunState(folder);
  if (known === undefined) throw new Error('There is no run.json');
  return known;
}

const refs = (): ProcessRef[] => Object.values(state().processes).flatMap(({ process }) => process ?? []);

/** With the servers that `./tollwire test` started, as a user's own would be; so only the services are its to keep. */
async function startSupervisor(): Promise<ProcessRef | undefined> {
  const [edge = 0, card = 0] = await freePorts(2);
  const named = (variable: string) => ({ server: { kind: 'named', url: process.env[variable] ?? '' }, port: 0 }) as const;
  const entry = join(folder, 'service.mjs');
  const plan = {
    host: '127.0.0.1',
    postgres: { ...named('TOLLWIRE_TEST_PG_URL'), prefix },
    nats: { ...named('TOLLWIRE_TEST_NATS_URL'), monitorPort: 0 },
    services: [
      { name: 'edge', entry, port: edge },
      { name: 'card', entry, port: card },
    ] satisfies RunState['plan']['services'],
  };
  const node = ['--conditions=tollwire-source', '--disable-warning=ExperimentalWarning'];
  const env = { ...process.env, TOLLWIRE_HOME: folder, NODE_OPTIONS: '' };
  const child = spawn(process.execPath, [...node, join(root, 'tools/stack/supervisor.ts')], { detached: true, stdio: 'ignore', env });
  const ref = processOf(child.pid ?? 0) ?? null;
  const startedAt = new Date().toISOString();
  writeRunState({ phase: 'starting', error: null, supervisor: ref, startedAt, plan, processes: {} }, folder);
  return ref ?? undefined;
}

async function environmentOf(name: string): Promise<unknown> {
  const port = state().plan.services.find((one) => one.name === name)?.port;
  return (await fetch(`http://127.0.0.1:${port}/`)).json();
}

describe('the supervisor', () => {
  it('gives each service its own configuration, and the admin key to the edge only', async () => {
    const card = await until(() => environmentOf('card'));
    expect(card).toMatchObject({ BUS_ROOT: 'tollwire', DATABASE_URL: expect.stringContaining(`${prefix}_card_app`) });
    expect(card).toMatchObject({ MIGRATION_DATABASE_URL: expect.stringContaining(`${prefix}_card_owner`) });
    expect(card).not.toHaveProperty('EDGE_ADMIN_KEY');
    expect(await until(() => environmentOf('edge'))).toHaveProperty('EDGE_ADMIN_KEY');
  }, 30_000);

  it('starts a service again that was killed, and says so', async () => {
    const killed = state().processes['card']?.process;
    process.kill(killed?.pid ?? 0, 'SIGKILL');
    await until(() => state().processes['card']?.restarts === 1 && state().processes['card']?.process !== null);
    expect(state().processes['card']).toMatchObject({ lastExit: 'signal SIGKILL', state: 'running' });
    expect(await until(() => environmentOf('card'))).toHaveProperty('HTTP_PORT');
    expect(state().processes['edge']?.restarts).toBe(0);
  }, 30_000);

  it('takes everything down with it', async () => {
    const running = refs();
    expect(running).toHaveLength(2);
    expect(await down(folder)).toBe(2);
    expect(running.filter(isAlive)).toEqual([]);
    expect(state().phase).toBe('stopped');
    expect(await down(folder)).toBe(0);
  }, 30_000);

  it('leaves nothing behind that down cannot find when it is itself killed', async () => {
    const running = refs();
    process.kill(supervisor?.pid ?? 0, 'SIGKILL');
    await until(() => !isAlive(supervisor));
    expect(running.filter(isAlive)).toEqual(running);
    expect(await down(folder)).toBe(2);
    expect(running.filter(isAlive)).toEqual([]);
  }, 30_000);

  it('ends by itself when its folder is removed', async () => {
    const running = refs();
    rmSync(folder, { recursive: true });
    await until(() => !isAlive(supervisor), { timeoutMs: 20_000 });
    expect(running.filter(isAlive)).toEqual([]);
  }, 30_000);
});
