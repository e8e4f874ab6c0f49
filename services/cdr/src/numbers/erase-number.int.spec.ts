import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GetCallRequestSchema, type ReceivedEvent, SearchCallsRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { cdrAnswers } from '../api/cdr-answers.ts';
import { recordsAnswers } from '../api/records-answers.ts';
import { rebuildCalls } from '../projections/rebuild-calls.ts';
import { close, track } from '../reactions/call-reactions.ts';
import { instant } from '@tollwire/testing';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callRated, callStarted, wholeCall } from '../spec-events.ts';
import { starLog } from './erase-number.ts';
import { openCalls } from './open-calls.fixture.ts';

let bed: CdrBed;
const context = { method: 'Test', correlationId: 'spec' };
const reveal = { by: 'admin:bob', reason: 'a court asks' };
/** Who calls in the events of these specs, and who is called. */
const [caller, called] = ['4315550100', '442071838750'];

beforeAll(async () => void (bed = await cdrBed()));
afterAll(() => bed.close());
beforeEach(() => bed.empty());

const record = (...events: ReceivedEvent[]) => runReaction(bed.database, track(bed.instance()), events);
const erase = (number = caller, reason = 'she asked to') =>
  recordsAnswers(bed.deps).eraseNumber({ $typeName: 'tollwire.cdr.v1.EraseNumberRequest', number, by: 'admin:bob', reason }, context);
/** The log is walked once every instance has heard of the erasure. */
const walk = async () => {
  bed.clock.advanceSec(120);
  await starLog(bed.instance());
};

async function numbersOf(callId: string) {
  const answer = await cdrAnswers(bed.instance()).getCall(create(GetCallRequestSchema, { call: { switchId: 'fs1', callId, leg: 0 }, reveal }), context);
  return answer.ok ? `${answer.value.cli} ${answer.value.calledNumber} ${answer.value.calledE164}` : answer.refusal.code;
}

async function found(number: string) {
  const answer = await cdrAnswers(bed.instance()).searchCalls(create(SearchCallsRequestSchema, { reveal, number }), context);
  return answer.ok ? (answer.value.calls ?? []).map(({ call }) => call?.callId).toSorted().join(',') : answer.refusal;
}

