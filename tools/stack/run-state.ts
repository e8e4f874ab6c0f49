import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { home, homeFolder, serviceNames } from '../cli/project.ts';
import { messageOf, Stop } from '../cli/stop.ts';
import { isAlive, processRef } from '../servers/processes.ts';

const server = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('named'), url: z.string() }),
  z.object({ kind: z.literal('docker') }),
  z.object({ kind: z.literal('own'), binary: z.string() }),
]);

/** What is to run, and on which ports: decided by `up`, carried out by the supervisor. No passwords. */
export const plan = z.object({
  host: z.string(),
  /** Databases are named `<prefix>_<service>`, so that two clones can share one named server. */
  postgres: z.object({ server, port: z.number(), prefix: z.string().regex(/^[a-z][a-z0-9_]{0,40}$/) }),
  nats: z.object({ server, port: z.number(), monitorPort: z.number() }),
  services: z.array(z.object({ name: z.enum(serviceNames), entry: z.string(), port: z.number() })),
});
export type Plan = z.infer<typeof plan>;

const supervised = z.object({
  state: z.enum(['starting', 'running', 'waiting', 'stopped']),
  process: processRef.nullable(),
  restarts: z.number(),
  /** How the last run of it ended, in words. */
  lastExit: z.string().nullable(),
  startedAt: z.string(),
});
export type Supervised = z.infer<typeof supervised>;

const runState = z.object({
  phase: z.enum(['starting', 'running', 'stopping', 'stopped', 'failed']),
  /** Why the phase is `failed`. */
  error: z.string().nullable(),
  supervisor: processRef.nullable(),
  startedAt: z.string(),
  plan,
  processes: z.record(z.string(), supervised),
});
export type RunState = z.infer<typeof runState>;

const fileOf = (folder: string): string => join(folder, 'run.json');

/** What was last written about a run; nothing when there never was one (or another version wrote it). */
export function readRunState(folder = home): RunState | undefined {
  if (!existsSync(fileOf(folder))) return undefined;
  const known = runState.safeParse(JSON.parse(readable(fileOf(folder))));
  return known.success ? known.data : undefined;
}

function readable(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Stop(`${file} cannot be read (${messageOf(error)}): this clone was set up by another user; use a clone of your own.`);
  }
}

/** Replaces the file as a whole, so that a reader never sees half of it. */
export function writeRunState(state: RunState, folder = homeFolder()): void {
  const next = `${fileOf(folder)}.${process.pid}.new`;
  writeFileSync(next, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(next, fileOf(folder));
}

/** The run whose supervisor lives, if any. */
export function liveRun(folder = home): RunState | undefined {
  const state = readRunState(folder);
  return state !== undefined && isAlive(state.supervisor) ? state : undefined;
}

/** The names of a run's processes and of its addresses, for people. */
export function addressesOf(state: RunState): { api: string; docs: string; health: Record<string, string>; metrics: Record<string, string> } {
  const baseOf = (port: number): string => `http://${state.plan.host}:${port}`;
  const each = (path: string): Record<string, string> =>
    Object.fromEntries(state.plan.services.map((service) => [service.name, `${baseOf(service.port)}${path}`]));
  const edge = state.plan.services.find((service) => service.name === 'edge');
  const api = baseOf(edge?.port ?? 0);
  return { api, docs: `${api}/docs`, health: each('/health/ready'), metrics: each('/metrics') };
}
