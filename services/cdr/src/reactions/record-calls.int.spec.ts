import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { callKey, CdrClosedSchema, dataOf, decodeMessage, batchContentType, RatedSideSchema, type ReceivedEvent } from '@tollwire/contracts';
import { type Database, runReaction } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { atSec, permutations } from '../domain/call.fixtures.ts';
import { openCalls } from '../numbers/open-calls.fixture.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAnswered, callEnded, callRated, callRinging, callStarted, wholeCall } from '../spec-events.ts';
import { rebuildCalls } from '../projections/rebuild-calls.ts';
import { track } from './call-reactions.ts';

let bed: CdrBed;
let database: Database;

beforeAll(async () => {
  bed = await cdrBed();
  database = bed.database;
});
afterAll(() => bed.close());
beforeEach(() => bed.empty());

const side = (nanos: bigint) => create(RatedSideSchema, { amount: { nanos, currency: 'EUR' } });

function run(events: readonly ReceivedEvent[], deps: CdrDeps = bed.deps) {
  return runReaction(database, track(deps), events);
}

async function calls(): Promise<Record<string, unknown>[]> {
  return (await openCalls(bed)).map(({ callid: _, ...row }) => row);
}

async function closedInOutbox() {
  const rows = await database.query<{ payload: Buffer }>('SELECT payload FROM outbox ORDER BY position');
  return rows.flatMap(({ payload }) => {
    const events = decodeMessage(batchContentType, () => undefined, payload);
    return events.ok ? events.value.map((event) => ({ event, data: dataOf(CdrClosedSchema, event) })) : [];
  });
}

