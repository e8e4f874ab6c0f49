import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@tollwire/event-store';
import { migrate } from '@tollwire/platform';
import { instant, testDatabase } from '@tollwire/testing';
import { keptSince } from '../projections/recount-reports.ts';
import { migrations, schema } from './index.ts';
import { Migration2026112971Recounts } from './Migration2026112971_recounts.ts';

let testing: Awaited<ReturnType<typeof testDatabase>>;
let database: Database;

const before = migrations.slice(0, migrations.findIndex((each) => each === Migration2026112971Recounts));
const hourMin = instant('2026-03-01T12:00:00Z') / 60_000_000;

beforeAll(async () => {
  testing = await testDatabase('cdr');
  await migrate(testing.ownerUrl, testing.appRole, { ...schema, migrations: before, grants: [] });
  database = await Database.connect({ url: testing.ownerUrl, applicationName: 'cdr-spec-old', poolMax: 2 });
});
afterAll(async () => {
  await database.close();
  await testing.drop();
});

describe('a database of which calls were dropped before that was noted', () => {
  it('is recounted from a day after the last hour that has sums and no call', async () => {
    for (const at of [hourMin - 60, hourMin]) {
      await database.query(
        `INSERT INTO report_bucket (dimension, grain, at_min, value, currency, buy_currency, calls, answered, effective, short, abandoned, talk_us, billed_sec, pdd_us, pdd_calls,
           sell_nanos, buy_nanos, margin_nanos) VALUES ('all', 'hour', $1, '', '', '', 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`,
        [at],
      );
    }
    await migrate(testing.ownerUrl, testing.appRole, schema);
    expect(await keptSince(database)).toBe(BigInt(instant('2026-03-02T13:00:00Z')));
  });
});
