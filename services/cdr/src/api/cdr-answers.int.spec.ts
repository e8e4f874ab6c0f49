import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  AccountOpenedSchema,
  CdrTotalsRequestSchema,
  EmptySchema,
  GetCallRequestSchema,
  publicEventOf,
  publicEvents,
  RatedSideSchema,
  SearchCallsRequestSchema,
  type SearchCallsRequest,
} from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { instant, table } from '@tollwire/testing';
import { atSec } from '../domain/call.fixtures.ts';
import { learnAccountCodes } from '../reactions/learn-account-codes.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callRated, callStarted, received, wholeCall } from '../spec-events.ts';
import { cdrAnswers } from './cdr-answers.ts';

let bed: CdrBed;
/** By our clock. */
const recordedUs = BigInt(instant('2026-03-02T00:00:00Z'));
const context = { method: 'Test', correlationId: 'spec' };

beforeAll(async () => {
  bed = await cdrBed();
  const events = [
    ...wholeCall({ callId: 'c1', atSec: 0 }),
    ...wholeCall({ callId: 'c2', atSec: 100, accountCode: 'acme' }),
    callStarted({ callId: 'c3', atSec: 200, switchId: '192.0.2.7' }, { calledNumber: '+33140000000' }),
    callEnded({ callId: 'c4', atSec: 300, accountCode: '9999' }, { carrierCode: 'C2', answeredAtUs: 0n, q850Cause: 17 }),
    ...wholeCall({ callId: 'c5', atSec: 100 }).slice(0, 3),
    callRated({ callId: 'c5', atSec: 100 }, {}),
  ];
  const letter = callStarted({ callId: 'bad' }, { startedAtUs: 1n });
  await runReaction(bed.database, track(bed.deps), [...events, letter]);
});
afterAll(() => bed.close());

async function get(call: { callId: string; leg?: number }) {
  return await cdrAnswers(bed.deps).getCall(create(GetCallRequestSchema, { call: { switchId: 'fs1', leg: 0, ...call } }), context);
}

async function search(request: Partial<SearchCallsRequest>) {
  const answer = await cdrAnswers(bed.deps).searchCalls(Object.assign(create(SearchCallsRequestSchema), request), context);
  if (!answer.ok) return answer.refusal;
  return { ids: (answer.value.calls ?? []).map((call) => call.call?.callId), next: answer.value.nextCursor ?? '' };
}

describe('GetCall', () => {
  it('answers the whole record', async () => {
    const answer = await get({ callId: 'c1' });
    expect(answer).toMatchObject({
      ok: true,
      value: {
        call: { switchId: 'fs1', callId: 'c1', leg: 0 }, status: 'closed', flags: [], sessionTimeSec: 64, pulseTimeSec: 66, startDelaySec: 4, stopDelaySec: 0,
        charged: { party: { case: 'cardId', value: '0012345678901234' } }, startedAtUs: BigInt(atSec(0)), endedAtUs: BigInt(atSec(64)),
        terminateCause: 'NORMAL_CLEARING', sell: { nanos: 12_345_678n, currency: 'EUR' }, buy: { nanos: 5_000_001n, currency: 'EUR' },
        attempts: [{ carrierCode: 'C1', q850Cause: 16 }],
        startedReceivedAtUs: recordedUs, ringingReceivedAtUs: 0n, answeredReceivedAtUs: recordedUs, endedReceivedAtUs: recordedUs, ratedReceivedAtUs: recordedUs, lastReceivedAtUs: recordedUs,
      },
    });
  });

  it('refuses a call that nobody told of, and one that is not named', async () => {
    expect(await get({ callId: 'c1', leg: 1 })).toEqual({ ok: false, refusal: { code: 'unknown_call', facts: { call: 'fs1/c1/1' } } });
    expect(await get({ callId: '' })).toMatchObject({ refusal: { code: 'field_missing', field: 'call' } });
  });

  it('CDR-03: keeps a call of an unknown account code as unassigned, until the account is opened', async () => {
    expect(await get({ callId: 'c4' })).toMatchObject({ value: { status: 'ended', flags: ['no_start', 'unassigned'] } });
    const data = create(AccountOpenedSchema, { customerId: 'k1', accountCodes: ['9999', 'acme'] });
    const opened = publicEventOf(publicEvents.AccountOpened, { source: 'tollwire/card', timeUs: instant('2026-03-01T13:00:00Z'), parts: ['k1'], data });
    await runReaction(bed.database, learnAccountCodes(), [received(opened)]);
    await runReaction(bed.database, learnAccountCodes(), [received(opened)]);
    expect(await get({ callId: 'c4' })).toMatchObject({ value: { flags: ['no_start'] } });
  });
});

