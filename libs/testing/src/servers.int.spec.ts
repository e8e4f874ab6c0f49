import { afterEach, describe, expect, it } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { serverUrl, uniqueName } from './servers.ts';
import { testBus } from './test-bus.ts';
import { testDatabase } from './test-database.ts';

async function ask<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  it('is fresh, and gone after drop', async () => {
    const database = await testDatabase('fresh one');
    expect(await ask(database.url, 'SELECT current_database() AS name')).toEqual([{ name: database.name }]);
    await database.drop();
    await expect(ask(database.url, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  it('lets the application role read only what it was granted', async () => {
    const database = await testDatabase('roles', { leastPrivilege: true });
    try {
      await ask(database.ownerUrl, 'CREATE TABLE ledger (amount bigint)');
      await expect(ask(database.url, 'SELECT * FROM ledger')).rejects.toThrow('permission denied');
      await ask(database.ownerUrl, `GRANT SELECT ON ledger TO ${database.appRole}`);
      expect(await ask(database.url, 'SELECT * FROM ledger')).toEqual([]);
    } finally {
      await database.drop();
    }
  });
});

describe('a test bus', () => {
  it('removes its own streams and no others', async () => {
    const [mine, other] = [testBus('mine'), testBus('other')];
    const connection = await connect({ servers: new URL(mine.url).host });
    const manager = await jetstreamManager(connection);
    for (const { root } of [mine, other]) {
      await manager.streams.add({ name: `${root.toUpperCase()}_CARD`, subjects: [`${root}.card.>`] });
    }
    await mine.drop();
    const left = await manager.streams.names().next();
    expect(left).toContain(`${other.root.toUpperCase()}_CARD`);
    expect(left).not.toContain(`${mine.root.toUpperCase()}_CARD`);
    await other.drop();
    await connection.close();
  });
});

describe('an address that is not set', () => {
  const before = process.env['TOLLWIRE_TEST_PG_URL'];
  afterEach(() => {
    process.env['TOLLWIRE_TEST_PG_URL'] = before;
  });

  it('is one sentence that says what to do', () => {
    process.env['TOLLWIRE_TEST_PG_URL'] = '';
    expect(() => serverUrl('TOLLWIRE_TEST_PG_URL')).toThrow('run this through ./tollwire test');
  });

  it('never gives two suites the same name', () => {
    expect(uniqueName('Card Ledger')).toMatch(/^t_card_ledger_[0-9a-f]{10}$/);
    expect(uniqueName('a')).not.toBe(uniqueName('a'));
  });
});
