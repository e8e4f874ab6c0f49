import type { EntitySchema } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate, openOrm } from '@tollwire/platform';
import { table, testDatabase } from '@tollwire/testing';
import type { TestDatabase } from '@tollwire/testing';
import { Database } from '@tollwire/event-store';
import { Reseller } from '../entities/card.entity.ts';
import { entities } from '../entities/index.ts';
import { grants, migrations } from './index.ts';

let testDb: TestDatabase;
let owner: Database;
beforeAll(async () => {
  testDb = await testDatabase('card-schema', { leastPrivilege: true });
  await migrate(testDb.ownerUrl, testDb.appRole, { entities, migrations, grants });
  owner = await Database.connect({ url: testDb.ownerUrl, applicationName: 'schema' });
});
afterAll(async () => {
  await owner.close();
  await testDb.drop();
});

const typeOf = async (name: string, column: string) =>
  (
    await owner.query<{ data_type: string }>(
      'SELECT data_type FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = $1 AND column_name = $2',
      [name, column],
    )
  )[0]?.data_type;

describe('the schema of card', () => {
  it('has every documented table and column', async () => {
    const documented = table<'table' | 'column' | 'type'>(`
      table        | column          | type
      cardtype     | cardtypeid      | integer
      cardtype     | value           | integer
      cardtype     | description     | text
      cardtype     | active          | boolean
      cardtype     | tariffid        | integer
      cardtype     | lifetime        | integer
      cardtype     | frequency       | integer
      cardtype     | startpulse      | integer
      cid          | cidid           | integer
      cid          | cid             | bigint
      cid          | resellerid      | integer
      cid          | createtime      | timestamp with time zone
      card         | cardid          | text
      card         | cidid           | integer
      card         | payed           | boolean
      card         | cardtypeid      | integer
      card         | resellerid      | integer
      card         | credit          | bigint
      card         | activated       | boolean
      card         | deactivated     | timestamp with time zone
      card         | expires         | timestamp with time zone
      reseller     | resellerid      | integer
      reseller     | username        | text
      reseller     | userpass        | text
      sale         | saleid          | integer
      sale         | cardid          | text
      sale         | saletime        | timestamp with time zone
      order        | orderid         | integer
      order        | cardid          | text
      order        | ordertime       | timestamp with time zone
      user_profile | accountcode     | text
      user_profile | address         | text
      user_profile | city            | text
      user_profile | state           | text
      user_profile | country         | text
      user_profile | zip_code        | text
      user_profile | phone_no        | text
      user_profile | fax             | text
      user_profile | company_name    | text
      user_profile | company_website | text
      user_profile | language        | text
      user_profile | note            | text
      user_profile | user_id         | integer
      user_profile | dialersetting_id | integer
    `);
    for (const row of documented) expect({ ...row, type: await typeOf(row.table, row.column) }).toEqual(row);
  });

  it('keeps the documented references', async () => {
    const rows = await owner.query<{ reference: string }>(
      `SELECT conrelid::regclass || ' → ' || confrelid::regclass AS reference FROM pg_constraint WHERE contype = 'f' ORDER BY 1`,
    );
    expect(rows.map(({ reference }) => reference)).toEqual([
      'account_code → user_profile',
      'card_batch → cardtype',
      'card_batch → reseller',
      'card_state → cardtype',
      'caller_address → account_code',
      'caller_policy → cardtype',
      'caller_policy → reseller',
      'card_pin → card_state',
      'card_state → cid',
      'cid → card_state',
      'card_state → reseller',
      'cardtype_dialer_setting → cardtype',
      'cardtype_dialer_setting → dialer_setting',
      'cid → reseller',
      'commission → reseller',
      'payment_reversal → payment',
      'voucher → voucher_batch',
      'voucher_batch → reseller',
      'voucher_redemption → voucher',
      'voucher_void → voucher_batch',
      'voucher_approval → voucher_batch',
      'reservation_extension → reservation',
      'order → card_state'.replace('order', '"order"'),
      'sale → card_state',
      'user_profile → dialer_setting',
      'userprofile_gateway → user_profile',
      'userprofile_voipservergroup → user_profile',
    ].sort());
  });

  it('is made once, however often it is migrated, by several at once', async () => {
    const again = () => migrate(testDb.ownerUrl, testDb.appRole, { entities, migrations, grants });
    await Promise.all([again(), again()]);
    expect(await owner.query('SELECT resellerid FROM reseller')).toEqual([{ resellerid: 1 }]);
  });

  it('can be read through its entities by the service', async () => {
    const orm = await openOrm(testDb.url, { entities, migrations, grants });
    try {
      const all: readonly EntitySchema[] = entities;
      for (const entity of all) await orm.em.fork().find(entity, {}, { limit: 1 });
      expect(await orm.em.fork().findOneOrFail(Reseller, 1)).toMatchObject({ username: 'own company' });
    } finally {
      await orm.close();
    }
  });

  it('refuses what no card, profile or balance may be', async () => {
    const refused: readonly [string, string][] = [
      [`INSERT INTO reseller (username, userpass) VALUES ('plain', 'secret')`, 'reseller_userpass_check'],
      [`INSERT INTO reseller (username) VALUES ('${'x'.repeat(21)}')`, 'reseller_username_check'],
      [`INSERT INTO ledger_account (id, currency, credit, reserved, credit_limit) VALUES ('house', 'EUR', 0, 0, 0)`, 'ledger_account_id_check'],
      [`INSERT INTO ledger_account (id, currency, credit, reserved, credit_limit) VALUES ('card:1', 'EUR', 0, -1, 0)`, 'ledger_account_reserved_check'],
      [`INSERT INTO user_profile (customer_id, accountcode, voip_plan_id, currency, postpaid, credit_limit, opened_at)
        VALUES ('c', 'c', 1, 'EUR', false, 1, now())`, 'user_profile_check'],
      [`INSERT INTO charge (call_key, revision, account_id, currency, amount, posted, above_reservation, charged_at_us)
        VALUES ('c', 0, 'card:1', 'EUR', 0, 0, 0, 0)`, 'charge_revision_check'],
    ];
    for (const [statement, constraint] of refused) await expect(owner.query(statement)).rejects.toThrow(constraint);
  });
});
