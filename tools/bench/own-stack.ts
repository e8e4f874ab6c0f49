import { cpSync, existsSync, readdirSync, rmSync, statfsSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../build/compile.ts';
import { type Note, progress } from '../cli/progress.ts';
import { home, homeFolder } from '../cli/project.ts';
import { Stop } from '../cli/stop.ts';
import { natsBinary } from '../servers/nats-binary.ts';
import { freePorts } from '../servers/ports.ts';
import { down } from '../stack/down.ts';
import { liveRun } from '../stack/run-state.ts';

/** Everything of a bench lives here, apart from the stack and the data of this clone, and goes when it ends. */
export const benchHome = join(home, 'bench');

const tmpfsMagic = 0x01021994;
const ramfsMagic = 0x858458f6;

/**
 * Runs work with the environment in which `up` starts a stack of the bench's own: own data, own ports, own servers
 * (never those that the environment names, which others use), the NATS binary of this clone. Whatever happens, the
 * stack is taken down and its data removed; so is what a bench left behind that was killed.
 */
export async function withOwnStack<T>(work: (environment: NodeJS.ProcessEnv) => Promise<T>): Promise<T> {
  await removeOwnStack();
  try {
    return await work(await progress('Preparing a stack of its own', prepare));
  } finally {
    await progress('Removing the stack and its data', removeOwnStack);
  }
}

async function removeOwnStack(): Promise<void> {
  await down(benchHome);
  rmSync(benchHome, { recursive: true, force: true });
}

async function prepare(note: Note): Promise<NodeJS.ProcessEnv> {
  homeFolder('bench');
  const disk = statfsSync(benchHome).type;
  if (disk === tmpfsMagic || disk === ramfsMagic) {
    throw new Stop(`${benchHome} is in memory, where durability costs nothing and means nothing: set TOLLWIRE_HOME to a folder on a disk.`);
  }
  note('building');
  await build();
  // The bench's `up` builds, too: with what is known of this build it finds nothing left to do.
  cpSync(homeFolder('build'), join(benchHome, 'build'), { recursive: true });
  const [port] = await freePorts(1);
  const { TOLLWIRE_PG_URL: _pg, TOLLWIRE_NATS_URL: _nats, TOLLWIRE_URL: _url, TOLLWIRE_API_KEY: _key, ...inherited } = process.env;
  return {
    ...inherited,
    TOLLWIRE_HOME: benchHome,
    TOLLWIRE_PORT: String(port),
    TOLLWIRE_SERVERS: 'own',
    TOLLWIRE_NATS_BINARY: await natsBinary(note),
    TOLLWIRE_DATABASE_PREFIX: 'tollwire',
    LOG_LEVEL: 'warn',
    // One key asks for everything here, which no key should in life.
    EDGE_REQUESTS_PER_SEC: '1000000',
  };
}

/** What else is going on here that takes part of the machine, in a sentence each. */
export function disturbances(loadAverage: number, cores: number): string[] {
  const others: string[] = [];
  if (liveRun() !== undefined) others.push('The stack of this clone runs, too, and takes its part of the machine: ./tollwire down stops it.');
  if (existsSync(home) && readdirSync(home).some((name) => name.startsWith('test-'))) others.push('Tests are running in this clone.');
  if (loadAverage > cores / 2) others.push(`The machine was busy before this began (load average ${loadAverage} on ${cores} cores): figures of time are too low.`);
  return others;
}
