import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { batchContentType, callKey, type CdrClosed, CdrClosedSchema, ChargedPartySchema, dataOf, decodeMessage, MoneySchema, RatedSideSchema, type ReceivedEvent } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import fc from 'fast-check';
import type { CdrDeps } from '../cdr.deps.ts';
import { atSec } from '../domain/call.fixtures.ts';
import { type CallEvent, type CallRecord, evolve, untold } from '../domain/call.ts';
import { recordOf } from '../projections/call-of-row.ts';
import { rowOf } from '../projections/call-row.ts';
import { callColumns, type KeyedRow } from '../projections/call-table.ts';
import { rebuildCalls } from '../projections/rebuild-calls.ts';
import { openCalls } from '../numbers/open-calls.fixture.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAbandoned, callAnswered, callEnded, callRated, callRinging, callStarted } from '../spec-events.ts';
import { callEventOf } from '../wire/call-events.ts';
import { cdrClosed } from '../wire/cdr-closed.ts';
import { track } from './call-reactions.ts';

/** The same storm comes again with TOLLWIRE_TEST_SEED set to the number in the name of the test. */
const seed = Number(process.env['TOLLWIRE_TEST_SEED'] ?? Date.now() % 1_000_000_007);

const acme = { charged: create(ChargedPartySchema, { party: { case: 'accountCode', value: 'acme' } }) };
const money = (nanos: bigint) => create(MoneySchema, { nanos, currency: 'EUR' });
const side = (nanos: bigint) => create(RatedSideSchema, { amount: { nanos, currency: 'EUR' }, prefix: '44', billedSec: 9 });

/** What switches, adapters and rating may say of a call, four or more contents of each kind; of a kind all under one id. */
const tellings: readonly ((callId: string) => ReceivedEvent)[] = [
  (callId) => callStarted({ callId }),
  (callId) => callStarted({ callId }, { cli: '' }),
  (callId) => callStarted({ callId }, { startedAtUs: BigInt(atSec(-1)), ...acme }),
  (callId) => callStarted({ callId }, { calledNumber: '"\\{},NULL' }),
  (callId) => callRinging({ callId }),
  (callId) => callRinging({ callId }, { ringingAtUs: BigInt(atSec(-3)) }),
  (callId) => callAbandoned({ callId }),
  (callId) => callAbandoned({ callId }, { reason: 'switch_restarted', abandonedAtUs: BigInt(atSec(9)) }),
  (callId) => callAnswered({ callId }),
  (callId) => callAnswered({ callId }, { answeredAtUs: BigInt(atSec(-5)) }),
  (callId) => callAnswered({ callId }, { carrierCode: '' }),
  (callId) => callEnded({ callId }),
  (callId) => callEnded({ callId }, { q850Cause: 31, attempts: [] }),
  (callId) => callEnded({ callId }, { answeredAtUs: 0n, carrierCode: '', endedAtUs: BigInt(atSec(0)) }),
  (callId) => callEnded({ callId }, { preRatedSell: money(2n ** 63n - 1n), ...acme }),
  (callId) => callRated({ callId }),
  (callId) => callRated({ callId }, { sell: side(2n ** 53n + 1n) }),
  (callId) => callRated({ callId }, { ratedAtUs: BigInt(atSec(64.5)), carrierCode: 'C9', ...acme }),
  (callId) => callRated({ callId }, { revision: 2, buyRefusal: 'no_buy_rate', sell: side(2n ** 63n - 1n) }),
  (callId) => callRated({ callId }, { revision: 2, preRated: true, endedAtUs: BigInt(atSec(70)) }),
];

/** One event on its way: which call, what it says, under its usual id or under one of two others, and by which instance. */
const deliveries = fc.array(
  fc.record({ call: fc.nat(3), telling: fc.nat(tellings.length - 1), id: fc.constantFrom('usual', 'usual', 'b', 'c'), lane: fc.nat(1), endsBatch: fc.boolean() }),
  { minLength: 10, maxLength: 60 },
);
type Delivery = { readonly call: number; readonly telling: number; readonly id: string; readonly lane: number; readonly endsBatch: boolean };

function eventOf({ call, telling, id }: Delivery): ReceivedEvent {
  const event = present(tellings[telling], 'a telling')(`storm-${call}`);
  return id === 'usual' ? event : { ...event, id: `00000000-0000-8000-800${id}-${String(call * 100 + telling).padStart(12, '0')}` };
}

