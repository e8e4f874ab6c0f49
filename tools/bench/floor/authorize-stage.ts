/**
 * One of the bare programs on the way of an authorization, in a process of its own: a door that answers over HTTP, a keeper that looks up and writes what card
 * does, and what stands for rating and routing. Nothing is checked, priced, routed or decided; the answer is always the text of one real answer.
 */
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { atOnce, Database, pgArray } from '@tollwire/event-store';
import { type Bus, connectBus, microBatch } from '@tollwire/messaging';
import { z } from 'zod';
import { answerParent } from '../child.ts';
import { floorRoot, idOf } from './shape.ts';
import { accountOf } from './writes.ts';

const input = z.object({ role: z.enum(['door', 'keeper', 'rating', 'routing']), busUrl: z.string(), databaseUrl: z.string(), answer: z.string() });

const askTimeoutMs = 10_000;
/** What serves these programs best: a call costs so little here that small batches do no harm. With 3 ms between two, as the door of the system has it, p99 was half as much again. */
const together = { itemsMax: 200, concurrency: 200, spacingMs: { min: 0, max: 10 } };
/** Bytes of each call in a question and in its answer, about as many as the services' own have. */
const bytes = { keeper: { asked: 150, answered: 720 }, rating: { asked: 140, answered: 120 }, routing: { asked: 160, answered: 620 } } as const;
type Asked = keyof typeof bytes;

const subjectOf = (asked: Asked): string => `${floorRoot}.authorize.${asked}`;

answerParent(input, async ({ role, busUrl, databaseUrl, answer }, tell) => {
  // Its inbox is named after it, and this is the one that the user may hear.
  const bus = await connectBus({ url: busUrl, name: 'tollwire-operator' });
  if (role === 'door') tell(await openDoor(bus, answer));
  else if (role === 'keeper') tell(serve(bus, role, keeper(bus, await Database.connect({ url: databaseUrl, applicationName: 'floor-authorize', poolMax: 8 }))));
  else tell(serve(bus, role, () => Promise.resolve()));
  await bus.connection.closed();
});

/** Answers questions about so many calls, once the work for them is done. */
function serve(bus: Bus, asked: Asked, work: (calls: number) => Promise<unknown>): string {
  bus.connection.subscribe(subjectOf(asked), {
    callback: (_error, message) => {
      const calls = message.data.length / bytes[asked].asked;
      void work(calls).then(() => message.respond(new Uint8Array(calls * bytes[asked].answered)));
    },
  });
  return asked;
}

async function ask(bus: Bus, asked: Asked, calls: number): Promise<void> {
  await bus.connection.request(subjectOf(asked), new Uint8Array(calls * bytes[asked].asked), { timeout: askTimeoutMs });
}

async function openDoor(bus: Bus, answer: string): Promise<number> {
  const authorize = microBatch(async (calls: readonly unknown[]) => {
    await ask(bus, 'keeper', calls.length);
    return calls.map(() => answer);
  }, together);
  const server = createServer((request, response) => {
    void bodyOf(request).then(authorize).then((text) => response.setHeader('content-type', 'application/json').end(text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return portOf(server.address());
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new Error('The door listens on a port');
  return address.port;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(request, 'end');
  return JSON.parse(Buffer.concat(chunks).toString());
}

const lookUps = [
  'SELECT call_key, state FROM reservation WHERE call_key = ANY($1::text[])',
  'SELECT id, currency, credit, reserved, version FROM ledger_account WHERE id = ANY($1::text[])',
] as const;

const write = atOnce([
  {
    name: 'saved', paramCount: 1,
    text: 'UPDATE ledger_account a SET reserved = a.reserved + 1, version = a.version + 1 FROM unnest($1::text[]) AS n (id) WHERE a.id = n.id RETURNING a.id',
  },
  {
    name: 'opened', paramCount: 4,
    text: `INSERT INTO reservation (call_key, id, account_id, amount, max_duration_sec, reserved_at_us, valid_until_us, state, answer, party, started_at_us)
      SELECT call_key, id, account_id, 1, 7200, 1, 9223372036854775807, 'open', answer, account_id, 1
      FROM unnest($1::text[], $2::uuid[], $3::text[], $4::bytea[]) AS r (call_key, id, account_id, answer)`,
  },
  {
    name: 'queued', paramCount: 2,
    text: 'INSERT INTO outbox (subject, event_count, payload) SELECT subject, 1, payload FROM unnest($1::text[], $2::bytea[]) AS r (subject, payload) RETURNING position',
  },
  { name: 'pending', paramCount: 0, text: 'INSERT INTO outbox_pending (position, byte_count) SELECT position, 450 FROM queued' },
], 'SELECT count(*) FROM saved');

/** A look-up, a question to rating, one to routing, and a write: the trips and commits of an authorization. */
function keeper(bus: Bus, database: Database): (calls: number) => Promise<void> {
  let last = 0;
  const answer = Buffer.alloc(bytes.keeper.answered);
  const event = Buffer.alloc(450);
  return async (calls) => {
    const numbers = Array.from({ length: calls }, () => (last += 1));
    const keys = pgArray('text', numbers, (number) => `floor/authorize-${number}/0`);
    const accounts = pgArray('text', numbers, accountOf);
    await database.together((sql) => Promise.all([sql.query(lookUps[0], [keys]), sql.query(lookUps[1], [accounts])]), { byKey: true });
    await ask(bus, 'rating', calls);
    await ask(bus, 'routing', calls);
    const told = [...new Set(numbers.map((number) => `${floorRoot}.${number % 4}`))];
    const opened = [keys, pgArray('uuid', numbers, (number) => idOf('debited', number)), accounts, pgArray('bytea', numbers, () => answer)];
    await database.query(write, [accounts, ...opened, told, pgArray('bytea', told, () => event)], { byKey: true });
  };
}
