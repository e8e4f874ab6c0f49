import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AckPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import type { NatsConnection } from '@nats-io/transport-node';
import { uniqueName } from '@tollwire/testing';
import pg from 'pg';
import { natsUrl, spawnNats } from './nats.ts';
import { freePorts } from './ports.ts';
import { endProcess, processOf } from './processes.ts';
import { databaseOf, databaseUrl, provisionDatabases } from './provision.ts';
import { reachNats } from './reach.ts';
import { secrets as makeSecrets } from './secrets.ts';
import type { NatsUser } from './secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollwire-own-'));
const secrets = makeSecrets(join(folder, 'secrets.json'));
const present = (name: string): string => {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this through ./tollwire test.`);
  return value;
};
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('the bus with the rights of deploy/nats', () => {
  let stop = (): Promise<unknown> => Promise.resolve();
  let port = 0;
  const connections: NatsConnection[] = [];

  async function as(user: NatsUser): Promise<NatsConnection> {
    const servers = new URL(natsUrl(port)).host;
    const inboxPrefix = `_INBOX_tollwire-${user}`;
    const connection = await connect({ servers, user, pass: secrets.nats[user], inboxPrefix, timeout: 2_000 });
    connections.push(connection);
    return connection;
  }

  beforeAll(async () => {
    const [chosen = 0, monitorPort = 0] = await freePorts(2);
    port = chosen;
    const options = { binary: present('TOLLWIRE_TEST_NATS_BINARY'), folder: join(folder, 'nats'), port, monitorPort };
    const child = spawnNats({ ...options, passwords: secrets.nats }, 'ignore');
    const ref = processOf(child.pid ?? 0);
    stop = () => endProcess(ref, 'SIGTERM', 5_000);
    await reachNats(natsUrl(port));
    const manager = await jetstreamManager(await as('card'));
    await manager.streams.add({ name: 'TOLLWIRE_CARD', subjects: ['tollwire.card.v1.card.>'] });
    await manager.streams.add({ name: 'TOLLWIRE_RATING', subjects: ['tollwire.rating.v1.call.>'] });
  });

  afterAll(async () => {
    await Promise.all(connections.map((connection) => connection.close()));
    await stop();
  });

  it('lets a service publish under its own name and read the others', async () => {
    const sent = await jetstream(await as('rating')).publish('tollwire.rating.v1.call.rated.0', 'a call');
    expect(sent.stream).toBe('TOLLWIRE_RATING');
    const card = await as('card');
    const manager = await jetstreamManager(card);
    await manager.consumers.add('TOLLWIRE_RATING', { durable_name: 'card-settle', ack_policy: AckPolicy.Explicit });
    const consumer = await jetstream(card).consumers.get('TOLLWIRE_RATING', 'card-settle');
    const message = await consumer.next({ expires: 2_000 });
    expect(message?.string()).toBe('a call');
    await message?.ackAck();
  });

  it("does not let one publish under another's name", async () => {
    const forged = jetstream(await as('card')).publish('tollwire.rating.v1.call.rated.0', 'forged', { timeout: 1_000 });
    await expect(forged).rejects.toThrow(/permissions violation/i);
  });

  it('does not let a service empty or remove a stream', async () => {
    const manager = await jetstreamManager(await as('card'));
    await expect(manager.streams.purge('TOLLWIRE_CARD')).rejects.toThrow(/permissions violation/i);
    await expect(manager.streams.delete('TOLLWIRE_CARD')).rejects.toThrow(/permissions violation/i);
  });

  it('carries a question and its answer', async () => {
    const routing = await as('routing');
    routing.subscribe('tollwire.routing.v1.rpc.Route', { callback: (_error, message) => void message.respond('carriers') });
    await routing.flush();
    const answer = await (await as('card')).request('tollwire.routing.v1.rpc.Route', 'call', { timeout: 2_000 });
    expect(answer.string()).toBe('carriers');
  });

  it("does not let one listen to another's answers", async () => {
    const edge = await as('edge');
    const listening = edge.subscribe('_INBOX_tollwire-card.>');
    await expect(listening.closed.then((error) => { if (error !== undefined) throw error; })).rejects.toThrow(/permissions violation/i);
  });

  it('refuses whoever has no password', async () => {
    await expect(connect({ servers: new URL(natsUrl(port)).host, timeout: 1_000 })).rejects.toThrow(/authorization/i);
  });
});

describe('the databases of the services', () => {
  const admin = present('TOLLWIRE_TEST_PG_URL');
  const prefix = uniqueName('provision');

  async function ask(url: string, ...statements: string[]): Promise<unknown[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      let rows: unknown[] = [];
      for (const statement of statements) ({ rows } = await client.query(statement));
      return rows;
    } finally {
      await client.end();
    }
  }

  beforeAll(async () => {
    await provisionDatabases(admin, secrets, prefix);
    await provisionDatabases(admin, secrets, prefix);
  });
  afterAll(async () => {
    for (const service of ['edge', 'card', 'rating', 'routing', 'catalog', 'cdr'] as const) {
      const { database, owner, app } = databaseOf(service, prefix);
      await ask(admin, `DROP DATABASE ${database} WITH (FORCE)`, `DROP ROLE ${owner}`, `DROP ROLE ${app}`);
    }
  });

  it('let the owner make tables, and the application only what it was granted', async () => {
    const { app } = databaseOf('card', prefix);
    const [asOwner, asApp] = (['owner', 'app'] as const).map((role) => databaseUrl(admin, 'card', role, secrets, prefix));
    await ask(asOwner ?? '', 'CREATE TABLE transfer (id int)', `GRANT SELECT, INSERT ON transfer TO ${app}`);
    expect(await ask(asApp ?? '', 'INSERT INTO transfer VALUES (1)', 'SELECT id FROM transfer')).toEqual([{ id: 1 }]);
    await expect(ask(asApp ?? '', 'UPDATE transfer SET id = 2')).rejects.toThrow('permission denied');
    await expect(ask(asApp ?? '', 'CREATE TABLE mine (id int)')).rejects.toThrow('permission denied');
  });

  it('are closed to the roles of other services', async () => {
    const url = new URL(databaseUrl(admin, 'card', 'app', secrets, prefix));
    url.pathname = `/${databaseOf('rating', prefix).database}`;
    await expect(ask(url.toString(), 'SELECT 1')).rejects.toThrow('permission denied for database');
  });
});
