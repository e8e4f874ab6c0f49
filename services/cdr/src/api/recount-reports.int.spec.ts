import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CarrierAttemptSchema, type ReceivedEvent, RecountReportsRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import { atSec } from '../domain/call.fixtures.ts';
import { foldReports, sumUpAnew } from '../projections/fold-reports.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callRated, callStarted, wholeCall } from '../spec-events.ts';
import { dropOldCalls } from '../sweeps/drop-old-calls.ts';
import { watchAnswers } from './watch-answers.ts';

let bed: CdrBed;
const context = { method: 'Test', correlationId: 'spec' };
const noonUs = BigInt(instant('2026-03-01T12:00:00Z'));
const hourUs = 3_600_000_000n;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());
beforeEach(() => bed.empty());

const tell = (...events: ReceivedEvent[]) => runReaction(bed.database, track(bed.deps), events);
const attempts = ['C3', 'C1'].map((carrierCode) => create(CarrierAttemptSchema, { carrierCode, startedAtUs: BigInt(atSec(0)), endedAtUs: BigInt(atSec(5)), q850Cause: 34 }));
const rerouted = (callId: string, at: number) => callEnded({ callId, atSec: at }, { endedAtUs: BigInt(atSec(at + 7)), attempts });

/** Calls of three hours, and one that goes on. */
const traffic = () => [
  ...[...wholeCall({ callId: 'a', atSec: 0 }), rerouted('b', 59), ...wholeCall({ callId: 'c', atSec: 3600, accountCode: 'acme' })],
  ...[callRated({ callId: 'd', atSec: 7300 }), callStarted({ callId: 'open' })],
];

async function recount(fromUs = noonUs, untilUs = noonUs + 3n * hourUs) {
  const answer = await watchAnswers(bed.deps).recountReports(create(RecountReportsRequestSchema, { fromUs, untilUs }), context);
  return answer.ok ? answer.value : answer.refusal;
}

const bucketsSql = `
  SELECT * FROM report_bucket WHERE (calls, answered, effective, short, abandoned, talk_us, billed_sec, pdd_us, pdd_calls, sell_nanos, buy_nanos, margin_nanos, reroutes, reroutes_effective)
    <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0) ORDER BY dimension, grain, at_min, value, currency, buy_currency`;
const sums = async () => ({ buckets: await bed.owner.query(bucketsSql), live: await bed.owner.query('SELECT * FROM live_calls WHERE calls <> 0 ORDER BY dimension, value') });

/** What the sums must be, and whether they are. */
async function expectSumsOfCalls() {
  await foldReports(bed.database);
  const found = await sums();
  await sumUpAnew(bed.owner);
  expect(found).toEqual(await sums());
  expect(found.buckets.length).toBeGreaterThan(10);
}

describe('RecountReports', () => {
  it('brings back what a version before has not counted, counted twice, or counted elsewhere, and corrects nothing the second time', async () => {
    await tell(...traffic());
    await foldReports(bed.database);
    await bed.owner.query(`DELETE FROM report_bucket WHERE dimension = 'carrier'`);
    await bed.owner.query(`UPDATE report_bucket SET calls = calls * 2, sell_nanos = sell_nanos + 5 WHERE dimension = 'all'`);
    await bed.owner.query(`UPDATE report_bucket SET value = 'fs9' WHERE dimension = 'switch'`);
    await bed.owner.query('UPDATE live_calls SET calls = calls - 3');
    expect(await recount()).toMatchObject({ untilUs: noonUs + 3n * hourUs, correctedCount: expect.any(Number) });
    expect(await recount()).toEqual({ untilUs: noonUs + 3n * hourUs, correctedCount: 0 });
    await expectSumsOfCalls();
  });

  it('counts what is noted and not folded yet once', async () => {
    await tell(...traffic());
    expect(await recount()).toEqual({ untilUs: noonUs + 3n * hourUs, correctedCount: 0 });
    await bed.owner.query('DELETE FROM report_difference');
    await tell(...wholeCall({ callId: 'e', atSec: 10 }));
    expect(await recount()).not.toMatchObject({ correctedCount: 0 });
    await expectSumsOfCalls();
  });

  it('is right while calls are recorded and folded, and while others recount', async () => {
    await tell(...traffic());
    await bed.owner.query('DELETE FROM report_difference');
    const recorded = Array.from({ length: 30 }, (_, at) => [...wholeCall({ callId: `w${at}`, atSec: at * 240 }), callStarted({ callId: `l${at}`, atSec: at })]);
    await Promise.all([
      ...recorded.map((events) => tell(...events)),
      ...[recount(), recount(), recount()],
      ...Array.from({ length: 10 }, () => foldReports(bed.database)),
    ]);
    await expectSumsOfCalls();
  });

  it('touches no other time', async () => {
    await tell(...traffic());
    await foldReports(bed.database);
    await bed.owner.query('UPDATE report_bucket SET calls = calls + 1');
    const [fromMin, untilMin] = [Number(noonUs / 60_000_000n) + 60, Number(noonUs / 60_000_000n) + 120];
    const inTime = () => bed.owner.query('SELECT * FROM report_bucket WHERE at_min >= $1 AND at_min < $2 ORDER BY dimension, grain, at_min, value, currency', [fromMin, untilMin]);
    const outside = () => bed.owner.query('SELECT * FROM report_bucket WHERE at_min < $1 OR at_min >= $2 ORDER BY dimension, grain, at_min, value, currency', [fromMin, untilMin]);
    const [wasIn, wasOutside] = [await inTime(), await outside()];
    await recount(noonUs + hourUs, noonUs + 2n * hourUs);
    expect(await outside()).toEqual(wasOutside);
    expect(await inTime()).not.toEqual(wasIn);
  });

  it('leaves alone the sums of a time of which calls were dropped, and says from when on it counts', async () => {
    await tell(...traffic());
    await foldReports(bed.database);
    const before = await sums();
    bed.clock.set('2026-04-20T00:00:00Z');
    try {
      await dropOldCalls({ ...bed.deps, callKeptDays: 30, callArchive: undefined });
      expect(await bed.database.query('SELECT 1 FROM call')).toEqual([]);
      expect(await recount()).toMatchObject({ code: 'field_out_of_range', field: 'fromUs', facts: { keptSince: '2026-03-21T00:01:00.000Z' } });
      expect(await sums()).toEqual(before);
    } finally {
      bed.clock.set('2026-03-02T00:00:00Z');
    }
  });

  it('refuses a time that is none', async () => {
    expect(await recount(noonUs + 1n)).toMatchObject({ code: 'field_malformed', field: 'fromUs' });
    expect(await recount(noonUs, noonUs)).toMatchObject({ code: 'field_out_of_range', field: 'untilUs' });
    expect(await recount(0n)).toMatchObject({ code: 'field_out_of_range', field: 'fromUs' });
    expect(await recount(noonUs, noonUs + 48n * hourUs)).toMatchObject({ code: 'field_out_of_range', field: 'untilUs' });
  });
});
