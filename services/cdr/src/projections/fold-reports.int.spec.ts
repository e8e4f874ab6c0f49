import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { CarrierAttemptSchema, ChargedPartySchema, RatedSideSchema, type ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import fc from 'fast-check';
import { atSec } from '../domain/call.fixtures.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAbandoned, callAnswered, callEnded, callRated, callRinging, callStarted } from '../spec-events.ts';
import { foldReports, rerouteStatement, sumUpAnew } from './fold-reports.ts';

/** The same traffic comes again with TOLLWIRE_TEST_SEED set to the number in the name of the test. */
const seed = Number(process.env['TOLLWIRE_TEST_SEED'] ?? Date.now() % 1_000_000_007);

let bed: CdrBed;
beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());
beforeEach(() => bed.empty());

const acme = { charged: create(ChargedPartySchema, { party: { case: 'accountCode', value: 'acme' } }) };
const side = (nanos: bigint, currency: string) => create(RatedSideSchema, { amount: { nanos, currency }, prefix: '44', billedSec: 9 });

const tried = (...attempts: string[]) => attempts.map((text) => {
  const [carrierCode = '', cause] = text.split(' ');
  return create(CarrierAttemptSchema, { carrierCode, startedAtUs: BigInt(atSec(0)), endedAtUs: BigInt(atSec(5)), q850Cause: Number(cause) });
});

/** What may be told of a call at `at` seconds: whole courses, corrections that move it in time and place, ratings anew. */
const tellings: readonly ((of: { callId: string; atSec: number }) => ReceivedEvent)[] = [
  (of) => callStarted(of),
  (of) => callStarted({ ...of, switchId: 'fs2' }),
  (of) => callRinging(of),
  (of) => callAnswered(of),
  (of) => callEnded(of),
  (of) => callEnded(of, { endedAtUs: BigInt(atSec(of.atSec + 9)), q850Cause: 31, carrierCode: 'C2' }),
  (of) => callEnded(of, { startedAtUs: BigInt(atSec(of.atSec - 3700)), endedAtUs: BigInt(atSec(of.atSec + 8)), ...acme }),
  (of) => callEnded(of, { answeredAtUs: 0n, carrierCode: '', q850Cause: 17 }),
  (of) => callEnded(of, { endedAtUs: BigInt(atSec(of.atSec + 7)), attempts: tried('C3 34', 'C2 17', 'C1 16') }),
  (of) => callEnded(of, { endedAtUs: BigInt(atSec(of.atSec + 6)), answeredAtUs: 0n, carrierCode: '', attempts: tried('C1 34', 'C1 34', ' 3', 'C2 38') }),
  (of) => callRated(of),
  (of) => callRated(of, { sell: side(7n, 'USD'), countryPrefixId: 4366 }),
  (of) => callRated(of, { revision: 2, sell: side(-5n, 'EUR'), buy: side(2n ** 62n, 'USD') }),
  (of) => callRated(of, { revision: 3, buyRefusal: 'no_buy_rate', countryPrefixId: 43, ...acme }),
  (of) => callAbandoned(of),
];

const deliveries = fc.array(
  fc.record({ call: fc.nat(9), telling: fc.nat(tellings.length - 1), atSec: fc.constantFrom(0, 59, 61, 3600, 90_000), folds: fc.boolean(), endsBatch: fc.boolean() }),
  { minLength: 10, maxLength: 80 },
);

const bucketsSql = `
  SELECT * FROM report_bucket
  WHERE (calls, answered, effective, short, abandoned, talk_us, billed_sec, pdd_us, pdd_calls, sell_nanos, buy_nanos, margin_nanos, reroutes, reroutes_effective)
    <> (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)`;
const sums = async () => ({
  buckets: await bed.owner.query(`${bucketsSql} ORDER BY dimension, grain, at_min, value, currency, buy_currency`),
  live: await bed.owner.query('SELECT * FROM live_calls WHERE calls <> 0 ORDER BY dimension, value'),
});

describe('the sums of the reports', () => {
  it(`are what a recount of the calls gives, after any traffic, corrections and ratings anew (SEED ${seed})`, async () => {
    await fc.assert(fc.asyncProperty(deliveries, async (all) => {
      await bed.empty();
      let batch: ReceivedEvent[] = [];
      for (const { call, telling, atSec: at, folds, endsBatch } of all) {
        batch.push(present(tellings[telling], 'a telling')({ callId: `c${call}`, atSec: at }));
        if (!endsBatch) continue;
        await runReaction(bed.database, track(bed.deps), batch);
        batch = [];
        // Two instances at once, as they do in production.
        if (folds) await Promise.all([foldReports(bed.database), foldReports(bed.database)]);
      }
      await runReaction(bed.database, track(bed.deps), batch);
      await foldReports(bed.database);
      const folded = await sums();
      await sumUpAnew(bed.owner);
      expect(folded).toEqual(await sums());
      expect(folded.buckets.length + folded.live.length).toBeGreaterThan(0);
    }), { seed, numRuns: 15, endOnFailure: true });
  }, 120_000);

  it('of before attempts were counted know of them once the schema has been brought up to date, whatever was told since', async () => {
    const tell = (...events: ReceivedEvent[]) => runReaction(bed.database, track(bed.deps), events);
    const rerouted = (callId: string, at: number, over: object = {}) => callEnded({ callId, atSec: at }, { endedAtUs: BigInt(atSec(at + 7)), attempts: tried('C3 34', 'C2 17', 'C1 16'), ...over });
    await tell(rerouted('old', 0), rerouted('moved', 60), callEnded({ callId: 'plain' }), callStarted({ callId: 'open' }));
    await foldReports(bed.database);
    // As an instance of before has left them: nothing of attempts, and no sums of carriers that did nothing else.
    await bed.owner.query('UPDATE report_bucket SET reroutes = 0, reroutes_effective = 0');
    await bed.owner.query(`DELETE FROM report_bucket WHERE (calls, answered, effective, abandoned, talk_us) = (0, 0, 0, 0, 0)`);
    await tell(rerouted('moved', 60, { startedAtUs: BigInt(atSec(-3600)), endedAtUs: BigInt(atSec(66)) }), rerouted('new', 120));
    await foldReports(bed.database);
    await tell(rerouted('newest', 120));
    await bed.owner.query(rerouteStatement);
    await bed.owner.query(rerouteStatement);
    await tell(rerouted('meanwhile', 180));
    await foldReports(bed.database);
    const raised = await sums();
    await sumUpAnew(bed.owner);
    expect(raised).toEqual(await sums());
    expect(raised.buckets).toEqual(expect.arrayContaining([expect.objectContaining({ dimension: 'carrier', value: 'C3', grain: 'hour', calls: 0n, reroutes: 4n })]));
  });

  it('are noted once for a batch, and nothing for what changes no sum', async () => {
    const batches = async () => (await bed.database.query('SELECT 1 FROM report_difference')).length;
    const told = Array.from({ length: 50 }, (_, at) => callEnded({ callId: `c${at}` }));
    await runReaction(bed.database, track(bed.deps), told);
    expect(await batches()).toBe(1);
    await runReaction(bed.database, track(bed.deps), told);
    await runReaction(bed.database, track(bed.deps), [callStarted({ callId: 'c1' })]);
    expect(await batches()).toBe(1);
    await foldReports(bed.database);
    expect(await batches()).toBe(0);
  });
});
