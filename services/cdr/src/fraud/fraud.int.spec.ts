import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  batchContentType, CardRecordSchema, CardsChangedSchema, ClearFraudCaseRequestSchema, dataOf, decodeMessage, DialingRulesSchema, EmptySchema, encodeEvent, FraudSuspectedSchema,
  type FraudTermsSchema, HighRiskRangeSchema, ListFraudCasesRequestSchema, ListHighRiskRangesRequestSchema, type PublicEvent, publicEventOf, publicEvents, type ReceivedEvent,
  RetireFraudRuleRequestSchema, SetFraudRuleRequestSchema, SetHighRiskRangesRequestSchema, ShowDialingReplySchema,
} from '@tollwire/contracts';
import { ok, present } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { blockFraud } from './block-fraud.ts';
import { forgetWatchedNumber } from '../numbers/watched-number.ts';
import { fraudAnswers } from './fraud-answers.ts';
import { talkingCalls } from './fraud-table.ts';
import { forgetFraud, judgeFraud } from './judge-fraud.ts';
import { watchFraud } from './watch-fraud.ts';

let bed: CdrBed;
let deps: CdrDeps;
/** What card was asked to do. */
let asked: string[];
let cardStatus: string;

const context = { method: 'spec', correlationId: 'spec' };

beforeAll(async () => {
  bed = await cdrBed();
});
beforeEach(async () => {
  await bed.empty();
  bed.clock.set('2026-03-02T00:00:00Z');
  [asked, cardStatus] = [[], 'active'];
  deps = instance();
});
afterAll(() => bed.close());

function instance(): CdrDeps {
  const made = bed.instance();
  const done = (what: string) => {
    asked.push(what);
    return ok(create(CardsChangedSchema, { changedCount: 1 }));
  };
  const ruled = (what: string) => {
    asked.push(what);
    return ok(create(DialingRulesSchema, {}));
  };
  const blocks: CdrDeps['fraud']['blocks'] = {
    cards: {
      getCard: async () => ok(create(CardRecordSchema, { status: cardStatus })),
      suspendCards: async ({ cards, reason }) => {
        cardStatus = 'card_suspended_other';
        return done(`suspend ${cards?.cardIds?.join()} ${reason} by ${cards?.by}`);
      },
      resumeCards: async ({ cardIds }) => {
        cardStatus = 'active';
        return done(`resume ${cardIds?.join()}`);
      },
    },
    accounts: {
      showDialing: async () => ok(create(ShowDialingReplySchema, {})),
      suspendAccount: async ({ accountCode }) => ruled(`suspend ${accountCode}`),
      resumeAccount: async ({ accountCode }) => ruled(`resume ${accountCode}`),
    },
  };
  return { ...made, fraud: { ...made.fraud, blocks } };
}

const setRule = async (terms: MessageInitShape<typeof FraudTermsSchema>) => {
  const set = await fraudAnswers(deps).setFraudRule(create(SetFraudRuleRequestSchema, { terms: { name: 'r', windowSec: 600, ...terms }, by: 'ann' }), context);
  return set.ok ? (set.value.id ?? 0) : `${set.refusal.code} ${set.refusal.field}`;
};
const cases = async (status = '') => {
  const listed = await fraudAnswers(deps).listFraudCases(create(ListFraudCasesRequestSchema, { status }), context);
  return listed.ok ? (listed.value.cases ?? []).map((each) => `${each.subject} ${each.measured}/${each.limit} ${each.status} ${each.block}`) : [];
};
const clear = (ruleId: number, subject: string) => fraudAnswers(deps).clearFraudCase(create(ClearFraudCaseRequestSchema, { ruleId, subject, by: 'bob' }), context);

function received(event: PublicEvent): ReceivedEvent {
  const decoded = decodeMessage(batchContentType, () => undefined, encodeEvent(event));
  return present(decoded.ok ? decoded.value[0] : undefined, 'an event that was encoded');
}
const nowUs = () => BigInt(bed.clock.nowUs());
const ref = (callId: string) => ({ switchId: 'sw1', callId, leg: 0 });
const payer = (cardId: string) => ({ party: { case: 'cardId' as const, value: cardId } });
let told = 0;
const envelope = () => ({ source: 'spec', timeUs: Number(nowUs()), parts: [`${(told += 1)}`] });
const started = (callId: string, cardId = '1', calledNumber = '+881612345') =>
  received(publicEventOf(publicEvents.CallStarted, { ...envelope(), data: { call: ref(callId), charged: payer(cardId), cli: '431', calledNumber, startedAtUs: nowUs() } }));
