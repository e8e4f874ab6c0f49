import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ForgetReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { recordsAnswers } from '../api/records-answers.ts';
import type { CdrDeps } from '../cdr.deps.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callStarted } from '../spec-events.ts';
import { askServices } from './ask-services.ts';
import { starLog } from './erase-number.ts';
import { cdrForgets } from './forget-number.ts';

const caller = '4315550100';
const context = { method: 'Test', correlationId: 'spec' };

let bed: CdrBed;
/** What the other service was asked, and what it answers next; with nothing to answer it is away. */
const asked: string[] = [];
const answers: MessageInitShape<typeof ForgetReplySchema>[] = [];
const answer = (what: string) => {
  asked.push(what);
  const next = answers.shift();
  return Promise.resolve(next === undefined ? refuse({ code: 'service_unavailable' as const }) : ok(create(ForgetReplySchema, next)));
};
const forgetters: CdrDeps['forgetters'] = {
  card: {
    forgetNumber: ({ number = '', after = '' }) => answer(`number ${number} after ${after}`),
    forgetCalls: ({ callKeys = [] }) => answer(`calls ${callKeys.toSorted().join()}`),
  },
};

beforeAll(async () => void (bed = await cdrBed()));
afterAll(() => bed.close());
beforeEach(async () => {
  await bed.empty();
  asked.length = 0;
  answers.length = 0;
});

const record = (callId: string) => runReaction(bed.database, track(bed.instance()), [callStarted({ callId })]);
const erase = () => recordsAnswers(bed.deps).eraseNumber({ $typeName: 'tollwire.cdr.v1.EraseNumberRequest', number: caller, by: 'admin:bob', reason: 'asked' }, context);
const sweep = () => askServices({ ...bed.instance(), forgetters });
const walk = async () => {
  bed.clock.advanceSec(120);
  await starLog(bed.instance());
};
const listed = async () => {
  const list = await recordsAnswers(bed.deps).listErasures({ $typeName: 'tollwire.common.v1.Empty' }, context);
  return list.ok ? list.value.numbers?.[0] : undefined;
};

describe('an erasure of a number', () => {
  it('asks a service step by step until it has done all, once more after the log is done, and then forgets the number', async () => {
    await record('a');
    await erase();
    answers.push({ places: [{ place: 'cid', count: 1n }], next: '1' }, { places: [{ place: 'list_entry', count: 2n, kept: true }] }, { places: [{ place: 'reservation', count: 1n }] });
    await sweep();
    expect(asked).toEqual([`number ${caller} after `, `number ${caller} after 1`, 'calls fs1/a/0']);
    await sweep();
    expect(asked).toHaveLength(3);
    await walk();
    answers.push({ places: [{ place: 'cid', count: 1n }, { place: 'list_entry', count: 1n, kept: true }] }, {});
    await sweep();
    expect(asked).toHaveLength(5);
    expect((await listed())?.doneAtUs).toBe(0n);
    bed.clock.advanceSec(60);
    await sweep();
    expect(await listed()).toMatchObject({
      doneAtUs: BigInt(bed.clock.nowUs()),
      messagesUntilUs: BigInt(bed.clock.nowUs()) + 604_800_000_000n,
      services: [{ service: 'card', problem: '', places: [{ place: 'cid', count: 2n, kept: false }, { place: 'list_entry', count: 1n, kept: true }, { place: 'reservation', count: 1n }] }],
    });
    expect(await bed.database.query('SELECT number FROM number_erasure')).toEqual([{ number: null }]);
    await sweep();
    expect(asked).toHaveLength(5);
  });

  it('goes on where it was with a service that was away or has to wait, and says so', async () => {
    await erase();
    answers.push({ next: '1' });
    await sweep();
    expect((await listed())?.services).toMatchObject([{ service: 'card', doneAtUs: 0n, problem: 'service_unavailable' }]);
    answers.push({ waitsFor: 'calls that go on' });
    await sweep();
    expect((await listed())?.services).toMatchObject([{ problem: 'calls that go on' }]);
    await walk();
    bed.clock.advanceSec(3_600);
    expect((await listed())?.doneAtUs).toBe(0n);
    answers.push({});
    await sweep();
    expect(asked.slice(1)).toEqual([`number ${caller} after 1`, `number ${caller} after 1`, `number ${caller} after 1`]);
    expect((await listed())?.services).toMatchObject([{ problem: '', doneAtUs: BigInt(bed.clock.nowUs()) }]);
  });

  it('finds calls that came while it was under way, and begins with those anew', async () => {
    await erase();
    await walk();
    answers.push({});
    await sweep();
    await record('late');
    bed.clock.advanceSec(60);
    await sweep();
    expect(await bed.database.query('SELECT call_key FROM erased_call')).toEqual([{ call_key: 'fs1/late/0' }]);
    expect((await listed())?.doneAtUs).toBe(0n);
    await walk();
    answers.push({}, {});
    await sweep();
    bed.clock.advanceSec(60);
    await sweep();
    expect(asked.slice(-2)).toEqual([`number ${caller} after `, 'calls fs1/late/0']);
    expect((await listed())?.doneAtUs).toBe(BigInt(bed.clock.nowUs()));
  });

  it('counts what is about the number, which stays', async () => {
    await bed.owner.query(`INSERT INTO list_entry (list, subject, is_country, prefixes, reason, listed, revision, listed_at, listed_by)
      VALUES ('blacklist', $1, false, $1, 'fraud', true, 1, now(), 'operator:ann')`, [caller]);
    const forgotten = await Promise.all(cdrForgets.places.map(async ({ name, forget }) => ({ name, ...(await forget(bed.deps, caller, '')) })));
    expect(forgotten).toEqual([{ name: 'alarm_notice', count: 0 }, { name: 'list_entry', count: 1, kept: true }, { name: 'fraud_case', count: 0, kept: true }]);
  });
});
