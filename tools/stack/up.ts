import { spawn } from 'node:child_process';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../build/compile.ts';
import { progress } from '../cli/progress.ts';
import type { Note } from '../cli/progress.ts';
import { homeFolder, root, serviceNames } from '../cli/project.ts';
import { Stop } from '../cli/stop.ts';
import { chooseServers } from '../servers/choose.ts';
import { freePorts, publicPort } from '../servers/ports.ts';
import { processOf } from '../servers/processes.ts';
import { secrets } from '../servers/secrets.ts';
import { down, endLeftovers } from './down.ts';
import { withLock } from './lock.ts';
import { untilReady } from './ready.ts';
import { liveRun, readRunState, writeRunState } from './run-state.ts';
import type { Plan, RunState } from './run-state.ts';

/** Where the door is, unless it was elsewhere before: who has its address keeps it. */
const usualPort = 8480;

/** What `up` found or did. */
export interface UpResult {
  readonly state: RunState;
  /** It had been running before. */
  readonly already: boolean;
  /** Things worth telling, such as another port than the usual one. */
  readonly remarks: readonly string[];
}

/**
 * Starts the servers and services of this clone and waits until all are ready; when they run already, only waits.
 * Interrupted, it takes down what it had started.
 */
export async function up(): Promise<UpResult> {
  return withLock('up', async () => {
    const running = liveRun();
    if (running !== undefined && running.phase !== 'stopping') {
      return { state: await progress('Waiting for the services', untilReady), already: true, remarks: [] };
    }
    const { interrupted, leave } = interruptible();
    try {
      await endLeftovers();
      await progress('Building', () => build());
      const { plan, remarks } = await progress('Preparing the servers', makePlan);
      startSupervisor(plan);
      return { state: await progress('Starting', untilReady), already: false, remarks };
    } catch (error) {
      // What was being waited for is gone because it was taken down; this program ends as soon as that is done.
      await interrupted();
      throw error;
    } finally {
      leave();
    }
  });
}

/** Until it is left, an interrupt takes down what runs, then ends this program; `interrupted` waits for that, if so. */
export function interruptible(): { interrupted: () => Promise<void>; leave: () => void } {
  let ending: Promise<void> = Promise.resolve();
  const interrupt = (): void => {
    process.stderr.write('\ntollwire: interrupted; taking down what had been started.\n');
    ending = down().then(() => process.exit(130));
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.once(signal, interrupt);
  return {
    interrupted: () => ending,
    leave: () => {
      for (const signal of signals) process.off(signal, interrupt);
    },
  };
}

async function makePlan(note: Note): Promise<{ plan: Plan; remarks: string[] }> {
  const env = process.env;
  const wishes = { postgresUrl: env['TOLLWIRE_PG_URL'], natsUrl: env['TOLLWIRE_NATS_URL'], insist: env['TOLLWIRE_SERVERS'] };
  secrets();
  const preferredPort = readRunState()?.plan.services.find(({ name }) => name === 'edge')?.port ?? usualPort;
  const edgePort = await publicPort({ explicit: env['TOLLWIRE_PORT'], preferred: preferredPort });
  const servers = await chooseServers(wishes, note);
  const [postgresPort = 0, natsPort = 0, monitorPort = 0, ...ports] = await freePorts(3 + serviceNames.length);
  const services = serviceNames.map((name, at) => ({
    name,
    entry: join(root, 'services', name, 'dist/main.js'),
    port: name === 'edge' ? edgePort : (ports[at] ?? 0),
  }));
  const missing = services.filter(({ entry }) => !existsSync(entry)).map(({ name }) => name);
  if (missing.length > 0) throw new Stop(`The build has no program for ${missing.join(', ')} (services/<name>/src/main.ts).`);
  const plan: Plan = {
    host: env['TOLLWIRE_HOST'] ?? '127.0.0.1',
    postgres: { server: servers.postgres, port: postgresPort, prefix: env['TOLLWIRE_DATABASE_PREFIX'] ?? 'tollwire' },
    nats: { server: servers.nats, port: natsPort, monitorPort },
    services,
  };
  const moved = edgePort !== preferredPort && (env['TOLLWIRE_PORT'] ?? '') === '';
  return { plan, remarks: moved ? [`Port ${preferredPort} is taken by another program, so this is on ${edgePort}.`] : [] };
}

/** A process of its own group and session, so that neither Ctrl-C here nor the end of this terminal reaches it. */
function startSupervisor(plan: Plan): void {
  const log = openSync(join(homeFolder('logs'), 'supervisor.log'), 'a');
  const script = join(root, 'tools/stack/supervisor.ts');
  const child = spawn(process.execPath, [...process.execArgv, script], { cwd: root, detached: true, stdio: ['ignore', log, log] });
  const supervisor = child.pid === undefined ? undefined : processOf(child.pid);
  if (supervisor === undefined) throw new Stop(`The supervisor could not be started; see ${join(homeFolder('logs'), 'supervisor.log')}.`);
  // The supervisor waits until the plan names it, so that there is never a supervisor that `down` cannot find.
  writeRunState({ phase: 'starting', error: null, supervisor, startedAt: new Date().toISOString(), plan, processes: {} });
  child.unref();
}