/** What the log says once every seal that can be opened is opened. */
async function logText(): Promise<string> {
  await rebuildCalls(bed.owner);
  return JSON.stringify(await openCalls(bed), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

describe('erasing one number', () => {
  it('masks the calls from it and to it on whichever day, and no others; prefixes, times and money stay', async () => {
    const stranger = { cli: '493012345678', calledNumber: '33123456789', calledE164: '33123456789' };
    await record(
      ...wholeCall({ callId: 'from' }), callStarted({ callId: 'to', atSec: 86_400 }, { cli: '4930111', calledNumber: `+${caller}` }),
      callStarted({ callId: 'other' }, stranger),
    );
    expect(await erase(`+${caller}`)).toMatchObject({ value: { callCount: 2n } });
    expect(await numbersOf('from')).toBe('431555**** 442071****** 442071******');
    expect(await numbersOf('to')).toBe('493**** +431555**** ');
    expect(await numbersOf('other')).toBe('493012345678 33123456789 ');
    const [from] = (await openCalls(bed)).filter(({ uniqueid }) => uniqueid === 'from');
    expect(from).toMatchObject({ sell_nanos: 12_345_678n, sell_prefix: '4420', flags: [], conflicts: 0, status: 'closed' });
    for (const number of [caller, called, '4930111']) expect({ number, found: await found(number) }).toEqual({ number, found: '' });
    expect(await found('493012345678')).toBe('other');
  });

  it('reaches the log of events, whatever is opened by the keys of its days', async () => {
    await record(...wholeCall({ callId: 'a' }), callStarted({ callId: 'b' }, { cli: '493012345678' }));
    await erase();
    await starLog(bed.instance());
    expect(await bed.database.query('SELECT log_done_at_us FROM number_erasure')).toEqual([{ log_done_at_us: null }]);
    const before = await openCalls(bed);
    await walk();
    expect(await bed.database.query('SELECT log_done_at_us > 0 AS done FROM number_erasure')).toEqual([{ done: true }]);
    const text = await logText();
    for (const told of [caller, 'sofia/1']) expect({ told, isThere: text.replaceAll(/"uniqueid":"b".*/g, '').includes(told) }).toEqual({ told, isThere: false });
    const after = await openCalls(bed);
    const alike = (rows: typeof after) => rows.map((row) => ({ ...row, callid: 0n, number_index: null }));
    expect(alike(after)).toEqual(alike(before));
    expect(await numbersOf('b')).toBe('493012345678 442071838750 ');
  });

  it('masks what is told of those calls later, which contradicts nothing, and repeats change nothing', async () => {
    await record(callStarted({ callId: 'a' }));
    await erase();
    await record(callEnded({ callId: 'a' }));
    await runReaction(bed.database, close(bed.instance()), [callRated({ callId: 'a' })]);
    await record(callStarted({ callId: 'a' }), callEnded({ callId: 'a' }));
    const [live] = await openCalls(bed);
    expect(live).toMatchObject({ status: 'closed', cli: '431555****', called_e164: '442071******', flags: [], underlay: null });
    expect(await bed.database.query('SELECT 1 FROM call_event')).toHaveLength(3);
    await walk();
    await record(callStarted({ callId: 'a' }), callEnded({ callId: 'a' }));
    expect(await bed.database.query('SELECT 1 FROM call_event')).toHaveLength(3);
    expect(await found(called)).toBe('');
  });

  it('comes after what an instance recorded that had not heard of it yet', async () => {
    const other = bed.instance();
    await runReaction(bed.database, track(other), [callStarted({ callId: 'a' })]);
    await erase();
    await runReaction(bed.database, track(other), [callEnded({ callId: 'a' })]);
    expect(await found(caller)).toBe('a');
    await walk();
    expect([await found(caller), await numbersOf('a')]).toEqual(['', '431555**** 442071****** ']);
    expect(await logText()).not.toContain(caller);
  });

  it('goes through many calls and events by and by, and again finds nothing', async () => {
    await record(...Array.from({ length: 1_203 }, (_, at) => callStarted({ callId: `c${at}`, atSec: at })));
    expect(await erase()).toMatchObject({ value: { callCount: 1_203n } });
    expect(await erase()).toMatchObject({ value: { callCount: 0n } });
    await walk();
    await walk();
    const listed = await recordsAnswers(bed.deps).listErasures({ $typeName: 'tollwire.common.v1.Empty' }, context);
    expect(listed).toMatchObject({ value: { numbers: [{ callCount: 0n, masked: '431555****' }, { callCount: 1_203n, masked: '431555****', by: 'admin:bob', reason: 'she asked to' }] } });
    expect(await bed.database.query(`SELECT 1 FROM call_event WHERE numbers_day <> -1`)).toEqual([]);
  });

  it('reaches calls that are past their time and wait to be written into files, and their events', async () => {
    await record(...wholeCall({ callId: 'past' }), callStarted({ callId: 'young', atSec: 43_200 }));
    await bed.database.query('SELECT set_calls_aside($1)', [instant('2026-03-05T00:00:00Z')]);
    expect((await openCalls(bed)).map(({ uniqueid }) => uniqueid)).toEqual(['young']);
    expect(await erase()).toMatchObject({ value: { callCount: 2n } });
    await walk();
    const [past] = await openCalls(bed, 'SELECT * FROM call_past');
    expect(past).toMatchObject({ cli: '431555****', called_e164: '442071******', sell_nanos: 12_345_678n, number_index: [], status: 'closed' });
    expect(await bed.database.query('SELECT 1 FROM call_event WHERE numbers_day <> -1')).toEqual([]);
    await bed.database.query('SELECT forget_calls_aside(first_day, 100), forget_calls_aside(first_day, 100) FROM call_aside');
    expect(await bed.database.query('SELECT 1 FROM call_past')).toEqual([]);
  });

  it('takes numbers, by somebody, for a reason', async () => {
    expect(await erase('jo')).toMatchObject({ refusal: { code: 'field_malformed', field: 'number' } });
    expect(await erase('')).toMatchObject({ refusal: { code: 'field_missing', field: 'number' } });
    expect(await erase(caller, ' ')).toMatchObject({ refusal: { code: 'field_missing', field: 'reason' } });
  });

  it('is all that the service may change in the log', async () => {
    await record(callStarted({ callId: 'a' }));
    const starred = (bytes: string) => bed.database.query<{ count: bigint }>(
      'SELECT star_call_events(array_agg(event_id), array_agg(filed_day), $1::bytea, array_agg(1), array_agg(octet_length($1::bytea))) AS count FROM call_event', [Buffer.from(bytes)]);
    expect(await starred('x')).toEqual([{ count: 0n }]);
    const [{ length } = { length: 0 }] = await bed.database.query<{ length: number }>('SELECT octet_length(bytes) AS length FROM call_event');
    expect(await starred('x'.repeat(length))).toEqual([{ count: 0n }]);
    await expect(bed.database.query('UPDATE call_event SET numbers_day = -1')).rejects.toThrow('permission denied');
  });
});
