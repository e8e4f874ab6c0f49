import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import { migrate } from '@tollwire/platform';
import { table } from '@tollwire/testing';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { wholeCall } from '../spec-events.ts';
import { migrations, schema } from './index.ts';

let bed: CdrBed;

beforeAll(async () => {
  bed = await cdrBed();
  await runReaction(bed.database, track(bed.deps), wholeCall({ callId: 'a' }));
});
afterAll(() => bed.close());

const contents = () => bed.database.query('SELECT * FROM call');
/** Runs a statement as the role of the service and takes it back, also where it was let through. */
async function outcomeOf(statement: string): Promise<string> {
  const undo = new Error('undone');
  return await bed.database.transaction(async (tx) => {
    await tx.query(statement);
    throw undo;
  }).then(() => 'committed', (error: unknown) => (error === undo ? 'let through' : String(error)));
}

describe('the table of calls', () => {
  it('refuses a row that no fold makes, each for its own reason', async () => {
    const before = await contents();
    const rows = table<'change' | 'refusal'>(`
      change                                        | refusal
      status = 'over'                               | call_status_check
      told = 0                                      | call_told_check
      told = 64                                     | call_told_check
      conflicts = 64                                | call_conflicts_check
      conflicts = -1                                | call_conflicts_check
      leg = -1                                      | call_leg_check
      pulsetime = -1                                | call_pulsetime_check
      duration_sec = -1                             | call_duration_sec_check
      stopdelay = -1                                | call_stopdelay_check
      ended_at_us = started_at_us - 1               | call_ends_after_start
      account_code = 'acme'                         | call_charged_once
      started_at_us = NULL                          | not-null
      callednumber = NULL                           | not-null
      starttime = now()                             | can only be updated to DEFAULT
      ended_at_us = started_at_us                   | let through
      cardid = NULL, account_code = 'acme'          | let through
    `);
    for (const { change, refusal } of rows) expect({ change, outcome: await outcomeOf(`UPDATE call SET ${change}`) }).toEqual({ change, outcome: expect.stringContaining(refusal) });
    expect(await contents()).toEqual(before);
  });

  it('holds a call once', async () => {
    const again = 'INSERT INTO call_place (switch_id, uniqueid, leg, filed_day) SELECT switch_id, uniqueid, leg, filed_day + 700 FROM call_place';
    expect(await outcomeOf(again)).toContain('call_key');
    expect(await outcomeOf(again.replace('SELECT switch_id, uniqueid, leg,', 'SELECT switch_id, uniqueid, leg + 1,'))).toBe('let through');
    const numbered = 'INSERT INTO call_place (callid, switch_id, uniqueid, leg, filed_day) SELECT callid, 9, uniqueid, leg, filed_day FROM call_place';
    expect(await outcomeOf(numbered)).toContain('cannot insert a non-DEFAULT value');
  });

  it('rounds what it derives as documented, at the edges', async () => {
    const rows = table<'started' | 'answered' | 'ended' | 'sell' | 'session' | 'delay' | 'bill'>(`
      started | answered | ended   | sell     | session | delay | bill
      1000000 | 1999999  | 1000000 | 4999999  | 0       | 0     | 0
      1000000 | 2000000  | 1000001 | 5000000  | 1       | 1     | 1
      1000000 | 2000000  | 2000000 | 14999999 | 1       | 1     | 1
      1000000 | 1000000  | 2000001 | 15000000 | 2       | 0     | 2
    `);
    for (const { started, answered, ended, sell, ...wanted } of rows) {
      await bed.database.query('UPDATE call SET started_at_us = $1, answered_at_us = $2, ended_at_us = $3, sell_nanos = $4', [started, answered, ended, sell]);
      const [row] = await bed.database.query<{ session: number; delay: number; bill: bigint }>('SELECT sessiontime AS session, startdelay AS delay, sessionbill AS bill FROM call');
      expect({ ended, session: `${row?.session}`, delay: `${row?.delay}`, bill: `${row?.bill}` }).toEqual({ ended, ...wanted });
    }
  });
});

describe('what the role of the service may do', () => {
  it('is no more than it needs', async () => {
    const rows = table<'table' | 'may'>(`
      table               | may
      call                | INSERT,SELECT,UPDATE
      call_place          | INSERT,SELECT
      call_past           | SELECT,UPDATE
      call_default        | SELECT
      call_event_default  | SELECT
      call_event          | INSERT,SELECT
      voip_switch         | INSERT,SELECT
      account_code        | INSERT,SELECT
      carrier             | INSERT,SELECT,UPDATE
      abandon_walk        | SELECT,UPDATE
      report_difference   | DELETE,INSERT,SELECT
      report_bucket       | INSERT,SELECT,UPDATE
      live_calls          | INSERT,SELECT,UPDATE
      report_kept_since   | SELECT
      destination         | INSERT,SELECT
      hangup_cause        | INSERT,SELECT,UPDATE
      alarm_report        | INSERT,SELECT
      alarm_notice        | INSERT,SELECT,UPDATE
      alarm               | DELETE,INSERT,SELECT,UPDATE
      blacklist           | DELETE,INSERT,SELECT,UPDATE
      whitelist           | DELETE,INSERT,SELECT,UPDATE
      alert_remove_prefix | DELETE,INSERT,SELECT,UPDATE
    `);
    const granted = `SELECT string_agg(privilege_type, ',' ORDER BY privilege_type) AS may FROM information_schema.role_table_grants WHERE grantee = $1 AND table_name = $2`;
    for (const { table: name, may } of rows) expect({ name, has: await bed.owner.query(granted, [bed.appRole, name]) }).toEqual({ name, has: [{ may }] });
    expect(await outcomeOf('CREATE TABLE mine (id int)')).toContain('permission denied');
    expect(await outcomeOf('ALTER TABLE call_place DROP CONSTRAINT call_key')).toContain('must be owner');
  });
});

describe('the log of events', () => {
  it('takes each of the six kinds once for an id, and no other kind', async () => {
    const insert = (id: string, kind: number) =>
      `INSERT INTO call_event (event_id, filed_day, kind, call_key, source, bytes) VALUES ('00000000-0000-8000-8000-00000000000${id}', -1, ${kind}, 'k', 's', '')`;
    for (const kind of [1, 2, 4, 8, 16, 32]) expect(await outcomeOf(insert('1', kind))).toBe('let through');
    for (const kind of [0, 3, 64]) expect(await outcomeOf(insert('1', kind))).toContain('call_event_kind_check');
    expect(await outcomeOf(`${insert('1', 1)}, ('00000000-0000-8000-8000-000000000001', -1, 2, 'k', 's', '')`)).toContain('call_event_unfiled_pkey');
  });
});

describe('the migrations', () => {
  it('change nothing when they run again, at once or by many, and lose no call', async () => {
    const shape = () => bed.owner.query(`SELECT table_name, column_name, data_type, column_default FROM information_schema.columns WHERE table_schema = 'public' ORDER BY 1, 2`);
    const before = { shape: await shape(), calls: await contents() };
    await migrate(bed.ownerUrl, bed.appRole, schema);
    await Promise.all([1, 2, 3].map(() => migrate(bed.ownerUrl, bed.appRole, schema)));
    expect({ shape: await shape(), calls: await contents() }).toEqual(before);
    const [applied] = await bed.owner.query<{ count: bigint }>('SELECT count(*) FROM mikro_orm_migrations');
    expect(applied?.count).toBe(BigInt(migrations.length));
  });
});
