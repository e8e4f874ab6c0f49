import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GetCallRequestSchema, type ReceivedEvent, SearchCallsRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { instant, table } from '@tollwire/testing';
import { cdrAnswers } from '../api/cdr-answers.ts';
import { recordsAnswers } from '../api/records-answers.ts';
import { rebuildCalls } from '../projections/rebuild-calls.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callRated, callStarted, wholeCall } from '../spec-events.ts';
import { eraseOldNumbers } from './erase-days.ts';
import { dayOf } from './number-keys.ts';
import { openCalls } from './open-calls.fixture.ts';

let bed: CdrBed;
const context = { method: 'Test', correlationId: 'spec' };
const reveal = { by: 'admin:bob', reason: 'a court asks' };
const today = dayOf(instant('2026-03-01T00:00:00Z'));
const dayUs = 86_400_000_000n;

beforeAll(async () => {
  bed = await cdrBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  await bed.empty();
  await bed.owner.query('TRUNCATE number_key');
});

/** By an instance that was just started, and so believes nothing. */
const record = (...events: ReceivedEvent[]) => runReaction(bed.database, track(bed.instance()), events);
const erase = (first = today, last = today) =>
  recordsAnswers(bed.deps).eraseNumbers({ $typeName: 'tollwire.cdr.v1.EraseNumbersRequest', fromUs: BigInt(first) * dayUs, untilUs: BigInt(last + 1) * dayUs,
    by: 'admin:bob', reason: 'asked to' }, context);

async function numbersOf(callId: string) {
  const answer = await cdrAnswers(bed.instance()).getCall(create(GetCallRequestSchema, { call: { switchId: 'fs1', callId, leg: 0 }, reveal }), context);
  if (!answer.ok) return answer.refusal.code;
  return `${answer.value.cli} ${answer.value.calledNumber} ${answer.value.calledE164}`;
}

async function found(init: Omit<MessageInitShape<typeof SearchCallsRequestSchema>, '$typeName'>) {
  const answer = await cdrAnswers(bed.instance()).searchCalls(create(SearchCallsRequestSchema, { reveal, ...init }), context);
  return answer.ok ? (answer.value.calls ?? []).map(({ call }) => call?.callId).join(',') : answer.refusal;
}

