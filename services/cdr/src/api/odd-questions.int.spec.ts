import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  CdrTotalsRequestSchema,
  type CdrTotalsRequest,
  GetCallRequestSchema,
  MoneySchema,
  RatedSideSchema,
  type ReceivedEvent,
  type SearchCallsRequest,
  SearchCallsRequestSchema,
} from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { atSec } from '../domain/call.fixtures.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callRated, callStarted, wholeCall } from '../spec-events.ts';
import { cdrAnswers } from './cdr-answers.ts';

let bed: CdrBed;
const context = { method: 'Test', correlationId: 'spec' };

beforeAll(async () => {
  bed = await cdrBed();
});
beforeEach(() => bed.empty());
afterAll(() => bed.close());

const record = (...events: ReceivedEvent[]) => runReaction(bed.database, track(bed.deps), events);
const get = (callId: string, leg = 0, switchId = 'fs1') =>
  cdrAnswers(bed.deps).getCall(create(GetCallRequestSchema, { call: { switchId, callId, leg } }), context);
const search = (request: Partial<SearchCallsRequest>) => cdrAnswers(bed.deps).searchCalls(Object.assign(create(SearchCallsRequestSchema), request), context);
const totals = (request: Partial<CdrTotalsRequest> = {}) => cdrAnswers(bed.deps).totals(Object.assign(create(CdrTotalsRequestSchema), request), context);
const idsOf = async (request: Partial<SearchCallsRequest>) => {
  const answer = await search(request);
  return answer.ok ? (answer.value.calls ?? []).map(({ call }) => call?.callId) : answer.refusal.code;
};
const sold = (nanos: bigint, currency = 'EUR') => create(RatedSideSchema, { amount: create(MoneySchema, { nanos, currency }), billedSec: 1 });

describe('questions that PostgreSQL itself would reject', () => {
  it('are about a call that cannot be there', async () => {
    await record(callStarted({ callId: 'a' }));
    for (const answer of [await get('a', 32_768), await get('a', 4_294_967_295), await get('a\0'), await get('a', 0, 'fs1\0')]) {
      expect(answer).toMatchObject({ ok: false, refusal: { code: 'unknown_call' } });
    }
    expect(await get('a')).toMatchObject({ ok: true });
  });

  it('are refused with the field where they hold a NUL', async () => {
    for (const field of ['cardId', 'accountCode', 'switchId', 'carrierCode'] as const) {
      expect(await search({ [field]: 'x\0' })).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field } });
    }
  });

  it('are refused where a cursor names a place that no page has', async () => {
    const cursors = ['1.', '.1', '-1.5', '1.2.3', `${'9'.repeat(19)}.1`, '1.1; drop table call', ''].map((text) => Buffer.from(text).toString('base64url'));
    for (const cursor of cursors.filter((text) => text !== '')) expect(await search({ cursor })).toMatchObject({ refusal: { code: 'cursor_malformed' } });
  });

  it('take texts that mean something to SQL as they are', async () => {
    const odd = `'; DROP TABLE call; -- %_\\`;
    await record(callStarted({ callId: odd, accountCode: odd }), callStarted({ callId: 'b', accountCode: 'b' }));
    expect(await idsOf({ accountCode: odd })).toEqual([odd]);
    expect(await get(odd)).toMatchObject({ ok: true, value: { call: { callId: odd } } });
  });
});

describe('SearchCalls by called prefix', () => {
  it('knows a call by what was dialled until its number is read, and where no rating could read it', async () => {
    await record(callStarted({ callId: 'dialled' }, { calledNumber: '+33140000' }));
    await record(callEnded({ callId: 'unread' }, { calledNumber: '33150000' }), callRated({ callId: 'unread' }, { calledE164: '' }));
    await record(callEnded({ callId: 'read' }, { calledNumber: '00331550000' }), callRated({ callId: 'read' }, { calledE164: '331550000' }));
    const rows = table<'prefix' | 'ids'>(`
      prefix | ids
      3314   | dialled
      +331   | read,unread,dialled
      3315   | read,unread
      0033   | -
      331400 | -
      +      | read,unread,dialled
    `);
    for (const { prefix, ids } of rows)
      expect({ prefix, ids: await idsOf({ calledPrefix: prefix }) }).toEqual({ prefix, ids: ids === '' ? [] : ids.split(',') });
  });
});

