import { argumentsOf } from './cli/arguments.ts';
import { columns, paint } from './cli/paint.ts';
import { healthOf } from './stack/ready.ts';
import type { Health } from './stack/ready.ts';
import { addressesOf, liveRun } from './stack/run-state.ts';
import type { RunState, Supervised } from './stack/run-state.ts';

export const summary = 'shows what runs, since when, how often it was restarted, and whether it is ready';

export const help = `
./tollwire status [--json]

Exit code 0 when everything is ready, 3 when nothing runs, 1 otherwise.

  --json    the same for a program
`;

export async function run(args: readonly string[]): Promise<number> {
  const { values } = argumentsOf(args, { json: { type: 'boolean' } });
  const state = liveRun();
  if (state === undefined) {
    process.stdout.write(values.json === true ? `${JSON.stringify({ phase: 'stopped' })}\n` : 'Nothing runs; ./tollwire up starts it.\n');
    return 3;
  }
  const health = await healthOf(state);
  const ready = state.phase === 'running' && Object.values(health).every((one) => one.ready);
  if (values.json === true) {
    const { phase, startedAt, processes } = state;
    process.stdout.write(`${JSON.stringify({ phase, ready, startedAt, processes, health, addresses: addressesOf(state) })}\n`);
  } else {
    process.stdout.write(`${table(state, health)}\n\nAPI ${addressesOf(state).api}\n`);
  }
  return ready ? 0 : 1;
}

function table(state: RunState, health: Record<string, Health>): string {
  const rows = Object.entries(state.processes).map(([name, kept]) => [
    name,
    kept.state,
    String(kept.process?.pid ?? '-'),
    since(kept),
    String(kept.restarts),
    kept.lastExit ?? '-',
    readiness(health[name]),
  ]);
  return columns(['part', 'state', 'pid', 'up for', 'restarts', 'last exit', 'ready'], rows);
}

function since({ startedAt, process }: Supervised): string {
  if (process === null) return '-';
  const seconds = Math.max(0, Math.round((Date.now() - Date.parse(startedAt)) / 1_000));
  return seconds < 120 ? `${seconds} s` : seconds < 7_200 ? `${Math.floor(seconds / 60)} min` : `${Math.floor(seconds / 3_600)} h`;
}

function readiness(health: Health | undefined): string {
  if (health === undefined) return '';
  return health.ready ? paint('green', 'yes') : `${paint('red', 'no')} ${health.detail.replaceAll(/\s+/g, ' ').slice(0, 80)}`;
}