describe('the numbers of a call', () => {
  it('are nowhere in its row nor in the log, though their prefixes are, and are read with the key', async () => {
    await record(...wholeCall({ callId: 'a' }), callStarted({ callId: 'b' }), callEnded({ callId: 'b' }, { cli: '43155501234' }));
    const [{ text } = { text: '' }] = await bed.owner.query<{ text: string }>(`
      SELECT (SELECT string_agg(c::text, ' ') FROM call c) || (SELECT string_agg(encode(bytes, 'escape'), ' ') FROM call_event) AS text`);
    for (const told of ['4315550100', '442071838750', '43155501234', 'sofia/1']) expect({ told, isThere: text.includes(told) }).toEqual({ told, isThere: false });
    expect(text).toContain('442071');
    expect(await numbersOf('a')).toBe('4315550100 442071838750 442071838750');
    expect(await numbersOf('b')).toBe('43155501234 442071838750 ');
    expect((await openCalls(bed)).find(({ uniqueid }) => uniqueid === 'b')?.underlay?.started).toMatchObject({ cli: '4315550100', channel: 'sofia/1' });
  });

  it('are sealed otherwise each time that the call is written', async () => {
    const sealedOnes = async () => (await bed.database.query<{ cli: string; nonce: bigint }>('SELECT cli, numbers_nonce AS nonce FROM call')).map(({ cli, nonce }) => `${cli} ${nonce}`);
    await record(callStarted({ callId: 'a' }));
    const first = await sealedOnes();
    await record(callEnded({ callId: 'a' }));
    expect(await sealedOnes()).not.toEqual(first);
  });

  it('of calls from before there were keys are as they were', async () => {
    await record(callStarted({ callId: 'a' }));
    await bed.owner.query(`UPDATE call SET cli = '431', callednumber = '+441', channel = 'x', numbers_day = NULL, numbers_nonce = NULL, number_index = NULL`);
    expect(await numbersOf('a')).toBe('431 +441 ');
  });

  it('find the call, on whichever day and in whichever form it was dialled', async () => {
    const day = 86_400;
    await record(...wholeCall({ callId: 'a' }), callStarted({ callId: 'b', atSec: day }, { calledNumber: '+442071838750' }), callStarted({ callId: 'c',
      atSec: 100 }, { calledNumber: '00442071838750', cli: '1' }));
    const rows = table<'number' | 'found'>(`
      number         | found
      442071838750   | b,c,a
      +442071838750  | b,c,a
      4315550100     | b,a
      442071838751   | -
    `);
    for (const row of rows) expect({ number: row.number, found: await found({ number: row.number }) }).toEqual(row);
    expect(await found({ number: '442071838750', fromUs: BigInt(today + 1) * dayUs })).toBe('b');
    expect(await found({ number: '442071838750', untilUs: BigInt(today + 1) * dayUs, cardId: '0012345678901234' })).toBe('c,a');
    expect(await found({ number: 'jo' })).toMatchObject({ code: 'field_malformed', field: 'number' });
    const unasked = await cdrAnswers(bed.deps).searchCalls(create(SearchCallsRequestSchema, { number: '4315550100' }), context);
    expect(unasked).toMatchObject({ refusal: { code: 'field_missing', field: 'reveal.reason' } });
    expect(await bed.database.query(`SELECT DISTINCT question ->> 'number' AS number FROM unmasking ORDER BY 1`)).toEqual([{ number: '+442071******' },
      { number: '431555****' }, { number: '442071******' }]);
  });
});

