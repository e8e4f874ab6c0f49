import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ReceivedEvent } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import { atSec } from '../domain/call.fixtures.ts';
import { openCalls } from '../numbers/open-calls.fixture.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callAnswered, callEnded, callRated, callStarted, wholeCall } from '../spec-events.ts';
import { dropOldCalls } from '../sweeps/drop-old-calls.ts';
import { CallFiling, weekFrom } from './call-filing.ts';
import { sameIdsSql } from './call-log.ts';
import { updateSql, withoutLoops } from './call-table.ts';
import { rebuildCalls } from './rebuild-calls.ts';

let bed: CdrBed;

beforeAll(async () => void (bed = await cdrBed()));
afterAll(() => bed.close());
beforeEach(() => bed.empty());

/** The specs' calls start at noon of Sunday, 1 March; a week ends with that day. */
const mondaySec = 43_200;
const tell = (...events: ReceivedEvent[]) => runReaction(bed.database, track(bed.instance()), events);
const filed = () => bed.database.query<{ id: string; in: string; status: string }>(`SELECT uniqueid AS id, tableoid::regclass::text AS in, status FROM call ORDER BY uniqueid`);
const logged = () => bed.database.query(`SELECT tableoid::regclass::text AS in, count(*) FROM call_event GROUP BY 1 ORDER BY 1`);
const places = async () => (await bed.database.query('SELECT 1 FROM call_place')).length;
const drop = (at: string) => dropOldCalls({ database: bed.database, clock: { nowUs: () => instant(at) }, callKeptDays: 30, callArchive: undefined }, () => undefined);

