import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { callKey } from '@tollwire/contracts';
import { Database, runReaction } from '@tollwire/event-store';
import { migrate } from '@tollwire/platform';
import { testDatabase } from '@tollwire/testing';
import { createCdr } from '../cdr.deps.ts';
import { told } from '../domain/call.ts';
import { rebuildCalls } from '../projections/rebuild-calls.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callStarted, wholeCall } from '../spec-events.ts';
import { migrations, schema } from './index.ts';
import { Migration2026112961EventPartitions } from './Migration2026112961_event_partitions.ts';

let bed: CdrBed;
let testing: Awaited<ReturnType<typeof testDatabase>>;
let database: Database;

const before = migrations.slice(0, migrations.findIndex((each) => each === Migration2026112961EventPartitions));
const kinds = [told.started, told.answered, told.ended, told.rated];

beforeAll(async () => {
  bed = await cdrBed();
  testing = await testDatabase('cdr');
  await migrate(testing.ownerUrl, testing.appRole, { ...schema, migrations: before, grants: [] });
  database = await Database.connect({ url: testing.ownerUrl, applicationName: 'cdr-spec-old', poolMax: 4 });
});
afterAll(async () => {
  await database.close();
  await testing.drop();
  await bed.close();
});

describe('a log that was written before it had partitions', () => {
  it('stays as it is, with its calls: they are rebuilt of it, go on, and take no repeat for news', async () => {
    const events = wholeCall({ callId: 'old' });
    for (const [at, { id, source, dataBytes }] of events.entries()) {
      const key = callKey({ switchId: 'fs1', callId: 'old', leg: 0 });
      await database.query('INSERT INTO call_event (event_id, kind, call_key, source, bytes) VALUES ($1, $2, $3, $4, $5)', [id, kinds[at], key, source, Buffer.from(dataBytes)]);
    }
    await database.query('SELECT make_call_partitions(ARRAY[20514], 1)');
    await migrate(testing.ownerUrl, testing.appRole, schema);

    expect(await rebuildCalls(database)).toBe(4);
    const deps = createCdr({ ...bed.deps, database, cases: bed.deps.fraud.cases, blocks: bed.deps.fraud.blocks });
    await runReaction(database, track(deps), [...events, callEnded({ callId: 'old' }, { q850Cause: 31 }), callStarted({ callId: 'new', atSec: 86_400 })]);
    expect(await database.query(`SELECT tableoid::regclass::text AS in, uniqueid AS id, status, flags FROM call ORDER BY uniqueid`)).toEqual([
      { in: 'call_2026_03_02', id: 'new', status: 'started', flags: [] },
      { in: 'call_unfiled', id: 'old', status: 'closed', flags: ['conflict'] },
    ]);
    expect(await database.query(`SELECT tableoid::regclass::text AS in, count(*) FROM call_event GROUP BY 1 ORDER BY 1`)).toEqual([
      { in: 'call_event_2026_03_02', count: 1n }, { in: 'call_event_unfiled', count: 5n },
    ]);
    expect(await database.query('SELECT count(DISTINCT position) FROM call_event')).toEqual([{ count: 6n }]);
  });
});