describe('erasing a day', () => {
  it('leaves prefixes and money, in the calls and in what a rebuild makes of the log', async () => {
    await record(...wholeCall({ callId: 'a' }), ...wholeCall({ callId: 'next', atSec: 86_400 }));
    expect(await erase()).toMatchObject({ value: { dayCount: 1 } });
    const [call] = await openCalls(bed);
    expect(call).toMatchObject({ cli: '431555****', callednumber: '442071******', called_e164: '442071******', sell_nanos: 12_345_678n, sell_prefix: '4420' });
    expect([await numbersOf('a'), await numbersOf('next')]).toEqual(['431555**** 442071****** 442071******', '4315550100 442071838750 442071838750']);
    expect(await found({ number: '4315550100' })).toBe('next');
    expect(await found({ calledPrefix: '442071' })).toBe('next,a');
    await rebuildCalls(bed.owner);
    const [rebuilt] = await openCalls(bed);
    expect(rebuilt).toMatchObject({ cli: '431555****', callednumber: '442071******', called_e164: '442071******', sell_nanos: 12_345_678n, flags: [], conflicts: 0 });
  });

  it('masks what is told of its calls later, which contradicts nothing', async () => {
    await record(callStarted({ callId: 'a' }));
    await erase();
    await record(callEnded({ callId: 'a' }), callRated({ callId: 'a' }));
    await record(callStarted({ callId: 'a' }), callEnded({ callId: 'a' }));
    const [live] = await openCalls(bed);
    expect(live).toMatchObject({ status: 'closed', cli: '431555****', called_e164: '442071******', channel: '*******', flags: [], underlay: null });
    expect(await bed.database.query('SELECT 1 FROM call_event')).toHaveLength(3);
    await rebuildCalls(bed.owner);
    const [rebuilt] = await openCalls(bed);
    expect({ ...rebuilt, callid: 0n }).toEqual({ ...live, callid: 0n });
  });

  it('is done for whole days that are over, by somebody, for a reason, and is told', async () => {
    await record(callStarted({ callId: 'a' }));
    expect(await erase(today - 1, today)).toMatchObject({ value: { dayCount: 2 } });
    expect(await erase(today - 1, today)).toMatchObject({ value: { dayCount: 0 } });
    expect(await recordsAnswers(bed.deps).listErasures({ $typeName: 'tollwire.common.v1.Empty' }, context)).toMatchObject({
      value: { erasures: [{ fromUs: BigInt(today - 1) * dayUs, untilUs: BigInt(today + 1) * dayUs, dayCount: 2, by: 'admin:bob', reason: 'asked to', atUs: BigInt(bed.clock.nowUs()) }] },
    });
    expect(await erase(today, today + 2)).toMatchObject({ refusal: { code: 'field_out_of_range', field: 'untilUs' } });
    expect(await erase(today, today - 3)).toMatchObject({ refusal: { code: 'field_out_of_range', field: 'untilUs' } });
    const odd = { $typeName: 'tollwire.cdr.v1.EraseNumbersRequest' as const, fromUs: 5n, untilUs: BigInt(today) * dayUs, by: 'ann', reason: 'x' };
    expect(await recordsAnswers(bed.deps).eraseNumbers(odd, context)).toMatchObject({ refusal: { code: 'field_out_of_range', field: 'fromUs' } });
    expect(await recordsAnswers(bed.deps).eraseNumbers({ ...odd, reason: '' }, context)).toMatchObject({ refusal: { code: 'field_missing', field: 'reason' } });
  });

  it('comes by itself when numbers are old enough, where they are not kept as long as calls', async () => {
    await record(callStarted({ callId: 'a' }), callStarted({ callId: 'next', atSec: 86_400 }));
    const sweep = (numbersKeptDays: number) => eraseOldNumbers({ ...bed.deps, numbersKeptDays });
    // The clock of these specs stands on the day after the first call, on which the other was set up.
    await sweep(0);
    await sweep(1);
    expect(await numbersOf('a')).toBe('4315550100 442071838750 ');
    await bed.owner.query('UPDATE number_key SET day = day - 1 WHERE day = $1', [today]);
    await sweep(1);
    expect(await bed.database.query('SELECT day, key IS NULL AS erased, reason FROM number_key ORDER BY day')).toEqual([
      { day: today - 1, erased: true, reason: 'kept for 1 days' }, { day: today + 1, erased: false, reason: null },
    ]);
  });
});

describe('keys', () => {
  it('that a transaction made and took back are used by nobody after it, however often it asked for them', async () => {
    const instance = bed.instance();
    const failing = bed.database.transaction(async (tx) => {
      // As recording does: once for the events, once for the log, once for the calls.
      for (let time = 0; time < 3; time += 1) await instance.numbers.forDays(tx, [today]);
      throw new Error('the work failed');
    });
    await expect(failing).rejects.toThrow('the work failed');
    await record(callStarted({ callId: 'by-another' }));
    await runReaction(bed.database, track(instance), [callStarted({ callId: 'by-it' }), callEnded({ callId: 'by-another' })]);
    for (const callId of ['by-another', 'by-it']) expect({ callId, numbers: await numbersOf(callId) }).toEqual({ callId, numbers: '4315550100 442071838750 ' });
  });

  it('are one for a day, however many instances need it first, and outlive a rollback of nobody', async () => {
    await Promise.all(Array.from({ length: 6 }, (_, at) => record(callStarted({ callId: `c${at}`, atSec: (at % 2) * 86_400 }))));
    expect(await bed.database.query('SELECT 1 FROM number_key')).toHaveLength(2);
    const instance = bed.instance();
    const failing = bed.database.transaction(async (tx) => {
      await instance.numbers.forDays(tx, [today + 5]);
      throw new Error('the work failed');
    });
    await expect(failing).rejects.toThrow('the work failed');
    await instance.numbers.forDays(bed.database, [today + 5]);
    expect(await bed.database.query('SELECT 1 FROM number_key WHERE day = $1', [today + 5])).toHaveLength(1);
    for (let at = 0; at < 6; at += 1) expect(await numbersOf(`c${at}`)).toBe('4315550100 442071838750 ');
  });
});
