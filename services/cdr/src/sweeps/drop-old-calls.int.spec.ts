import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { runReaction } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import { foldReports } from '../projections/fold-reports.ts';
import { close, track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callRated, wholeCall } from '../spec-events.ts';
import { dropOldCalls } from './drop-old-calls.ts';

let bed: CdrBed;
const day = 86_400;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());
beforeEach(() => bed.empty());

/** Whole calls that were set up so many days after the first day of these specs, 1 March, and told on that day. */
async function record(...days: number[]) {
  for (const at of days) {
    const events = wholeCall({ callId: `d${at}`, atSec: at * day });
    await runReaction(bed.database, track(bed.deps), events);
    await bed.owner.query('UPDATE call_event SET received_at = from_us($1) WHERE event_id = ANY($2::uuid[])',
      [BigInt(instant('2026-03-01T12:00:00Z')) + BigInt(at * day) * 1_000_000n, events.map(({ id }) => id)]);
  }
}

const dropped: string[] = [];
const drop = (callKeptDays: number, at: string) =>
  dropOldCalls({ database: bed.database, clock: { nowUs: () => instant(at) }, callKeptDays, callArchive: undefined }, (what, count) => dropped.push(`${count} ${what}`));
const calls = async () => (await bed.database.query<{ uniqueid: string }>('SELECT uniqueid FROM call ORDER BY started_at_us')).map(({ uniqueid }) => uniqueid).join(',');

describe('calls that are past their time', () => {
  it('go with their events, and the others stay', async () => {
    await record(0, 1);
    await drop(30, '2026-04-01T11:59:59Z');
    expect([await calls(), dropped]).toEqual(['d1', ['1 calls']]);
    expect(await bed.database.query('SELECT 1 FROM call_event')).toHaveLength(4);
  });

  it('are kept for good, where nothing else is said', async () => {
    await record(0);
    await drop(0, '2036-04-01T00:00:00Z');
    expect(await calls()).toBe('d0');
  });

  it('leave the sums of reports as they were', async () => {
    await record(0);
    await foldReports(bed.database);
    const sums = () => bed.database.query('SELECT * FROM report_bucket ORDER BY dimension, grain, at_min, value');
    const before = await sums();
    await drop(30, '2036-04-01T00:00:00Z');
    await foldReports(bed.database);
    expect([await calls(), await sums()]).toEqual(['', before]);
  });

  it('do not count twice when they are rated again, once they are gone', async () => {
    await record(0);
    await foldReports(bed.database);
    const sums = () => bed.database.query('SELECT * FROM report_bucket ORDER BY dimension, grain, at_min, value');
    const before = await sums();
    await drop(30, '2036-04-01T00:00:00Z');
    bed.clock.advanceSec(60 * day);
    await runReaction(bed.database, close({ ...bed.deps, callKeptDays: 30 }), [callRated({ callId: 'd0' }, { revision: 2 })]);
    await foldReports(bed.database);
    expect([await calls(), await sums()]).toEqual(['d0', before]);
  });

  it('are dropped once by several instances', async () => {
    dropped.length = 0;
    await record(-2, -1, 0, 1);
    await Promise.all([drop(30, '2036-04-01T00:00:00Z'), drop(30, '2036-04-01T00:00:00Z')]);
    await drop(30, '2036-04-01T00:00:00Z');
    const counted = (what: string) => dropped.filter((each) => each.endsWith(what)).reduce((sum, each) => sum + Number.parseInt(each, 10), 0);
    expect([await calls(), counted('calls'), await bed.database.query('SELECT 1 FROM call_event')]).toEqual(['', 4, []]);
  });

  it('are all that the role of the service may drop: nothing younger than a week, and by nothing but its age', async () => {
    await bed.database.query(`INSERT INTO voip_switch (name) VALUES ('new') ON CONFLICT DO NOTHING`);
    await runReaction(bed.database, track(bed.deps), wholeCall({ callId: 'old' }));
    await bed.owner.query(`UPDATE call SET started_at_us = to_us(now() - interval '6 days'), answered_at_us = NULL, ended_at_us = NULL`);
    await drop(1, '2099-01-01T00:00:00Z');
    expect(await calls()).toBe('old');
    expect(await bed.database.query('SELECT 1 FROM call_event')).toHaveLength(4);
    await expect(bed.database.query('DELETE FROM call')).rejects.toThrow('permission denied');
    await expect(bed.database.query('DELETE FROM call_event')).rejects.toThrow('permission denied');
  });
});