describe('calls in partitions', () => {
  it('lie in the week of their start, under its Monday, and are found like any others', async () => {
    await tell(...wholeCall({ callId: 'sunday', atSec: mondaySec - 1 }), ...wholeCall({ callId: 'monday', atSec: mondaySec }));
    expect(await filed()).toEqual([{ id: 'monday', in: 'call_2026_03_02', status: 'closed' }, { id: 'sunday', in: 'call_2026_02_23', status: 'closed' }]);
  });

  it('are one call each, whatever instances tell of them at once on both sides of a boundary, and never move', async () => {
    const sides = [mondaySec - 1, mondaySec + 1];
    const ids = Array.from({ length: 20 }, (_, at) => `c${at}`);
    const told = sides.flatMap((at) => ids.map((callId) => [callStarted({ callId, atSec: at }, { startedAtUs: BigInt(atSec(at)) }), callAnswered({ callId, atSec: at })]));
    await Promise.all([...told, ...ids.map((callId) => [callEnded({ callId, atSec: mondaySec + 1 }), callRated({ callId, atSec: mondaySec + 1 })])].map((events) => tell(...events)));
    const live = await filed();
    expect([live.length, await places()]).toEqual([20, 20]);
    expect(live.every(({ status }) => status === 'closed')).toBe(true);
    await tell(...ids.map((callId) => callRated({ callId, atSec: mondaySec + 1 }, { revision: 2, ratedAtUs: BigInt(atSec(mondaySec + 900)) })));
    expect(await filed()).toEqual(live);
    const contents = async () => (await openCalls(bed)).map(({ callid: _, ...row }) => row);
    const before = await contents();
    await rebuildCalls(bed.owner);
    expect(await contents()).toEqual(before);
  });

  it('are written by a plan that looks up each once, though it was made while their partition was empty', async () => {
    await bed.owner.query('SELECT make_call_partitions($1::int[], 1)', [[20_514]]);
    const plan = await bed.owner.transaction(async (tx) => {
      await tx.query(`${withoutLoops}; SET LOCAL enable_seqscan = off`);
      return await tx.query<Record<'QUERY PLAN', string>>(`EXPLAIN (GENERIC_PLAN) ${updateSql({ firstDay: 20_514, lastDay: 20_520 })}`);
    });
    const text = plan.map((line) => line['QUERY PLAN']).join('\n');
    expect(text).toMatch(/(Hash|Merge) Join/);
    expect(text).not.toContain('Nested Loop');
    expect(text).toMatch(/Index Cond: \(\(callid = ANY/);
  });

  it('are refused nothing where their partition cannot be made at once: they wait in the default one, and are moved into their own', async () => {
    const stray = { callId: 'stray', atSec: -100 * 86_400 };
    await tell(callStarted({ callId: 'first', atSec: mondaySec }));
    await bed.owner.transaction(async (tx) => {
      await tx.query('LOCK TABLE call_default IN ROW SHARE MODE');
      await tell(callStarted(stray));
      expect((await filed())[1]).toEqual({ id: 'stray', in: 'call_default', status: 'started' });
      await tell(callAnswered(stray));
    });
    await new CallFiling(bed.clock, 400).makeAhead(bed.database);
    await tell(callEnded(stray), callRated(stray));
    expect((await filed())[1]).toEqual({ id: 'stray', in: 'call_2025_11_17', status: 'closed' });
    expect(await bed.database.query('SELECT 1 FROM call_default')).toEqual([]);
  });

  it('have partitions for this week and the next before they come, made by several instances once', async () => {
    const clock = { nowUs: () => instant('2026-07-15T00:00:00Z') };
    await Promise.all([1, 2, 3].map(() => new CallFiling(clock, 400).makeAhead(bed.database)));
    const made = await bed.database.query(`SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relname LIKE 'call_2026_07%' ORDER BY 1`);
    expect(made).toEqual([{ name: 'call_2026_07_13' }, { name: 'call_2026_07_20' }]);
  });

  it('have partitions of four weeks where they are kept for good, but of one beside others of one', async () => {
    const days = ['2025-05-01T00:00:00Z', '2025-05-31T00:00:00Z', '2026-07-10T00:00:00Z'].map((text) => ({ row: { started_at_us: BigInt(instant(text)) } }));
    const filing = new CallFiling({ nowUs: () => instant('2026-07-15T00:00:00Z') }, 0);
    const [may, june, july] = await bed.database.transaction((tx) => filing.daysOf(tx, days));
    expect([may, june, july]).toEqual([20_209, 20_239, 20_644]);
    const made = await bed.owner.query('SELECT first_day, until_day - first_day AS days FROM call_partition WHERE first_day IN (20185, 20213, 20640) ORDER BY 1');
    expect(made).toEqual([{ first_day: 20_185, days: 28 }, { first_day: 20_213, days: 28 }, { first_day: 20_640, days: 7 }]);
  });

  it('that were recorded before there were partitions are folded on where they lie, with their events, and rebuilt there', async () => {
    await tell(callStarted({ callId: 'old' }));
    await bed.owner.query('UPDATE call_place SET filed_day = -1');
    await bed.owner.query('UPDATE call SET filed_day = -1');
    await bed.owner.query('UPDATE call_event SET filed_day = -1');
    await tell(callEnded({ callId: 'old' }), callRated({ callId: 'old' }), callStarted({ callId: 'new' }));
    expect(await filed()).toEqual([{ id: 'new', in: 'call_2026_02_23', status: 'started' }, { id: 'old', in: 'call_unfiled', status: 'closed' }]);
    expect(await logged()).toEqual([{ in: 'call_event_2026_02_23', count: 1n }, { in: 'call_event_unfiled', count: 3n }]);
    const before = await filed();
    await rebuildCalls(bed.owner);
    expect(await filed()).toEqual(before);
  });
});

describe('the log of events', () => {
  const planOf = async (statement: string) => {
    const plan = await bed.owner.transaction(async (tx) => {
      await tx.query('SET LOCAL enable_seqscan = off');
      return await tx.query<Record<'QUERY PLAN', string>>(`EXPLAIN (GENERIC_PLAN) ${statement}`);
    });
    return plan.map((line) => line['QUERY PLAN']).join('\n');
  };

  it('lies beside the calls: what is told of a call is where the call is, whatever its events say of their time', async () => {
    await tell(callStarted({ callId: 'a', atSec: mondaySec - 1 }), callAnswered({ callId: 'a', atSec: mondaySec + 7 }));
    await tell(callEnded({ callId: 'a', atSec: mondaySec + 60 }), callStarted({ callId: 'b', atSec: mondaySec }));
    expect(await logged()).toEqual([{ in: 'call_event_2026_02_23', count: 3n }, { in: 'call_event_2026_03_02', count: 1n }]);
  });

  it('is asked for ids that come again in the one partition of their week, by its index', async () => {
    await tell(...wholeCall({ callId: 'sunday', atSec: mondaySec - 1 }), ...wholeCall({ callId: 'monday', atSec: mondaySec }));
    const plan = await planOf(sameIdsSql(weekFrom(20_514)));
    expect(plan).toMatch(/Index Scan (using|on) call_event_2026_03_02_pkey/);
    expect(plan).toMatch(/Index Cond: \(event_id = ANY/);
    expect(plan.match(/on call_event_\w+ c/g)).toEqual(['on call_event_2026_03_02 c']);
  });

  it('holds events of two calls that came under one id, whether or not their calls lie in one partition', async () => {
    const one = callEnded({ callId: 'sunday', atSec: mondaySec - 1 });
    const others = [['monday', mondaySec], ['saturday', -86_400]] as const;
    const told = [one, ...others.map(([callId, at]) => ({ ...callEnded({ callId, atSec: at }), id: one.id }))];
    await tell(...told);
    await tell(...told.toReversed());
    expect(await filed()).toHaveLength(3);
    expect(await logged()).toEqual([{ in: 'call_event_2026_02_23', count: 2n }, { in: 'call_event_2026_03_02', count: 1n }]);
    const before = await filed();
    expect(await rebuildCalls(bed.owner, 1)).toBe(3);
    expect(await filed()).toEqual(before);
  });

  it('waits in the default partition where its own cannot be made, and is moved with the calls', async () => {
    const stray = { callId: 'stray', atSec: -130 * 86_400 };
    await tell(callStarted({ callId: 'first', atSec: mondaySec }));
    await bed.owner.transaction(async (tx) => {
      await tx.query('LOCK TABLE call_event_default IN ROW SHARE MODE');
      await tell(callStarted(stray));
      expect(await logged()).toContainEqual({ in: 'call_event_default', count: 1n });
    });
    await new CallFiling(bed.clock, 400).makeAhead(bed.database);
    await tell(callStarted(stray), callEnded(stray));
    expect(await logged()).toEqual([{ in: 'call_event_2025_10_20', count: 2n }, { in: 'call_event_2026_03_02', count: 1n }]);
  });
});

describe('partitions that are past their time', () => {
  const isThere = async (name: string) => (await bed.database.query('SELECT to_regclass($1) IS NOT NULL AS there', [name])).at(0);

  it('go whole, with what was known of where their calls lay', async () => {
    await tell(...wholeCall({ callId: 'old' }), ...wholeCall({ callId: 'young', atSec: mondaySec }));
    await drop('2026-04-07T00:00:00Z');
    expect([await filed(), await places(), await logged()]).toEqual([[{ id: 'young', in: 'call_2026_03_02', status: 'closed' }], 1, [{ in: 'call_event_2026_03_02', count: 4n }]]);
    expect([await isThere('call_2026_02_23'), await isThere('past_call_2026_02_23')]).toEqual([{ there: false }, { there: false }]);
  });

  it('stay while one of their calls is not past its time, whose start was told otherwise later', async () => {
    await tell(callStarted({ callId: 'a', atSec: -20 * 86_400 }), callStarted({ callId: 'b', atSec: -20 * 86_400 }));
    await tell(callEnded({ callId: 'b' }));
    await drop('2026-03-25T00:00:00Z');
    expect(await filed()).toHaveLength(2);
    await drop('2026-04-07T00:00:00Z');
    expect(await filed()).toEqual([]);
  });

  it('take no more tellings: what comes late is logged and changes nothing, later still it makes a call that goes by itself', async () => {
    await tell(callStarted({ callId: 'a' }));
    await bed.database.query('SELECT set_calls_aside($1)', [instant('2026-04-01T00:00:00Z')]);
    await tell(callEnded({ callId: 'a' }), callRated({ callId: 'a' }));
    expect([await filed(), (await bed.database.query('SELECT 1 FROM call_event')).length, await bed.database.query('SELECT 1 FROM outbox')]).toEqual([[], 3, []]);
    await drop('2026-04-07T00:00:00Z');
    expect(await places()).toBe(0);
    const late = { ...bed.deps, filing: new CallFiling({ nowUs: () => instant('2026-04-07T00:00:00Z') }, 30) };
    await runReaction(bed.database, track(late), [callRated({ callId: 'a' }, { revision: 2, ratedAtUs: BigInt(atSec(900)) })]);
    expect(await filed()).toEqual([{ id: 'a', in: 'call_unfiled', status: 'ended' }]);
    await drop('2026-04-07T00:00:00Z');
    expect([await filed(), await places()]).toEqual([[], 0]);
  });

  it('do not come back with a rebuild while they wait to be written into files, and go after it', async () => {
    await tell(...wholeCall({ callId: 'old' }), ...wholeCall({ callId: 'young', atSec: mondaySec }));
    await bed.database.query('SELECT set_calls_aside($1)', [instant('2026-03-05T00:00:00Z')]);
    expect(await rebuildCalls(bed.owner)).toBe(4);
    expect([await filed(), await places()]).toEqual([[{ id: 'young', in: 'call_2026_03_02', status: 'closed' }], 2]);
    await drop('2026-04-04T00:00:00Z');
    expect([await places(), await bed.database.query('SELECT 1 FROM call_past'), await logged()]).toEqual([1, [], [{ in: 'call_event_2026_03_02', count: 4n }]]);
  });

  it('go once whoever is recording lets them, and hold up nobody until then', async () => {
    await tell(...wholeCall({ callId: 'old' }));
    await bed.owner.transaction(async (tx) => {
      await tx.query('LOCK TABLE call_event IN ROW EXCLUSIVE MODE');
      await drop('2026-04-07T00:00:00Z');
      expect([await filed(), await isThere('call_event_2026_02_23')]).toEqual([[], { there: true }]);
    });
    await drop('2026-04-07T00:00:00Z');
    expect([await isThere('call_event_2026_02_23'), await isThere('past_call_2026_02_23')]).toEqual([{ there: false }, { there: false }]);
  });

  it('are left to who owns them: the role of the service can neither drop nor detach one', async () => {
    await tell(callStarted({ callId: 'a' }));
    await expect(bed.database.query('DROP TABLE call_2026_02_23')).rejects.toThrow('must be owner');
    await expect(bed.database.query('ALTER TABLE call DETACH PARTITION call_2026_02_23')).rejects.toThrow('must be owner');
    await expect(bed.database.query('DELETE FROM call_place')).rejects.toThrow('permission denied');
  });
});
