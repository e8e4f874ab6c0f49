import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventStoreGrants } from '@tollwire/event-store';
import { table } from '@tollwire/testing';
import { cardRig } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { grants } from './index.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-grants');
});
afterAll(() => rig.close());

const privileges = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'] as const;
const selectRights = `
  SELECT c.relname AS name, array_agg(p.privilege ORDER BY p.nth) FILTER (WHERE has_table_privilege(c.oid, p.privilege)) AS rights
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  CROSS JOIN unnest($1::text[]) WITH ORDINALITY AS p (privilege, nth)
  WHERE n.nspname = current_schema() AND c.relkind IN ('r', 'v', 'p') GROUP BY c.relname ORDER BY c.relname`;

/** What the service's own role may do with each table, as the server sees it. */
async function rightsOf(): Promise<Map<string, string>> {
  const rows = await rig.database.query<{ name: string; rights: string[] | null }>(selectRights, [privileges]);
  return new Map(rows.map(({ name, rights }) => [name, (rights ?? []).join(' ')]));
}

describe('the rights of the service', () => {
  it('are to add to money, to change balances, and to fold its read models anew', async () => {
    const rights = await rightsOf();
    const wanted = table<'table' | 'rights'>(`
      table                       | rights
      transfer                    | SELECT INSERT
      charge                      | SELECT INSERT
      event                       | SELECT INSERT
      ledger_account              | SELECT INSERT UPDATE
      reservation                 | SELECT INSERT UPDATE
      card                        | SELECT
      card_state                  | SELECT INSERT UPDATE DELETE
      cardtype                    | SELECT INSERT UPDATE DELETE
      card_batch                  | SELECT INSERT UPDATE DELETE
      order                       | SELECT INSERT UPDATE DELETE
      sale                        | SELECT INSERT UPDATE DELETE
      user_profile                | SELECT INSERT UPDATE DELETE
      account_code                | SELECT INSERT
      reseller                    | SELECT INSERT
      cid                         | SELECT INSERT UPDATE
      card_pin                    | SELECT INSERT UPDATE
      caller_policy               | SELECT INSERT UPDATE
      caller_address              | SELECT INSERT UPDATE DELETE
      failed_try                  | SELECT INSERT UPDATE DELETE
      dialer_setting              | SELECT INSERT UPDATE
      cardtype_dialer_setting     | SELECT INSERT UPDATE DELETE
      reservation_extension       | SELECT INSERT
      userprofile_gateway         | SELECT INSERT DELETE
      userprofile_voipservergroup | SELECT INSERT DELETE
      payment                     | SELECT INSERT
      payment_reversal            | SELECT INSERT
      commission                  | SELECT INSERT
      voucher_batch               | SELECT INSERT
      voucher_approval            | SELECT INSERT
      voucher_void                | SELECT INSERT
      voucher                     | SELECT INSERT
      voucher_redemption          | SELECT INSERT
      low_balance                 | SELECT INSERT UPDATE
      broken_credit               | SELECT INSERT UPDATE
      credit_proposal             | SELECT INSERT UPDATE DELETE
    `);
    for (const row of wanted) expect({ table: row.table, rights: rights.get(row.table) }).toEqual(row);
  });

  it('never let it empty a table at once, or hang anything onto one', async () => {
    for (const [name, rights] of await rightsOf()) expect([name, rights]).toEqual([name, expect.not.stringMatching(/TRUNCATE|REFERENCES|TRIGGER/)]);
  });

  it('do not reach the schema itself', async () => {
    for (const statement of [
      'ALTER TABLE transfer DISABLE TRIGGER ALL',
      'ALTER TABLE charge DROP COLUMN nth',
      'DROP TABLE reservation',
      'CREATE TABLE mine (id int)',
    ]) {
      await expect(rig.database.query(statement)).rejects.toThrow(/must be owner|permission denied/);
    }
    // A grant of what one may not grant is a warning to PostgreSQL, and grants nothing.
    await rig.database.query('GRANT UPDATE ON transfer TO PUBLIC');
    expect((await rightsOf()).get('transfer')).toBe('SELECT INSERT');
  });

  it('are given to the role that is named, by every statement', () => {
    expect(grants.filter((grant) => !grant.includes(':app'))).toEqual([]);
    expect(grants).toEqual(expect.arrayContaining([...eventStoreGrants]));
  });
});