const answered = (callId: string) => received(publicEventOf(publicEvents.CallAnswered, { ...envelope(), data: { call: ref(callId), answeredAtUs: nowUs() } }));
const reserved = (callId: string, nanos: bigint, cardId = '1') => received(publicEventOf(publicEvents.CreditReserved, {
  ...envelope(), data: { call: ref(callId), charged: payer(cardId), amount: { nanos, currency: 'EUR' }, reservedAtUs: nowUs(), calledE164: '881612345' },
}));
const hear = (of: CdrDeps, ...events: ReceivedEvent[]) => runReaction(bed.database, watchFraud(of), events);

describe('the watch', () => {
  it('finds spend beyond the limit while the calls go on, tells of it once, suspends the card, and resumes it when somebody clears it', async () => {
    const id = await setRule({ name: 'dear hour', measure: 'spend', limit: '10', currency: 'EUR', action: 'block' });
    await hear(deps, reserved('a', 6_000_000_000n), reserved('b', 4_000_000_000n));
    await judgeFraud(deps);
    expect(await cases()).toEqual([]);
    await hear(deps, reserved('c', 500_000_000n), reserved('c', 500_000_000n));
    await judgeFraud(deps);
    await judgeFraud(deps);
    expect(await cases()).toEqual(['card:1 10.50/10.00 suspected waiting']);
    await blockFraud(deps);
    await blockFraud(deps);
    expect([asked, await cases('suspected')]).toEqual([['suspend 1 other by fraud: dear hour'], ['card:1 10.50/10.00 suspected blocked']]);
    expect(await clear(Number(id), 'card:1')).toMatchObject({ ok: true, value: { status: 'cleared', clearedBy: 'bob' } });
    await blockFraud(deps);
    await judgeFraud(deps);
    expect([asked.at(-1), await cases()]).toEqual(['resume 1', ['card:1 10.50/10.00 cleared free']]);
    bed.clock.advanceSec(120);
    await hear(deps, reserved('d', 11_000_000_000n));
    await judgeFraud(deps);
    expect(await cases()).toEqual(['card:1 11.00/10.00 suspected waiting']);
    const rows = await bed.database.query<{ payload: Buffer }>(`SELECT payload FROM outbox WHERE subject LIKE '%fraud.suspected%' ORDER BY position`);
    const events = rows.flatMap(({ payload }) => {
      const decoded = decodeMessage(batchContentType, () => undefined, payload);
      return decoded.ok ? decoded.value.map((event) => dataOf(FraudSuspectedSchema, event)) : [];
    });
    expect(events.map(({ subject, measured, action, revision }) => `${subject} ${measured} ${action} ${revision}`)).toEqual(['card:1 10.50 block 1', 'card:1 11.00 block 3']);
  });

  it('counts calls over its window, by whoever of two instances hears them, once', async () => {
    await setRule({ measure: 'calls', limit: '3', windowSec: 120 });
    const other = instance();
    const [a, b] = [started('a'), started('b')];
    await hear(deps, a, b);
    await hear(other, a, b, started('c'));
    bed.clock.advanceSec(180);
    await hear(deps, started('d'));
    for (const each of [deps, other]) await judgeFraud(each);
    expect(await cases()).toEqual([]);
    await Promise.all([hear(deps, started('e'), started('f')), hear(other, started('g'), started('e'))]);
    for (const each of [deps, other]) await judgeFraud(each);
    expect(await cases()).toEqual(['card:1 4/3 suspected none']);
  });

  it('counts the minutes of conversations that go on, and blocks a destination by the blacklist', async () => {
    const id = await setRule({ by: 'destination', measure: 'minutes', limit: '5', highRisk: true, action: 'block', windowSec: 3600 });
    const ranges = { ranges: [create(HighRiskRangeSchema, { prefix: '8816', note: 'satellite' })], by: 'ann' };
    expect(await fraudAnswers(deps).setHighRiskRanges(create(SetHighRiskRangesRequestSchema, ranges), context)).toMatchObject({ ok: true, value: { changedCount: 1 } });
    await hear(deps, started('a', '1'), started('b', '2'), started('c', '3', '+4312345'), answered('a'), answered('b'), answered('c'));
    bed.clock.advanceSec(120);
    await judgeFraud(deps);
    expect(await cases()).toEqual([]);
    bed.clock.advanceSec(60);
    await judgeFraud(deps);
    await blockFraud(deps);
    expect(await cases()).toEqual(['8816 6/5 suspected blocked']);
    const listed = async () => await bed.database.query(`SELECT phonenumber_prefix AS prefix FROM blacklist`);
    expect(await listed()).toEqual([{ prefix: '8816' }]);
    await clear(Number(id), '8816');
    await blockFraud(deps);
    expect(await listed()).toEqual([]);
  });

  it('looks at every conversation that goes on, page by page', async () => {
    await setRule({ measure: 'minutes', limit: '5', windowSec: 3600 });
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    await hear(deps, ...ids.flatMap((id) => [started(id, id), answered(id)]));
    for (const pageSize of [1, 2, 5, 6, 7]) {
      const pages: string[][] = [];
      for await (const calls of talkingCalls(bed.database, pageSize)) pages.push(calls.map(({ party }) => party));
      expect({ pageSize, parties: pages.flat() }).toEqual({ pageSize, parties: ids.map((id) => `card:${id}`) });
      expect(Math.max(...pages.map(({ length }) => length))).toBeLessThanOrEqual(pageSize);
    }
  });

  it('counts no minutes of a conversation whose end never came, once a rule has closed its call', async () => {
    await setRule({ measure: 'minutes', limit: '5', windowSec: 3600, action: 'block' });
    await hear(deps, started('a'), answered('a'));
    bed.clock.advanceSec(240);
    const data = { call: ref('a'), charged: payer('1'), reason: 'switch_restarted', abandonedAtUs: nowUs() };
    await hear(deps, received(publicEventOf(publicEvents.CallAbandoned, { ...envelope(), data })), answered('a'));
    bed.clock.advanceSec(240);
    await judgeFraud(deps);
    expect(await cases()).toEqual([]);
    const end = { call: ref('a'), charged: payer('1'), calledNumber: '+881612345', startedAtUs: nowUs() - 480_000_000n, answeredAtUs: nowUs() - 480_000_000n, endedAtUs: nowUs() };
    await hear(deps, received(publicEventOf(publicEvents.CallEnded, { ...envelope(), data: end })));
    await judgeFraud(deps);
    expect(await cases()).toEqual(['card:1 8/5 suspected waiting']);
  });

  it.each(['payer', 'destination'])('frees a %s that two rules suspect when both are cleared, whichever blocked', async (by) => {
    const ids = [Number(await setRule({ name: 'r1', by, measure: 'calls', limit: '0', action: 'block' })), Number(await setRule({ name: 'r2', by, measure: 'calls', limit: '0', action: 'block' }))];
    const subject = by === 'payer' ? 'card:1' : '88161';
    await hear(deps, started('a'));
    await judgeFraud(deps);
    await blockFraud(deps);
    const isBlocked = async () => (by === 'payer' ? cardStatus !== 'active' : (await bed.database.query('SELECT 1 FROM blacklist')).length > 0);
    expect([await isBlocked(), (await cases('suspected')).toSorted()]).toEqual([true, [`${subject} 1/0 suspected blocked`, `${subject} 1/0 suspected was_blocked`]]);
    await clear(ids[0] ?? 0, subject);
    await blockFraud(deps);
    expect([await isBlocked(), await cases('suspected')]).toEqual([true, [`${subject} 1/0 suspected blocked`]]);
    await clear(ids[1] ?? 0, subject);
    await blockFraud(deps);
    expect([await isBlocked(), await cases('suspected')]).toEqual([false, []]);
  });

  it('leaves who was blocked before, and tries again what failed', async () => {
    const id = await setRule({ measure: 'calls', limit: '0', action: 'block' });
    cardStatus = 'card_suspended_unpaid';
    await hear(deps, started('a'));
    await judgeFraud(deps);
    await blockFraud(deps);
    await clear(Number(id), 'card:1');
    await blockFraud(deps);
    expect([asked, await cases()]).toEqual([[], ['card:1 1/0 cleared free']]);
    await hear(deps, started('b', '2'));
    await judgeFraud(deps);
    await blockFraud({ ...deps, fraud: { ...deps.fraud, blocks: bed.deps.fraud.blocks } });
    expect(await cases('suspected')).toEqual(['card:2 1/0 suspected failed']);
    cardStatus = 'active';
    await bed.owner.query(`UPDATE fraud_block SET done_at = done_at - interval '1 minute'`);
    await blockFraud(deps);
    expect([asked, await cases('suspected')]).toEqual([['suspend 2 other by fraud: r'], ['card:2 1/0 suspected blocked']]);
  });

  it('looks at everything once after a start, and forgets what is older than a day', async () => {
    await setRule({ measure: 'calls', limit: '0' });
    await judgeFraud(deps);
    await hear(instance(), started('a'));
    await judgeFraud(deps);
    expect(await cases()).toEqual([]);
    await judgeFraud(instance());
    expect(await cases()).toEqual(['card:1 1/0 suspected none']);
    bed.clock.advanceSec(26 * 3_600);
    await forgetFraud(deps);
    expect(await bed.database.query('SELECT 1 FROM fraud_call UNION ALL SELECT 1 FROM fraud_sum')).toEqual([]);
  });

  it('counts payers on when a caller is erased, and says no more who that was', async () => {
    await setRule({ measure: 'calls', limit: '9', by: 'payer' });
    await setRule({ measure: 'calls', limit: '9', by: 'cli' });
    await hear(deps, started('a'), started('b', '2', '+4314'), reserved('a', 5n));
    await forgetWatchedNumber(bed.database, '431');
    await hear(deps, answered('a'), started('a'), started('c'));
    const sums = await bed.database.query<{ subject: string; amount: bigint }>('SELECT subject, sum(amount)::bigint AS amount FROM fraud_sum GROUP BY 1 HAVING sum(amount) <> 0 ORDER BY 1');
    // A call that begins afterwards is another matter.
    expect(sums.map(({ subject, amount }) => `${subject} ${amount}`)).toEqual(['*** 2', '431 1', 'card:1 2', 'card:2 1']);
    const kept = await bed.database.query(`SELECT call_key, cli, called FROM fraud_call WHERE call_key <> 'sw1/c/0' ORDER BY 1`);
    expect(kept).toMatchObject([{ cli: '***', called: '881612345' }, { cli: '***', called: '4314' }]);
  });

  it('stands by while there are no rules, and listens from when it knows of one', async () => {
    const other = instance();
    const standBy = () => [deps, other].map((each) => watchFraud(each).standsBy?.());
    expect(standBy()).toEqual([false, false]);
    for (const each of [deps, other]) await judgeFraud(each);
    expect(standBy()).toEqual([true, true]);
    await setRule({ measure: 'calls', limit: '0' });
    expect(standBy()).toEqual([false, true]);
    await judgeFraud(other);
    expect(standBy()).toEqual([false, false]);
  });

  it('holds an account to a limit of its own, and everybody else to the common one', async () => {
    await setRule({ name: 'all', measure: 'calls', limit: '0', exceptPayers: ['card:2'] });
    await setRule({ name: 'two', measure: 'calls', limit: '1', payers: ['card:2'] });
    await setRule({ name: 'two to 881', measure: 'calls', limit: '1', by: 'destination', prefixes: ['881'], payers: ['card:2'] });
    await hear(deps, started('a'), started('b', '2'), started('c', '2', '+431234567'));
    await judgeFraud(deps);
    expect((await cases()).toSorted()).toEqual(['card:1 1/0 suspected none', 'card:2 2/1 suspected none']);
    await hear(instance(), started('d', '2'));
    await judgeFraud(instance());
    expect((await cases()).toSorted()).toEqual(['881 2/1 suspected none', 'card:1 1/0 suspected none', 'card:2 2/1 suspected none']);
  });

  it('does nothing without rules, and nothing for a rule that was retired', async () => {
    await hear(deps, started('a'));
    expect(await bed.database.query('SELECT 1 FROM fraud_call')).toEqual([]);
    const id = Number(await setRule({ measure: 'calls', limit: '0' }));
    expect(await fraudAnswers(deps).retireFraudRule(create(RetireFraudRuleRequestSchema, { id, by: 'ann' }), context)).toMatchObject({ ok: true, value: { retiredBy: 'ann' } });
    await hear(deps, started('b'));
    await judgeFraud(deps);
    expect(await cases()).toEqual([]);
    expect(await fraudAnswers(deps).retireFraudRule(create(RetireFraudRuleRequestSchema, { id: 999 }), context)).toMatchObject({ ok: false, refusal: { code: 'unknown_fraud_rule' } });
  });
});

