import { Database } from '@tollwire/event-store';
import { testDatabase } from '@tollwire/testing';
import { describe, expect, it } from '@jest/globals';
import { migrate } from '../../../libs/platform/src/orm.ts';
import { schemas } from './schemas.ts';
import type { FloorService } from './shape.ts';
import { debit, keepCalls, keepRatings, logEvents, makePartition, openAccounts } from './writes.ts';

const numbers = [1, 2, 3, 4, 5];

/** A database as the service has it now: a column that the floor does not know fails here, not in a bench. */
async function withService<T>(service: FloorService, work: (database: Database) => Promise<T>): Promise<T> {
  const made = await testDatabase(`floor_${service}`);
  try {
    await migrate(made.ownerUrl, made.appRole, schemas[service]);
    const database = await Database.connect({ url: made.url, applicationName: 'floor-spec' });
    return await work(database).finally(() => database.close());
  } finally {
    await made.drop();
  }
}

describe('the writes of the floor', () => {
  it('log call events once, and bring a call from its start to its close in any order', async () => {
    await withService('cdr', async (database) => {
      await makePartition(database);
      for (const kind of ['started', 'ended', 'rated', 'started'] as const) await database.transaction((tx) => logEvents(tx, kind, numbers));
      for (const told of [4, 1, 8, 2]) await database.transaction((tx) => keepCalls(tx, new Map(numbers.map((number) => [number, told]))));
      const [events] = await database.query('SELECT count(*)::int AS count, min(length(bytes)) AS least, max(length(bytes)) AS most FROM call_event', []);
      expect(events).toEqual({ count: 15, least: 93, most: 324 });
      const calls = await database.query(`SELECT told, sessiontime, sell_nanos, count(*)::int AS count FROM call WHERE tableoid <> 'call_default'::regclass GROUP BY 1, 2, 3`, []);
      expect(calls).toEqual([{ told: 15, sessiontime: 160, sell_nanos: 61_500_000n, count: 5 }]);
    });
  });

  it('keep a rating of each call', async () => {
    await withService('rating', async (database) => {
      await database.transaction((tx) => keepRatings(tx, numbers));
      expect(await database.query('SELECT count(*)::int AS count FROM rated_call', [])).toEqual([{ count: 5 }]);
    });
  });

  it('debit each call once, in balances, transfers, charges and receipts', async () => {
    await withService('card', async (database) => {
      await openAccounts(database);
      const sumSql = 'SELECT sum(credit)::text AS sum FROM ledger_account';
      const [before] = await database.query<{ sum: string }>(sumSql, []);
      await database.transaction((tx) => debit(tx, numbers));
      const [after] = await database.query<{ sum: string }>(sumSql, []);
      expect(BigInt(before?.sum ?? 0) - BigInt(after?.sum ?? 0)).toBe(5n * 61_500_000n);
      const counts = 'SELECT (SELECT count(*)::int FROM transfer) AS transfers, (SELECT count(*)::int FROM charge) AS charges, (SELECT count(*)::int FROM inbox) AS receipts';
      expect(await database.query(counts, [])).toEqual([{ transfers: 5, charges: 5, receipts: 5 }]);
    });
  });
});
