/** One of the five bare programs of the floor, in a process of its own. */
import { Database } from '@tollwire/event-store';
import { type Bus, connectBus } from '@tollwire/messaging';
import { z } from 'zod';
import { answerParent } from '../child.ts';
import { secondsOf } from '../cpu.ts';
import { journal } from './journal.ts';
import { FloorOutbox } from './outbox.ts';
import type { ProgramReport } from './program-report.ts';
import { type EventSizes, type Kind, kinds, pack } from './shape.ts';
import { type Batch, takeEvents } from './stage.ts';
import { debit, keepCalls, keepRatings, logEvents } from './writes.ts';

const size = z.number().int().positive();
const input = z.object({
  role: z.enum(['journal', 'call-state', 'rated-call', 'debit', 'close']),
  databaseUrl: z.string(),
  busUrl: z.string(),
  calls: z.number(),
  sizes: z.object({ started: size, answered: size, ended: size, rated: size, debited: size, closed: size }),
});
type Input = z.infer<typeof input>;

answerParent(input, async ({ role, databaseUrl, busUrl, calls, sizes }, tell) => {
  const database = await Database.connect({ url: databaseUrl, applicationName: `floor-${role}`, poolMax: 4 });
  const bus = await connectBus({ url: busUrl, name: `floor-${role}` });
  const outbox = new FloorOutbox(database, bus);
  tell('ready');
  const before = process.cpuUsage();
  let startedMs = Date.now();
  await play({ role, calls, sizes }, database, outbox, bus, () => (startedMs = Date.now()));
  await outbox.drained();
  const endedMs = Date.now();
  const { user, system } = process.cpuUsage(before);
  const report: ProgramReport = { startedMs, endedMs, ownSec: (user + system) / 1e6, postgresSec: await postgresSec(database) };
  await bus.close();
  await database.close();
  return report;
});

/** What the backends of this program have used: all of it, because they serve nobody else. */
async function postgresSec(database: Database): Promise<number> {
  const backends = await database.query<{ pid: number }>("SELECT pid FROM pg_stat_activity WHERE application_name = current_setting('application_name')");
  return backends.reduce((sum, { pid }) => sum + secondsOf(pid), 0);
}

async function play({ role, calls, sizes }: Pick<Input, 'role' | 'calls' | 'sizes'>, database: Database, outbox: FloorOutbox, bus: Bus, warm: () => void): Promise<void> {
  const take = takeEvents.bind(undefined, bus);
  if (role === 'journal') await journal(database, outbox, sizes, calls, warm);
  else if (role === 'call-state') await take('edge', 'floor-call-state', sizes, calls * 3, (batch) => keepState(database, batch));
  else if (role === 'rated-call') await take('edge', 'floor-rated-call', sizes, calls, (batch) => rated(database, outbox, sizes, of(batch, 'ended')));
  else if (role === 'debit') await take('rating', 'floor-debit', sizes, calls, (batch) => debited(database, outbox, sizes, of(batch, 'rated')));
  else await take('rating', 'floor-close', sizes, calls, (batch) => closed(database, outbox, sizes, of(batch, 'rated')));
}

function of(batch: Batch, kind: Kind): readonly number[] {
  return batch.get(kind) ?? [];
}

async function keepState(database: Database, batch: Batch): Promise<void> {
  const told = new Map<number, number>();
  for (const [kind, numbers] of batch) for (const number of numbers) told.set(number, (told.get(number) ?? 0) | kinds[kind].bit);
  await database.transaction(async (tx) => {
    await Promise.all([...[...batch].map(([kind, numbers]) => logEvents(tx, kind, numbers)), keepCalls(tx, told)]);
  });
}

async function rated(database: Database, outbox: FloorOutbox, sizes: EventSizes, numbers: readonly number[]): Promise<void> {
  const rows = await database.transaction(async (tx) => {
    const [queued] = await Promise.all([outbox.insert(tx, pack('rated', sizes, numbers)), keepRatings(tx, numbers)]);
    return queued;
  });
  outbox.publish(rows);
}

async function debited(database: Database, outbox: FloorOutbox, sizes: EventSizes, numbers: readonly number[]): Promise<void> {
  const rows = await database.transaction(async (tx) => {
    const [queued] = await Promise.all([outbox.insert(tx, pack('debited', sizes, numbers)), debit(tx, numbers)]);
    return queued;
  });
  outbox.publish(rows);
}

async function closed(database: Database, outbox: FloorOutbox, sizes: EventSizes, numbers: readonly number[]): Promise<void> {
  const told = new Map(numbers.map((number) => [number, kinds.rated.bit]));
  const rows = await database.transaction(async (tx) => {
    const [queued] = await Promise.all([outbox.insert(tx, pack('closed', sizes, numbers)), logEvents(tx, 'rated', numbers), keepCalls(tx, told)]);
    return queued;
  });
  outbox.publish(rows);
}
