import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import { q850Causes } from '@tollwire/telecom';
import { migrate, openOrm } from '@tollwire/platform';
import { table } from '@tollwire/testing';
import { Alarm, AlarmReport } from '../entities/watch.entity.ts';
import { Call, HangupCause } from '../entities/call.entity.ts';
import { seedHangupCauses } from '../projections/hangup-causes.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { wholeCall } from '../spec-events.ts';
import { schema } from './index.ts';

let bed: CdrBed;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());

describe('the schema', () => {
  it('has every documented column', async () => {
    const documented = table<'table' | 'columns'>(`
      table               | columns
      call                | callid,countryprefixid,providerid,cardid,tariffid,channel,uniqueid,starttime,stoptime,sessiontime,pulsetime,callednumber,startdelay,stopdelay,terminatecause,sessionbill
      voip_switch         | name,ipaddress
      hangup_cause        | code,enumeration,cause,description
      alarm               | user_id,name,period,type,alert_condition,alert_value,alert_condition_add_on,status,email_to_send_alarm,created_date,updated_date
      alarm_report        | alarm_id,calculatedvalue,status,daterun
      alert_remove_prefix | label,prefix,created_date,updated_date
      blacklist           | user_id,phonenumber_prefix,country
      whitelist           | user_id,phonenumber_prefix,country
    `);
    for (const { table: name, columns } of documented) {
      const rows = await bed.database.query<{ column_name: string }>('SELECT column_name FROM information_schema.columns WHERE table_name = $1', [name]);
      expect({ name, has: rows.map((row) => row.column_name) }).toEqual({ name, has: expect.arrayContaining(columns.split(',')) });
    }
  });

  it('is brought up twice without harm', async () => {
    await migrate(bed.ownerUrl, bed.appRole, schema);
    await migrate(bed.ownerUrl, bed.appRole, schema);
  });

  it('lets the service add to the log of events and never change it', async () => {
    await expect(bed.database.query('UPDATE call_event SET kind = 1')).rejects.toThrow('permission denied');
    await expect(bed.database.query('DELETE FROM call_event')).rejects.toThrow('permission denied');
    await expect(bed.database.query('TRUNCATE call')).rejects.toThrow('permission denied');
  });

  it('refuses rows that mean nothing', async () => {
    const statements = [
      `INSERT INTO alarm (name, alert_value, email_to_send_alarm, type) VALUES ('a', 60, 'a@b.example', 'LOUD')`,
      `INSERT INTO alarm (name, alert_value, email_to_send_alarm) VALUES ('a', -1, 'a@b.example')`,
      `INSERT INTO alarm (name, alert_value, email_to_send_alarm) VALUES ('a', 60, 'nobody')`,
      `INSERT INTO alarm_report (alarm_id, threshold, status) VALUES (1, 60, 'alarm_sent')`,
      `INSERT INTO blacklist (phonenumber_prefix) VALUES ('+44')`,
      `INSERT INTO whitelist (phonenumber_prefix) VALUES ('')`,
      `INSERT INTO alert_remove_prefix (label, prefix) VALUES ('x', 'abc')`,
      `INSERT INTO voip_switch (name) VALUES ('')`,
    ];
    for (const statement of statements) await expect(bed.database.query(statement)).rejects.toThrow('violates check constraint');
    const twice = `INSERT INTO blacklist (phonenumber_prefix) VALUES ('882'), ('882')`;
    await expect(bed.database.query(twice)).rejects.toThrow('duplicate key');
  });

  it('keeps measure and threshold of a report, or neither measure nor alarm', async () => {
    await bed.database.query(`INSERT INTO alarm (id, name, alert_value, email_to_send_alarm) VALUES (7, 'short calls', 60, 'noc@carrier.example')`);
    await bed.database.query(`INSERT INTO alarm_report (alarm_id, calculatedvalue, threshold, status) VALUES (7, 45, 60, 'alarm_sent'), (7, NULL, 60, 'no_data')`);
    const rows = await bed.database.query('SELECT calculatedvalue, threshold FROM alarm_report ORDER BY id');
    expect(rows).toEqual([{ calculatedvalue: '45.000', threshold: '60.000' }, { calculatedvalue: null, threshold: '60.000' }]);
  });

  it('is what the entities say', async () => {
    const orm = await openOrm(bed.url, schema);
    const em = orm.em.fork();
    await runReaction(bed.database, track(bed.deps), wholeCall({ callId: 'a' }));
    const [call] = await em.find(Call, { switchId: { $gt: 0 } });
    expect(call).toMatchObject({
      uniqueid: 'a', leg: 0, status: 'closed', starttime: new Date('2026-03-01T12:00:00Z'), stoptime: new Date('2026-03-01T12:01:04Z'),
      sessiontime: 64, startdelay: 4, sessionbill: 1n, sellNanos: 12_345_678n, terminatecause: 'NORMAL_CLEARING', countryprefixid: 44, providerid: null, tariffid: 7,
    });
    const [report] = await em.find(AlarmReport, { alarm: 7 }, { orderBy: { id: 'asc' }, populate: ['alarm'] });
    expect(report?.alarm.name).toBe('short calls');
    expect(await em.count(Alarm)).toBe(1);
    expect(await em.count(HangupCause)).toBe(0);
    await orm.close();
  });
});

describe('seedHangupCauses', () => {
  it('knows every cause of the table, however often it runs, and mends a changed one', async () => {
    await seedHangupCauses(bed.database);
    await bed.database.query(`UPDATE hangup_cause SET cause = 'wrong' WHERE code = 16`);
    await seedHangupCauses(bed.database);
    const rows = await bed.database.query('SELECT code, enumeration, cause FROM hangup_cause ORDER BY code');
    expect(rows).toEqual(q850Causes);
  });
});
