import { create } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { batchContentType, CdrClosedSchema, dataOf, decodeMessage, ReplayCdrsRequestSchema, type ReplayCdrsRequest, SearchCallsRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { track } from '../reactions/call-reactions.ts';
import { recordsAnswers } from './records-answers.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callStarted, wholeCall } from '../spec-events.ts';
import { cdrAnswers } from './cdr-answers.ts';

let bed: CdrBed;
const context = { method: 'Test', correlationId: 'spec' };
const reveal = { $typeName: 'tollwire.cdr.v1.Reveal', by: 'invoicing', reason: 'invoices', once: false } as const;

beforeAll(async () => {
  bed = await cdrBed();
  await runReaction(bed.database, track(bed.deps), [...wholeCall({ callId: 'a' }), callStarted({ callId: 'open' }), callEnded({ callId: 'unrated' }), ...wholeCall({ callId: 'b', atSec: 60 })]);
});
afterAll(() => bed.close());

async function replay(request: Partial<ReplayCdrsRequest> = {}) {
  const answer = await cdrAnswers(bed.deps).replayCdrs(Object.assign(create(ReplayCdrsRequestSchema), request), context);
  if (!answer.ok) return answer.refusal;
  const events = decodeMessage(batchContentType, () => undefined, answer.value.batch ?? new Uint8Array());
  if (!events.ok) return events.refusal;
  return { cdrs: events.value.map((event) => ({ id: event.id, key: event.key, ...dataOf(CdrClosedSchema, event) })), next: answer.value.nextCursor ?? '' };
}

describe('a replay of closed CDRs', () => {
  it('has each complete call as it was told, under the same id', async () => {
    const outbox = await bed.database.query<{ payload: Buffer }>('SELECT payload FROM outbox');
    const told = outbox.flatMap(({ payload }) => {
      const events = decodeMessage(batchContentType, () => undefined, payload);
      return events.ok ? events.value.map((event) => ({ id: event.id, key: event.key, ...dataOf(CdrClosedSchema, event) })) : [];
    });
    const page = await replay({ reveal });
    expect(page).toMatchObject({ cdrs: [{ cli: '4315550100', revision: 4 }, { call: { callId: 'b' } }] });
    expect('cdrs' in page ? page.cdrs : []).toEqual(told);
    expect(await replay({ reveal, cursor: 'next' in page ? page.next : '' })).toEqual({ cdrs: [], next: '' });
  });

  it('shows prefixes alone to who says not who asks, and nothing from before an instant', async () => {
    expect(await replay()).toMatchObject({ cdrs: [{ cli: '431555****', calledE164: '442071******' }, {}] });
    expect(await replay({ sinceUs: BigInt(bed.clock.nowUs()) + 1n })).toMatchObject({ cdrs: [] });
  });

  it.each([
    [{ cursor: 'x' }, { code: 'cursor_malformed', field: 'cursor' }],
    [{ cursor: '9'.repeat(19) }, { code: 'cursor_malformed', field: 'cursor' }],
    [{ sinceUs: -1n }, { code: 'field_out_of_range', field: 'sinceUs' }],
    [{ reveal: { ...reveal, by: ' ' } }, { code: 'field_missing', field: 'reveal.by' }],
  ])('is refused: %j', async (request, refusal) => {
    expect(await replay(request)).toMatchObject(refusal);
  });
});

describe('work over many pages that shows nobody a number', () => {
  beforeEach(() => bed.owner.query('TRUNCATE unmasking'));

  const ask = (cursor: string, why: string = reveal.reason) =>
    cdrAnswers(bed.deps).searchCalls(create(SearchCallsRequestSchema, { pageSize: 1, fromUs: 1n, cursor, reveal: { ...reveal, reason: why, once: true } }), context);

  /** Why numbers were shown, by what is recorded of it, the oldest first. */
  async function reasons() {
    const rows = await bed.database.query<{ reason: string; question: string }>('SELECT reason, question::text FROM unmasking ORDER BY id');
    return rows.map(({ reason, question }) => `${reason} ${question}`);
  }

  it('is recorded also where it begins with a cursor of its own making, once a day for each reason and question', async () => {
    const latest = Buffer.from('4102444800000000.1').toString('base64url');
    const answer = await ask(latest);
    expect(answer).toMatchObject({ value: { calls: [{ calledE164: '442071838750' }] } });
    await ask(latest);
    await ask(latest, 'another reason');
    expect(await reasons()).toEqual(['invoices {"fromUs": "1"}', 'another reason {"fromUs": "1"}']);
    bed.clock.advanceSec(86_400);
    await ask(latest);
    expect(await reasons()).toHaveLength(3);
  });

  it('is recorded of a replay likewise, whatever place it begins at', async () => {
    expect(await replay({ reveal, cursor: '0' })).toMatchObject({ cdrs: [{ cli: '4315550100' }, {}] });
    await replay({ reveal, cursor: '1' });
    await replay({ reveal, cursor: '1', sinceUs: 1n });
    await replay({ reveal });
    await replay({ cursor: '1' });
    expect(await reasons()).toEqual(['0', '1', '0'].map((sinceUs) => `invoices {"replay": true, "sinceUs": "${sinceUs}"}`));
  });

  it('is recorded once, with what was asked', async () => {
    for (let [page, cursor] = [await ask(''), '']; page.ok; page = await ask(cursor)) {
      cursor = page.value.nextCursor ?? '';
      if (cursor === '') break;
    }
    const listed = await recordsAnswers(bed.deps).listUnmaskings({ $typeName: 'tollwire.cdr.v1.ListUnmaskingsRequest', by: '', callKey: '', pageSize: 0, beforeId: 0n }, context);
    expect(listed).toMatchObject({ value: { unmaskings: [{ by: 'invoicing', what: 'search', calls: [], question: '{"fromUs": "1"}' }] } });
    expect(listed.ok ? listed.value.unmaskings?.length : 0).toBe(1);
  });
});