describe('rules and ranges', () => {
  it.each<[what: string, terms: MessageInitShape<typeof FraudTermsSchema>, refusal: string]>([
    ['no name', { name: '', measure: 'calls', limit: '1' }, 'field_malformed name'],
    ['a measure that there is none of', { measure: 'noise', limit: '1' }, 'field_malformed measure'],
    ['half a call', { measure: 'calls', limit: '0.5' }, 'field_malformed limit'],
    ['money of no currency', { measure: 'spend', limit: '1' }, 'currency_malformed currency'],
    ['a currency of calls', { measure: 'calls', limit: '1', currency: 'EUR' }, 'field_malformed currency'],
    ['too long a window', { measure: 'calls', limit: '1', windowSec: 86_401 }, 'field_out_of_range windowSec'],
    ['a block of callers', { measure: 'missed_calls', limit: '1', by: 'cli', action: 'block' }, 'field_malformed action'],
    ['a destination that is blocked for some', { measure: 'calls', limit: '1', by: 'destination', payers: ['card:1'], action: 'block' }, 'field_malformed action'],
    ['two kinds of ranges', { measure: 'calls', limit: '1', prefixes: ['881'], highRisk: true }, 'field_malformed prefixes'],
    ['a payer that is none', { measure: 'calls', limit: '1', payers: ['account:acme', 'acme'] }, 'field_malformed payers[1]'],
    ['nobody left out', { measure: 'calls', limit: '1', exceptPayers: ['card:'] }, 'field_malformed exceptPayers[0]'],
    ['a prefix that is none', { measure: 'calls', limit: '1', prefixes: ['+881'] }, 'field_malformed prefixes[0]'],
  ])('refuse %s', async (_what, terms, refusal) => {
    expect(await setRule(terms)).toBe(refusal);
  });

  it('are listed as they were set', async () => {
    await setRule({ measure: 'minutes', limit: '1.5', prefixes: ['881', '882'], by: 'destination', payers: ['account:acme'], exceptPayers: ['card:1'] });
    expect(await fraudAnswers(deps).listFraudRules(create(EmptySchema), context)).toMatchObject({
      ok: true,
      value: { rules: [{ terms: { measure: 'minutes', limit: '1.5', prefixes: ['881', '882'], payers: ['account:acme'], exceptPayers: ['card:1'], shortSec: 10, action: 'tell' },
        setBy: 'ann' }] },
    });
    const set = (remove: boolean, ...prefixes: string[]) => fraudAnswers(deps).setHighRiskRanges(
      create(SetHighRiskRangesRequestSchema, { ranges: prefixes.map((prefix) => ({ prefix })), remove, by: 'ann' }), context);
    expect([await set(false, '881', '882', '881'), await set(true, '882'), await set(false, '0')]).toMatchObject([
      { ok: true, value: { changedCount: 2 } }, { ok: true, value: { changedCount: 1 } }, { ok: false, refusal: { field: 'ranges[0]' } },
    ]);
    const listed = await fraudAnswers(deps).listHighRiskRanges(create(ListHighRiskRangesRequestSchema, {}), context);
    expect(listed.ok && listed.value.ranges?.map(({ prefix }) => prefix)).toEqual(['881']);
  });
});