describe('recording calls', () => {
  it('fills the documented columns of a whole call', async () => {
    await run(wholeCall({ callId: 'a' }));
    expect(await calls()).toEqual([
      expect.objectContaining({
        uniqueid: 'a', leg: 0, status: 'closed', flags: [], cardid: '0012345678901234', tariffid: 7, countryprefixid: 44, channel: 'sofia/1',
        callednumber: '442071838750', starttime: new Date('2026-03-01T12:00:00Z'), stoptime: new Date('2026-03-01T12:01:04Z'),
        sessiontime: 64, pulsetime: 66, startdelay: 4, stopdelay: 0, terminatecause: 'NORMAL_CLEARING', sessionbill: 1n,
        sell_nanos: 12_345_678n, buy_nanos: 5_000_001n, currency: 'EUR', carrier_code: 'C1', q850_cause: 16, underlay: null,
      }),
    ]);
  });

  it('stores the same row for all 120 orders of the five events, each event in a batch of its own', async () => {
    const orders = permutations([0, 1, 2, 3, 4]);
    for (const [at, order] of orders.entries()) {
      const events = [...wholeCall({ callId: `o${at}` }), callRinging({ callId: `o${at}` })];
      for (const which of order) await run([events[which]].flatMap((event) => event ?? []));
    }
    const rows = (await calls()).map(({ uniqueid: _, ...row }) => row);
    expect(rows).toHaveLength(120);
    for (const row of rows) expect(row).toEqual(rows[0]);
    expect(await closedInOutbox()).toHaveLength(120);
  });

  it('CDR-04: keeps one CDR of a call that is told again, in the same batch and later', async () => {
    const events = wholeCall({ callId: 'twice' });
    await run([...events, ...events]);
    const once = await calls();
    await run(events);
    expect(await calls()).toEqual(once);
    expect(await closedInOutbox()).toHaveLength(1);
    expect(await database.query('SELECT event_id FROM call_event')).toHaveLength(4);
  });

  it('tells CdrClosed once, under an id of its own, when the call becomes complete', async () => {
    await run([callStarted({ callId: 'c' }), callEnded({ callId: 'c' })]);
    expect(await closedInOutbox()).toHaveLength(0);
    await run([callRated({ callId: 'c' })]);
    const [closed] = await closedInOutbox();
    expect(closed?.event).toMatchObject({ key: 'card:0012345678901234', source: 'tollwire/cdr' });
    expect(closed?.data).toMatchObject({ durationSec: 60, billedSec: 66, q850Cause: 16, carrierCode: 'C1', calledE164: '442071838750' });
    expect(closed?.data.sell).toMatchObject({ nanos: 12_345_678n, currency: 'EUR' });
  });

  it('tells CdrClosed again when a re-rating changes what the CDR says, and not when nothing changes', async () => {
    await run(wholeCall({ callId: 'c' }));
    await run([callRated({ callId: 'c' }, { revision: 2, durationSec: 59 })].map((event) => ({ ...event, id: '00000000-0000-8000-8000-000000000002' })));
    await run([{ ...callStarted({ callId: 'c' }), id: '00000000-0000-8000-8000-000000000003' }]);
    expect((await closedInOutbox()).map(({ data }) => data.durationSec)).toEqual([60, 59]);
  });

  it.each([[[1, 2, 3]], [[3, 1, 2]], [[2, 3, 1]], [[3, 2, 1]]])('follows the newest rating of a call, told in the order %j, with end and start in between', async (order) => {
    const rating = (revision: number) => {
      const event = callRated({ callId: 'c' }, { revision, ratedAtUs: BigInt(atSec(100 - revision)), sell: side(BigInt(revision)), buy: side(10n - BigInt(revision)) });
      return { ...event, id: `00000000-0000-8000-8000-00000000001${revision}` };
    };
    const [first = 1, ...others] = order;
    await run([rating(first)]);
    await run([callEnded({ callId: 'c' }), callStarted({ callId: 'c' })]);
    for (const revision of others) await run([rating(revision)]);
    expect(await calls()).toEqual([expect.objectContaining({ status: 'closed', flags: [] })]);
    const told = (await closedInOutbox()).map(({ data }) => `${data.sell?.nanos}/${data.buy?.nanos}`);
    expect(told.at(-1)).toBe('3/7');
    // What is older than what was told already is not told.
    expect(told).toEqual([...new Set(told)].sort());
  });

  it('flags an end without a start, and takes the flag back when the start comes', async () => {
    await run([callEnded({ callId: 'late' })]);
    expect(await calls()).toEqual([expect.objectContaining({ status: 'ended', flags: ['no_start'] })]);
    await run([callStarted({ callId: 'late' })]);
    expect(await calls()).toEqual([expect.objectContaining({ status: 'ended', flags: [] })]);
  });

  it('flags an answer that the end does not repeat, also where the end comes in a later batch', async () => {
    const [begun, taken] = wholeCall({ callId: 'lost' });
    await run([begun, taken].filter((event) => event !== undefined));
    await run([callEnded({ callId: 'lost' }, { answeredAtUs: 0n })]);
    expect(await calls()).toEqual([expect.objectContaining({ status: 'ended', flags: ['answer_contradicted'] })]);
  });

  it('keeps the same telling of a conflict whatever comes first, also under one id', async () => {
    const one = callEnded({ callId: 'x' });
    const other = { ...callEnded({ callId: 'x' }, { q850Cause: 31 }), id: one.id };
    await run([one]);
    await run([other]);
    const first = await calls();
    expect(first).toEqual([expect.objectContaining({ flags: ['no_start', 'conflict'] })]);
    await bed.empty();
    await run([other, one]);
    expect(await calls()).toEqual(first);
    await run([one, other]);
    expect(await calls()).toEqual(first);
    expect(await database.query('SELECT event_id FROM call_event')).toHaveLength(2);
  });

  it('parks what cannot be believed or read, and goes on with the rest', async () => {
    const before2000 = callStarted({ callId: 'b1' }, { startedAtUs: 1n });
    const backwards = callEnded({ callId: 'b2' }, { endedAtUs: 946_684_800_000_001n });
    const nameless = callEnded({ callId: '' });
    const broken = { ...callAnswered({ callId: 'b3' }), dataBytes: Uint8Array.of(255, 255) };
    const report = await run([before2000, backwards, nameless, broken, ...wholeCall({ callId: 'good' })]);
    expect(report).toMatchObject({ parked: 4, handled: 4 });
    const letters = await database.query<{ code: string }>('SELECT code, detail FROM dead_letter ORDER BY code');
    expect(letters.map(({ code }) => code)).toEqual(['field_missing', 'field_out_of_range', 'message_malformed', 'times_out_of_order']);
    expect(await calls()).toEqual([expect.objectContaining({ uniqueid: 'good', status: 'closed' })]);
  });

  it('registers a switch when it is seen first, with its address where that is its name', async () => {
    await run([callStarted({ callId: 'a', switchId: 'fs1' }), callStarted({ callId: 'a', switchId: '192.0.2.7' })]);
    await run([callStarted({ callId: 'b', switchId: 'fs1' })], bed.instance());
    const switches = await database.query('SELECT name, host(ipaddress) AS ip FROM voip_switch ORDER BY name');
    expect(switches).toEqual([{ name: '192.0.2.7', ip: '192.0.2.7' }, { name: 'fs1', ip: null }]);
    expect(await calls()).toHaveLength(3);
  });

  it('loses no update and never deadlocks when instances record the same calls at once', async () => {
    const ids = Array.from({ length: 60 }, (_, at) => `race-${at}`);
    const instances = [bed.deps, bed.instance(), bed.instance(), bed.instance()];
    const kinds = [callStarted, callAnswered, callEnded, callRated];
    await Promise.all(
      instances.flatMap((deps, at) =>
        kinds.map((kind, turn) => {
          const mine = (kinds[(at + turn) % 4] ?? kind);
          const order = at % 2 === 0 ? ids : ids.toReversed();
          return run(order.map((callId) => mine({ callId })), deps);
        }),
      ),
    );
    const rows = await calls();
    expect(rows).toHaveLength(60);
    for (const row of rows) expect(row).toMatchObject({ status: 'closed', flags: [], told: 15 });
    const closed = await closedInOutbox();
    expect(new Set(closed.map(({ data }) => callKey(data.call))).size).toBe(60);
    expect(closed).toHaveLength(60);
  });

  it('keeps when each kind was received first, by our clock, and when anything was last; a repeat is no receipt, and a rebuild gives the same', async () => {
    const at = (sec: number) => BigInt(bed.clock.nowUs()) + BigInt(sec) * 1_000_000n;
    const [first, second, third, fourth] = [at(0), at(1), at(61), at(121)];
    await run([callStarted({ callId: 'r' })]);
    bed.clock.advanceSec(1);
    await run([callAnswered({ callId: 'r' }), callStarted({ callId: 'r' })]);
    bed.clock.advanceSec(60);
    await run([callEnded({ callId: 'r' }), callRated({ callId: 'r' })]);
    bed.clock.advanceSec(60);
    const otherEnd = { ...callEnded({ callId: 'r' }, { q850Cause: 31 }), id: '00000000-0000-8000-8000-000000000012' };
    await run([otherEnd, callRated({ callId: 'r' }, { revision: 2, durationSec: 1 })].map((event, which) => ({ ...event, id: `00000000-0000-8000-8000-00000000002${which}` })));
    const wanted = {
      started_received_us: first, ringing_received_us: null, answered_received_us: second, ended_received_us: third, rated_received_us: third, last_received_us: fourth,
    };
    bed.clock.advanceSec(60);
    await run(wholeCall({ callId: 'r' }));
    expect(await calls()).toEqual([expect.objectContaining(wanted)]);
    await rebuildCalls(bed.owner, 1);
    expect(await calls()).toEqual([expect.objectContaining(wanted)]);
  });

  it('leaves nothing behind when the transaction fails', async () => {
    const failing = { ...track(bed.deps), handle: async (...args: Parameters<ReturnType<typeof track>['handle']>) => {
      await track(bed.deps).handle(...args);
      throw new Error('killed before commit');
    } };
    await expect(runReaction(database, failing, wholeCall({ callId: 'k', switchId: 'new-switch' }))).rejects.toThrow('killed');
    expect(await calls()).toEqual([]);
    await run(wholeCall({ callId: 'k', switchId: 'new-switch' }));
    expect(await calls()).toEqual([expect.objectContaining({ status: 'closed' })]);
  });
});