describe('SearchCalls', () => {
  it('filters by every condition', async () => {
    const rows = table<'field' | 'value' | 'ids'>(`
      field        | value            | ids
      cardId       | 0012345678901234 | c3,c5,c1
      accountCode  | acme             | c2
      switchId     | 192.0.2.7        | c3
      switchId     | nowhere          | -
      carrierCode  | C2               | c4
      callId       | c5               | c5
      callId       | c                | -
      calledPrefix | +3314            | c3
      calledPrefix | 4420             | c4,c5,c2,c1
    `);
    for (const { field, value, ids } of rows) {
      const found = await search({ [field]: value });
      expect({ field, value, found }).toEqual({ field, value, found: { ids: ids === '' ? [] : ids.split(','), next: '' } });
    }
  });

  it('takes a half-open range of time', async () => {
    expect(await search({ fromUs: BigInt(atSec(100)), untilUs: BigInt(atSec(300)) })).toMatchObject({ ids: ['c3', 'c5', 'c2'] });
  });

  it('pages through everything without a repeat or a gap, also among calls of one instant', async () => {
    const seen: (string | undefined)[] = [];
    let cursor = '';
    do {
      const page = await search({ pageSize: 2, cursor });
      if (!('ids' in page)) throw new Error(`refused: ${page.code}`);
      seen.push(...page.ids);
      cursor = page.next;
    } while (cursor !== '');
    expect(seen).toEqual(['c4', 'c3', 'c5', 'c2', 'c1']);
  });

  it('refuses what it cannot serve', async () => {
    expect(await search({ pageSize: 1001 })).toMatchObject({ code: 'field_out_of_range', field: 'pageSize' });
    expect(await search({ cursor: 'bm9wZQ' })).toMatchObject({ code: 'cursor_malformed' });
    expect(await search({ calledPrefix: '44%' })).toMatchObject({ code: 'field_malformed', field: 'calledPrefix' });
    expect(await search({ pageSize: 1000 })).toMatchObject({ ids: expect.any(Array) });
  });
});

describe('Totals', () => {
  async function totals(fromUs = 0n, untilUs = 0n) {
    const answer = await cdrAnswers(bed.deps).totals(create(CdrTotalsRequestSchema, { fromUs, untilUs }), context);
    return answer.ok ? answer.value : undefined;
  }

  it('sums exactly, by carrier', async () => {
    const sum = await totals();
    expect(sum).toMatchObject({ callCount: 5n, closedCount: 3n, answeredCount: 3n, deadLetterCount: 1n });
    expect(sum?.carriers).toEqual([
      { carrierCode: '', callCount: 1n, answeredCount: 0n, billedSec: 0n },
      { carrierCode: 'C1', callCount: 3n, answeredCount: 3n, billedSec: 198n, sell: { nanos: 37_037_034n, currency: 'EUR' }, buy: { nanos: 15_000_003n, currency: 'EUR' } },
      { carrierCode: 'C2', callCount: 1n, answeredCount: 0n, billedSec: 0n },
    ]);
  });

  it('counts the calls that started in the range', async () => {
    expect(await totals(BigInt(atSec(100)), BigInt(atSec(200)))).toMatchObject({ callCount: 2n });
  });

  it('never adds amounts of different currencies', async () => {
    const sell = create(RatedSideSchema, { amount: { nanos: 7n, currency: 'USD' }, billedSec: 1 });
    await runReaction(bed.database, track(bed.deps), [callRated({ callId: 'usd', atSec: 5000 }, { sell })]);
    const sum = await totals();
    expect(sum?.carriers?.filter(({ carrierCode }) => carrierCode === 'C1').map(({ sell }) => sell)).toEqual([
      { nanos: 37_037_034n, currency: 'EUR' },
      { nanos: 7n, currency: 'USD' },
    ]);
  });
});

describe('ListSwitches', () => {
  it('lists what was seen, with the address where it is known', async () => {
    const answer = await cdrAnswers(bed.deps).listSwitches(create(EmptySchema), context);
    expect(answer).toMatchObject({ value: { switches: [{ name: '192.0.2.7', ipAddress: '192.0.2.7' }, { name: 'fs1', ipAddress: '' }] } });
  });
});

// Last, because it tells of one more call.
describe('SearchCalls by call id', () => {
  it('finds calls by their id alone, whatever the switch, also beside other conditions', async () => {
    await runReaction(bed.database, track(bed.deps), [callStarted({ callId: 'c5', atSec: 0, switchId: 'other' })]);
    expect(await search({ callId: 'c5' })).toMatchObject({ ids: ['c5', 'c5'] });
    expect(await search({ callId: 'c5', switchId: 'fs1', q850Cause: 16 })).toMatchObject({ ids: ['c5'] });
    expect(await search({ callId: 'c5', accountCode: 'acme' })).toMatchObject({ ids: [] });
  });
});
