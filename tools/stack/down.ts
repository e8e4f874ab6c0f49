import { home } from '../cli/project.ts';
import { endProcess } from '../servers/processes.ts';
import { liveRun, readRunState, writeRunState } from './run-state.ts';

/** Longer than the supervisor gives services (10 s) and servers (20 s) one after the other. */
const supervisorGraceMs = 40_000;

/**
 * Ends this clone's services and servers, and nothing else: every process is checked to be the one that was started.
 * Hands back how many were ended; 0 when nothing ran.
 */
export async function down(folder = home): Promise<number> {
  const running = liveRun(folder);
  const count = Object.values(running?.processes ?? {}).filter(({ process }) => process !== null).length;
  if (running !== undefined) await endProcess(running.supervisor, 'SIGTERM', supervisorGraceMs);
  return (await endLeftovers(folder)) + count;
}

/** Ends what a supervisor that was killed left behind; services before servers. */
export async function endLeftovers(folder = home): Promise<number> {
  const state = readRunState(folder);
  if (state === undefined || liveRun(folder) !== undefined) return 0;
  const left = Object.entries(state.processes);
  const isServer = (name: string): boolean => name === 'postgres' || name === 'nats';
  const end = async (name: string, kept: (typeof left)[number][1]): Promise<boolean> =>
    endProcess(kept.process, name === 'postgres' ? 'SIGINT' : 'SIGTERM', 20_000);
  const services = await Promise.all(left.filter(([name]) => !isServer(name)).map(([name, kept]) => end(name, kept)));
  const servers = await Promise.all(left.filter(([name]) => isServer(name)).map(([name, kept]) => end(name, kept)));
  if (state.phase !== 'failed') writeRunState({ ...state, phase: 'stopped', processes: {} }, folder);
  return [...services, ...servers].filter(Boolean).length;
}
