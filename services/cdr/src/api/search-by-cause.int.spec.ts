import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { SearchCallsRequestSchema } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { atSec } from '../domain/call.fixtures.ts';
import { foldReports } from '../projections/fold-reports.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callStarted } from '../spec-events.ts';
import { cdrAnswers } from './cdr-answers.ts';

let bed: CdrBed;
const context = { method: 'Test', correlationId: 'spec' };

/** Calls over three hours, several of one instant among them, with causes that are usual, rare, none. */
const told = Array.from({ length: 120 }, (_, at) => ({
  callId: `c${at}`, sec: Math.floor(at / 3) * 271, carrier: at % 3 === 0 ? 'C1' : 'C2', account: at % 2 === 0 ? 'acme' : 'zeta',
  cause: at % 40 === 7 ? 41 : at % 5 === 0 ? 0 : at % 2 === 0 ? 16 : 17,
}));

beforeAll(async () => {
  bed = await cdrBed();
  const events = told.map(({ callId, sec, cause, carrier, account }) => callEnded({ callId, atSec: sec, accountCode: account }, { q850Cause: cause, carrierCode: carrier }));
  await runReaction(bed.database, track(bed.deps), [...events, callStarted({ callId: 'open', atSec: 50 })]);
  await foldReports(bed.database);
});
afterAll(() => bed.close());

type Question = Omit<MessageInitShape<typeof SearchCallsRequestSchema>, '$typeName'>;

async function page(question: Question) {
  const answer = await cdrAnswers(bed.deps).searchCalls(create(SearchCallsRequestSchema, question), context);
  if (!answer.ok) throw new Error(answer.refusal.code);
  return { ids: (answer.value.calls ?? []).map(({ call }) => call?.callId ?? ''), next: answer.value.nextCursor ?? '' };
}

async function allPages(question: Question): Promise<string[]> {
  const found: string[] = [];
  for (let cursor = ''; ; ) {
    const { ids, next } = await page({ ...question, cursor, pageSize: 7 });
    found.push(...ids);
    if (next === '') return found;
    cursor = next;
  }
}

const from = BigInt(atSec(3_000));
const until = BigInt(atSec(6_000));

describe('a search by cause', () => {
  it.each<[string, Question, (call: (typeof told)[number]) => boolean]>([
    ['alone', { q850Cause: 17 }, ({ cause }) => cause === 17],
    ['that is rare', { q850Cause: 41 }, ({ cause }) => cause === 41],
    ['that nobody told', { q850Cause: 0 }, ({ cause, callId }) => cause === 0 && callId !== 'open'],
    ['that never was', { q850Cause: 88 }, () => false],
    ['of a time', { q850Cause: 17, fromUs: from, untilUs: until }, ({ cause, sec }) => cause === 17 && sec >= 3_000 && sec < 6_000],
    ['of a carrier', { q850Cause: 16, carrierCode: 'C1' }, ({ cause, carrier }) => cause === 16 && carrier === 'C1'],
    ['of an account', { q850Cause: 17, accountCode: 'zeta' }, ({ cause, account }) => cause === 17 && account === 'zeta'],
    ['of a switch and a prefix', { q850Cause: 17, switchId: 'fs1', calledPrefix: '4420' }, ({ cause }) => cause === 17],
    ['of another switch', { q850Cause: 17, switchId: 'nowhere' }, () => false],
  ])('%s finds those calls and no others, each once, the newest first', async (_, question, isMeant) => {
    const found = await allPages(question);
    expect(found.toSorted()).toEqual(told.filter(isMeant).map(({ callId }) => callId).toSorted());
    const secs = found.map((id) => told.find(({ callId }) => callId === id)?.sec ?? 0);
    expect(secs).toEqual(secs.toSorted((one, other) => other - one));
  });

  it('takes no cause that no switch has', async () => {
    await expect(page({ q850Cause: 1_000 })).rejects.toThrow('field_out_of_range');
  });
});