describe('pages of SearchCalls', () => {
  it('neither repeat nor hide a call, whatever their size, while calls of the same instants keep coming', async () => {
    const instants = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 1, maxLength: 15 });
    await fc.assert(
      fc.asyncProperty(instants, fc.integer({ min: 1, max: 5 }), async (starts, pageSize) => {
        await bed.empty();
        await record(...starts.map((at, n) => callStarted({ callId: `c${n}`, atSec: at })));
        const seen: (string | undefined)[] = [];
        let cursor = '';
        do {
          const page = await search({ pageSize, cursor });
          if (!page.ok) throw new Error(page.refusal.code);
          expect((page.value.calls ?? []).length).toBeLessThanOrEqual(pageSize);
          seen.push(...(page.value.calls ?? []).map(({ call }) => call?.callId));
          cursor = page.value.nextCursor ?? '';
          await record(callStarted({ callId: `late${seen.length}`, atSec: 9 }));
        } while (cursor !== '');
        const older = seen.filter((callId) => !callId?.startsWith('late'));
        expect(older.toSorted()).toEqual(starts.map((_, n) => `c${n}`).sort());
        expect(older.map((callId) => starts[Number(callId?.slice(1))] ?? -1)).toEqual(starts.toSorted((a, b) => b - a));
      }),
      { numRuns: 8, endOnFailure: true },
    );
  }, 30_000);

  it('end without a cursor where the last page is just full', async () => {
    await record(callStarted({ callId: 'a' }), callStarted({ callId: 'b', atSec: 1 }));
    expect(await search({ pageSize: 2 })).toMatchObject({ ok: true, value: { nextCursor: '' } });
    const first = await search({ pageSize: 1 });
    expect(first).toMatchObject({ ok: true, value: { nextCursor: expect.stringMatching(/.+/) } });
  });
});

describe('Totals', () => {
  const priced = (callId: string, nanos: bigint, currency: string) => [callEnded({ callId }), callRated({ callId }, { sell: sold(nanos, currency) })];

  it('takes a half-open range, and counts what it counts only there', async () => {
    await record(...wholeCall({ callId: 'a', atSec: 0 }), ...wholeCall({ callId: 'b', atSec: 10 }), callStarted({ callId: 'c', atSec: 20 }));
    const of = async (fromSec: number, untilSec: number) => {
      const sum = await totals({ fromUs: BigInt(atSec(fromSec)), untilUs: BigInt(atSec(untilSec)) });
      return sum.ok ? [sum.value.callCount, sum.value.closedCount, sum.value.answeredCount] : [];
    };
    expect([await of(0, 10), await of(0, 10.000001), await of(10, 21), await of(30, 40)]).toEqual([
      [1n, 1n, 1n],
      [2n, 2n, 2n],
      [2n, 1n, 1n],
      [0n, 0n, 0n],
    ]);
  });

  it('never adds amounts of different currencies, and is exact beyond what a double holds', async () => {
    await record(...priced('a', 2n ** 53n, 'EUR'), ...priced('b', 1n, 'EUR'), ...priced('c', 5n, 'JPY'));
    const sum = await totals();
    expect(sum).toMatchObject({
      ok: true,
      value: {
        callCount: 3n,
        carriers: [
          { callCount: 2n, sell: { nanos: 2n ** 53n + 1n, currency: 'EUR' } },
          { callCount: 1n, sell: { nanos: 5n, currency: 'JPY' } },
        ],
      },
    });
  });

  it('tells the largest sum that a message holds, and refuses one beyond it rather than a wrong one', async () => {
    await record(...priced('a', 2n ** 63n - 2n, 'VND'), ...priced('b', 1n, 'VND'));
    expect(await totals()).toMatchObject({ ok: true, value: { carriers: [{ sell: { nanos: 2n ** 63n - 1n } }] } });
    await record(...priced('c', 1n, 'VND'));
    expect(await totals()).toEqual({ ok: false, refusal: { code: 'reply_too_large', facts: { carrierCode: 'C1', currency: 'VND' } } });
  });
});