function batchesOf(lane: readonly Delivery[]): ReceivedEvent[][] {
  const batches: ReceivedEvent[][] = [[]];
  for (const delivery of lane) {
    batches.at(-1)?.push(eventOf(delivery));
    if (delivery.endsBatch) batches.push([]);
  }
  return batches;
}

/** What the pure fold makes of it, in the order in which it was made up. */
function foldOf(all: readonly Delivery[]): Map<string, CallRecord> {
  const records = new Map<string, CallRecord>();
  for (const delivery of all) {
    const parsed = callEventOf(eventOf(delivery));
    if (!parsed.ok) throw new Error(parsed.refusal.detail);
    const event: CallEvent = parsed.value;
    const key = callKey(event.call);
    records.set(key, evolve(records.get(key) ?? untold(event.call), event));
  }
  return new Map([...records].sort());
}

describe('a storm of call events', () => {
  let bed: CdrBed;
  let instances: CdrDeps[];

  beforeAll(async () => {
    bed = await cdrBed();
    instances = [bed.deps, bed.instance()];
  });
  afterAll(() => bed.close());

  const run = async (deps: CdrDeps, batches: readonly ReceivedEvent[][]) => {
    for (const batch of batches) await runReaction(bed.database, track(deps), batch);
  };
  const rows = () => openCalls<KeyedRow>(bed, `SELECT ${callColumns} FROM call c ORDER BY uniqueid`);
  const contents = async () => (await rows()).map(({ callid: _, ...row }) => row);

  /** Every CdrClosed in the order in which it will be published. */
  async function closings(): Promise<{ id: string; data: CdrClosed }[]> {
    const outbox = await bed.database.query<{ payload: Buffer }>('SELECT payload FROM outbox ORDER BY position');
    return outbox.flatMap(({ payload }) => {
      const events = decodeMessage(batchContentType, () => undefined, payload);
      if (!events.ok) throw new Error(events.refusal.code);
      return events.value.map((event) => ({ id: event.id, data: dataOf(CdrClosedSchema, event) }));
    });
  }

  it(`leaves of each call one record: the pure fold, whatever the order, the batches, the copies and the instances (SEED ${seed})`, async () => {
    await fc.assert(fc.asyncProperty(deliveries, async (all) => {
      await bed.empty();
      const lanes = [0, 1].map((lane) => batchesOf(all.filter((delivery) => delivery.lane === lane)));
      await Promise.all(lanes.map((batches, lane) => run(present(instances[lane], 'an instance'), batches)));
      const folded = foldOf(all);

      const stored = await rows();
      expect(stored.map((row) => recordOf({ switchId: 'fs1', callId: row.uniqueid, leg: row.leg }, row))).toEqual([...folded.values()]);
      expect(stored).toEqual([...folded.values()].map((record) => expect.objectContaining({ ...rowOf(record) })));
      expect(await bed.database.query('SELECT code, detail FROM dead_letter')).toEqual([]);

      const told = await closings();
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length);
      const revisions = [...Map.groupBy(told, ({ data }) => callKey(data.call)).values()].map((ofCall) => ofCall.map(({ data }) => data.revision));
      for (const ofCall of revisions) expect(ofCall).toEqual([...new Set(ofCall)].sort((a, b) => a - b));
      const lastTold = new Map(told.map(({ data }) => [callKey(data.call), { ...data, revision: 0 }]));
      const complete = [...folded.values()].flatMap((record) => cdrClosed(record)?.data ?? []);
      expect([...lastTold].sort()).toEqual(complete.map((data) => [callKey(data.call), create(CdrClosedSchema, data)]));
    }), { seed, numRuns: 12, endOnFailure: true });
  }, 60_000);

  it(`is the same again when all of it comes again, and when the calls are made anew of the log (SEED ${seed})`, async () => {
    await fc.assert(fc.asyncProperty(deliveries, async (all) => {
      await bed.empty();
      await Promise.all(instances.map((deps, lane) => run(deps, batchesOf(all.filter((delivery) => delivery.lane === lane)))));
      const live = await contents();
      const [logged] = await bed.database.query<{ count: bigint }>('SELECT count(*) FROM call_event');
      const told = await closings();

      await Promise.all(instances.map((deps, lane) => run(deps, batchesOf(all.filter((delivery) => delivery.lane !== lane).toReversed()))));
      expect(await contents()).toEqual(live);
      expect(await closings()).toEqual(told);
      expect(await rebuildCalls(bed.owner, 7)).toBe(Number(logged?.count));
      expect(await contents()).toEqual(live);
    }), { seed, numRuns: 6, endOnFailure: true });
  }, 60_000);
});
