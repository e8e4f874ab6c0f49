import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@tollwire/event-store';
import { migrate } from '@tollwire/platform';
import { testDatabase } from '@tollwire/testing';
import type { TestDatabase } from '@tollwire/testing';
import { entities } from '../entities/index.ts';
import { grants, migrations } from './index.ts';

/** How many steps the schema had before money moved under a name. */
const stepsBefore = 3;

// What a service of the version before leaves behind: cards with credit, a call rated twice, one rated once.
const before = [
  `INSERT INTO reservation (call_key, id, account_id, party, amount, max_duration_sec, reserved_at_us, valid_until_us, state, answer) VALUES
   ('s/c3/0', gen_random_uuid(), 'card:0000000000000001', 'card:0000000000000001', 0, 60, 1, 2, 'open', ''),
   ('s/c4/0', gen_random_uuid(), 'card:0000000000000001', 'card:0000000000000001', 0, 60, 1, 2, 'settled', '')`,
  `INSERT INTO cardtype VALUES (1, 1000, 'ten', true, 1, 0, 0, 0, 'EUR')`,
  `INSERT INTO card_state (cardid, payed, sold, cardtypeid, resellerid, batch_id, lifetime, status, activated)
   SELECT lpad(n::text, 16, '0'), false, false, 1, 1, 'b1', 0, 'active', true FROM generate_series(1, 2) n`,
  `INSERT INTO reseller (username) VALUES ('before')`,
  `INSERT INTO ledger_account (id, currency, credit, reserved, credit_limit) VALUES
   ('card:0000000000000001', 'EUR', 9980000000, 0, 0), ('card:0000000000000002', 'EUR', 9000000000000000000, 0, 0)`,
  `INSERT INTO transfer (id, debit_account, credit_account, amount, currency, code, at_us) VALUES
   ('card_value:0000000000000001', 'funding:EUR', 'card:0000000000000001', 10000000000, 'EUR', 'card_value', 1)`,
  `INSERT INTO charge (call_key, revision, account_id, currency, amount, posted, above_reservation, charged_at_us) VALUES
   ('s/c1/0', 4, 'card:0000000000000001', 'EUR', 10000000, -20000000, 0, 2), ('s/c1/0', 1, 'card:0000000000000001', 'EUR', 30000000, 30000000, 0, 1),
   ('s/c2/0', 2, 'card:0000000000000001', 'EUR', 10000000, 10000000, 0, 2)`,
];

let testDb: TestDatabase;
let owner: Database;
beforeAll(async () => {
  testDb = await testDatabase('card-upgrade', { leastPrivilege: true });
  await migrate(testDb.ownerUrl, testDb.appRole, { entities, migrations: migrations.slice(0, stepsBefore), grants: [] });
  owner = await Database.connect({ url: testDb.ownerUrl, applicationName: 'upgrade' });
  for (const statement of before) await owner.query(statement);
  await expect(owner.query('SELECT credit FROM card')).rejects.toThrow('integer out of range');
  await migrate(testDb.ownerUrl, testDb.appRole, { entities, migrations, grants });
}, 20_000);
afterAll(async () => {
  await owner.close();
  await testDb.drop();
});

describe('a database of the version before', () => {
  it('counts the charges of each call in the order of their revisions', async () => {
    expect(await owner.query('SELECT call_key, nth, revision FROM charge ORDER BY call_key, nth')).toEqual([
      { call_key: 's/c1/0', nth: 1, revision: 1 },
      { call_key: 's/c1/0', nth: 2, revision: 4 },
      { call_key: 's/c2/0', nth: 1, revision: 2 },
    ]);
  });

  it('keeps its money and its resellers, whose names of before nobody knows', async () => {
    expect(await owner.query('SELECT amount, posted_by FROM transfer')).toEqual([{ amount: 10_000_000_000n, posted_by: null }]);
    expect(await owner.query('SELECT username, registered_by FROM reseller ORDER BY resellerid')).toEqual([
      { username: 'own company', registered_by: null },
      { username: 'before', registered_by: null },
    ]);
  });

  it('shows the credit of every card to the service, also one that no integer holds', async () => {
    const app = await Database.connect({ url: testDb.url, applicationName: 'upgrade-app' });
    try {
      expect(await app.query('SELECT credit FROM card ORDER BY cardid')).toEqual([{ credit: 998n }, { credit: 900_000_000_000n }]);
      await expect(app.query(`UPDATE transfer SET posted_by = 'me'`)).rejects.toThrow('permission denied');
    } finally {
      await app.close();
    }
  });

  it('has cards that live on as they did', async () => {
    const life = 'expires_from, expires_on, activates_on_use, suspension, first_used, clis';
    expect(await owner.query(`SELECT DISTINCT ${life} FROM card_state`)).toEqual([
      { expires_from: 'activation', expires_on: null, activates_on_use: false, suspension: null, first_used: null, clis: [] },
    ]);
    expect(await owner.query('SELECT DISTINCT cidid FROM card')).toEqual([{ cidid: 1 }]);
  });

  it('knows whose thresholds count for each card, and that nothing was posted of tax and costs', async () => {
    expect(await owner.query('SELECT DISTINCT class FROM ledger_account')).toEqual([{ class: 'card_type:1' }]);
    expect(await owner.query('SELECT DISTINCT tax, costs FROM charge')).toEqual([{ tax: 0n, costs: null }]);
  });

  it('counts the calls that are open as in use', async () => {
    expect(await owner.query('SELECT open_calls FROM ledger_account ORDER BY id')).toEqual([{ open_calls: 1 }, { open_calls: 0 }]);
  });

  it('refuses a second charge of the same place in a call', async () => {
    const again = `INSERT INTO charge (call_key, nth, revision, account_id, currency, amount, posted, above_reservation, charged_at_us)
      VALUES ('s/c2/0', 1, 3, 'card:2', 'EUR', 0, 0, 0, 0)`;
    await expect(owner.query(again)).rejects.toThrow('charge_pkey');
  });
});

describe('a database that counted tries by fixed windows', () => {
  it('counts what was tried as long as it would have', async () => {
    const other = await testDatabase('card-upgrade-tries', { leastPrivilege: true });
    const steps = migrations.findIndex((step) => step.name.includes('FailedTries'));
    await migrate(other.ownerUrl, other.appRole, { entities, migrations: migrations.slice(0, steps), grants: [] });
    const tries = await Database.connect({ url: other.ownerUrl, applicationName: 'upgrade-tries' });
    try {
      await tries.query(`INSERT INTO pin_try (kind, value, tries, since) VALUES ('cli', '43664', 2, '2024-01-01T00:00:00Z'), ('cli', '43665', 0, now())`);
      await tries.query(`INSERT INTO voucher_try (subject, window_from_us, failed) VALUES ('card:1', 5, 1)`);
      await migrate(other.ownerUrl, other.appRole, { entities, migrations, grants });
      const until = 1_704_067_200_000_000n + 900_000_000n;
      expect(await tries.query('SELECT subject, ends_us FROM failed_try ORDER BY subject')).toEqual([
        { subject: 'pin:cli:43664', ends_us: [until, until] }, { subject: 'voucher:card:1', ends_us: [900_000_005n] },
      ]);
    } finally {
      await tries.close();
      await other.drop();
    }
  }, 20_000);
});
