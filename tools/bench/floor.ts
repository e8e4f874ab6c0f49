import { Database } from '@tollwire/event-store';
import { connectBus, ensureConsumer, ensureTopology, streamSpecOf } from '@tollwire/messaging';
import { migrate } from '../../libs/platform/src/orm.ts';
import type { Note } from '../cli/progress.ts';
import { secrets } from '../servers/secrets.ts';
import { busUrl } from '../stack/environment.ts';
import type { RunState } from '../stack/run-state.ts';
import { perSec } from './arithmetic.ts';
import { runChild } from './child.ts';
import { type CpuUse, cpuBetween, cpuSeconds } from './cpu.ts';
import { programReport } from './floor/program-report.ts';
import { warmShare } from './floor/journal.ts';
import { schemas } from './floor/schemas.ts';
import { type EventSizes, floorRoot, type FloorService, floorServices, type Kind, subjectOf, usualSizes } from './floor/shape.ts';
import { makePartition, openAccounts } from './floor/writes.ts';
import { databaseAddress, withDatabase } from './servers.ts';

/** How fast the bare programs wrote what the pipeline writes. */
export interface FloorFigures {
  readonly callsPerSec: number;
  /** Microseconds of processor time for each call, by program and server. */
  readonly cpu: readonly CpuUse[];
}

/** The programs, with the database that each writes and the events that each takes. */
const programs = [
  { role: 'call-state', service: 'cdr', from: 'edge', takes: ['started', 'answered', 'ended'] },
  { role: 'rated-call', service: 'rating', from: 'edge', takes: ['ended'] },
  { role: 'debit', service: 'card', from: 'rating', takes: ['rated'] },
  { role: 'close', service: 'cdr', from: 'rating', takes: ['rated'] },
] as const satisfies readonly { role: string; service: FloorService; from: FloorService; takes: readonly Kind[] }[];

/**
 * Runs five bare programs that write what the services write for `measuredCalls` calls, on the same servers, in tables made by
 * the services' own migrations and streams made like theirs, and measures from the first write to the last.
 */
export async function benchFloor(state: RunState, measured: Partial<EventSizes>, measuredCalls: number, note: Note): Promise<FloorFigures> {
  // The first calls warm everything up, and are not measured.
  const calls = Math.round(measuredCalls / (1 - warmShare));
  note('making databases and streams');
  await makeDatabases(state);
  await makeStreams(state);
  const sizes = sizesOf(measured);
  const begin = (role: string, service: FloorService, onNews?: () => void) =>
    runChild('floor/program.ts', { role, databaseUrl: databaseAddress(state, nameOf(service)), busUrl: operatorUrl(state), calls, sizes }, programReport, onNews === undefined ? {} : { onNews });
  const stages = programs.map(({ role, service }) => {
    const { promise: ready, resolve } = Promise.withResolvers<void>();
    return { role, ready, report: begin(role, service, resolve) };
  });
  await Promise.race([Promise.all(stages.map(({ ready }) => ready)), ...stages.map(({ report }) => report)]);
  const before = cpuSeconds(state);
  note(`writing ${calls.toLocaleString('en')} calls`);
  const journal = await begin('journal', 'edge');
  const reports = await Promise.all(stages.map(async ({ role, report }) => ({ role, ...(await report) })));
  const elapsedMs = Math.max(...reports.map(({ endedMs }) => endedMs)) - journal.startedMs;
  const servers = cpuBetween(before, cpuSeconds(state)).filter(({ name }) => name === 'nats' || name === 'postgres background');
  const own = [{ role: 'journal', ...journal }, ...reports].flatMap(({ role, ownSec, postgresSec }) => [{ name: role, seconds: ownSec }, { name: `postgres ${role}`, seconds: postgresSec }]);
  return { callsPerSec: perSec(calls * (1 - warmShare), elapsedMs), cpu: perCall([...own, ...servers], calls) };
}

function perCall(uses: readonly CpuUse[], calls: number): CpuUse[] {
  return uses.map(({ name, seconds }) => ({ name, seconds: (seconds / calls) * 1e6 })).filter(({ seconds }) => seconds >= 0.5).sort((left, right) => right.seconds - left.seconds);
}

/** The sizes of this run's own events where the pipeline went before, else the usual ones. */
function sizesOf(measured: Partial<EventSizes>): EventSizes {
  const { started, answered, ended, rated, debited, closed } = { ...usualSizes, ...measured };
  return { started, answered, ended, rated, debited, closed };
}

function nameOf(service: FloorService): string {
  return `tollwire_floor_${service}`;
}

function operatorUrl({ plan }: RunState): string {
  return busUrl(plan, 'operator', secrets());
}

async function makeDatabases(state: RunState): Promise<void> {
  for (const service of floorServices) {
    await withDatabase(state, 'postgres', (admin) => admin.query(`CREATE DATABASE ${nameOf(service)}`));
    await migrate(databaseAddress(state, nameOf(service)), 'postgres', schemas[service]);
  }
  await prepared(state, 'card', openAccounts);
  await prepared(state, 'cdr', makePartition);
}

async function prepared(state: RunState, service: FloorService, prepare: (database: Database) => Promise<void>): Promise<void> {
  const database = await Database.connect({ url: databaseAddress(state, nameOf(service)), applicationName: 'floor' });
  await prepare(database);
  await database.close();
}

async function makeStreams(state: RunState): Promise<void> {
  const bus = await connectBus({ url: operatorUrl(state), name: 'floor' });
  await ensureTopology(bus, floorServices.map((service) => streamSpecOf(floorRoot, service)));
  for (const { role, from, takes } of programs) {
    const stream = streamSpecOf(floorRoot, from);
    await ensureConsumer(bus, { stream, durable: `floor-${role}`, filters: takes.map((kind) => subjectOf(kind, '*')), ackWaitMs: 30_000, ackPendingMax: 5000 });
  }
  await bus.close();
}
