import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { GetCallRequestSchema, ListUnmaskingsRequestSchema, SearchCallsRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { cdrAnswers } from '../api/cdr-answers.ts';
import { recordsAnswers } from '../api/records-answers.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { wholeCall } from '../spec-events.ts';

let bed: CdrBed;
const context = { method: 'Test', correlationId: 'spec' };
const ann = { by: 'operator:ann', reason: 'ticket 4711: calls that broke off' };
const bob = { by: 'admin:bob', reason: 'a court asks' };

beforeAll(async () => {
  bed = await cdrBed();
  await runReaction(bed.database, track(bed.deps), [...wholeCall({ callId: 'a' }), ...wholeCall({ callId: 'b', atSec: 100 })]);
});
afterAll(() => bed.close());
beforeEach(() => bed.owner.query('TRUNCATE unmasking'));

async function get(init: Omit<MessageInitShape<typeof GetCallRequestSchema>, '$typeName'>) {
  const answer = await cdrAnswers(bed.deps).getCall(create(GetCallRequestSchema, { call: { switchId: 'fs1', callId: 'a', leg: 0 }, ...init }), context);
  if (!answer.ok) return answer.refusal;
  const { cli, calledNumber, calledE164 } = answer.value;
  return { cli, calledNumber, calledE164 };
}

async function search(init: Omit<MessageInitShape<typeof SearchCallsRequestSchema>, '$typeName'>) {
  const answer = await cdrAnswers(bed.deps).searchCalls(create(SearchCallsRequestSchema, init), context);
  return answer.ok ? (answer.value.calls ?? []).map(({ calledE164 }) => calledE164) : answer.refusal;
}

async function unmaskings(init: Omit<MessageInitShape<typeof ListUnmaskingsRequestSchema>, '$typeName'> = {}) {
  const answer = await recordsAnswers(bed.deps).listUnmaskings(create(ListUnmaskingsRequestSchema, init), context);
  return answer.ok ? (answer.value.unmaskings ?? []) : answer.refusal;
}

describe('the numbers of a call', () => {
  it('are masked behind their prefix for whoever does not ask for more, and nothing is recorded', async () => {
    expect(await get({})).toEqual({ cli: '431555****', calledNumber: '442071******', calledE164: '442071******' });
    expect(await search({})).toEqual(['442071******', '442071******']);
    expect(await unmaskings()).toEqual([]);
  });

  it('are whole for who says why, which is recorded with the call before it is answered', async () => {
    expect(await get({ reveal: ann })).toEqual({ cli: '4315550100', calledNumber: '442071838750', calledE164: '442071838750' });
    expect(await unmaskings()).toMatchObject([{ ...ann, what: 'call', question: '', calls: ['fs1/a/0'], atUs: BigInt(bed.clock.nowUs()) }]);
  });

  it('of a search are recorded with its conditions and every call of the page', async () => {
    expect(await search({ cardId: '0012345678901234', pageSize: 1, reveal: bob })).toEqual(['442071838750']);
    const [recorded, ...others] = await Promise.resolve(unmaskings()).then((all) => (Array.isArray(all) ? all : []));
    expect({ ...recorded, question: JSON.parse(recorded?.question ?? '{}') as unknown }).toMatchObject({ ...bob, what: 'search', question: { cardId: '0012345678901234' }, calls: ['fs1/b/0'] });
    expect(others).toEqual([]);
  });

  it('that nobody found are shown to nobody', async () => {
    expect(await get({ call: { switchId: 'fs1', callId: 'none', leg: 0 }, reveal: ann })).toMatchObject({ code: 'unknown_call' });
    expect(await search({ cardId: 'none', reveal: bob })).toEqual([]);
    expect(await unmaskings()).toEqual([]);
  });

  it('are refused without a person, without a reason, and to a search that would tell them digit by digit', async () => {
    expect(await get({ reveal: { ...ann, reason: ' ' } })).toMatchObject({ code: 'field_missing', field: 'reveal.reason' });
    expect(await get({ reveal: { ...ann, by: '' } })).toMatchObject({ code: 'field_missing', field: 'reveal.by' });
    expect(await search({ reveal: { ...bob, reason: 'x'.repeat(256) } })).toMatchObject({ code: 'field_malformed', field: 'reveal.reason' });
    expect(await search({ calledPrefix: '4420718' })).toMatchObject({ code: 'field_out_of_range', field: 'calledPrefix', facts: { digitsMax: '6' } });
    expect(await search({ calledPrefix: '442071' })).toHaveLength(2);
  });
});

describe('the record of who saw numbers', () => {
  it('is read by person, by call and page by page, the newest first', async () => {
    await get({ reveal: ann });
    await search({ reveal: bob });
    const whoOf = async (init: Parameters<typeof unmaskings>[0]) => {
      const all = await unmaskings(init);
      return Array.isArray(all) ? all.map(({ by, what }) => `${by} ${what}`) : all;
    };
    expect(await whoOf({})).toEqual(['admin:bob search', 'operator:ann call']);
    expect(await whoOf({ by: ann.by })).toEqual(['operator:ann call']);
    expect(await whoOf({ callKey: 'fs1/b/0' })).toEqual(['admin:bob search']);
    const [newest] = await Promise.resolve(unmaskings({ pageSize: 1 })).then((all) => (Array.isArray(all) ? all : []));
    expect(await whoOf({ beforeId: newest?.id ?? 0n })).toEqual(['operator:ann call']);
    expect(await whoOf({ pageSize: 1001 })).toMatchObject({ code: 'field_out_of_range' });
    expect(await whoOf({ by: '\0' })).toMatchObject({ code: 'field_malformed', field: 'by' });
  });

  it('is only ever added to', async () => {
    await expect(bed.database.query('DELETE FROM unmasking')).rejects.toThrow('permission denied');
    await expect(bed.database.query(`UPDATE unmasking SET reason = 'none'`)).rejects.toThrow('permission denied');
  });
});
