import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { given, table } from '@tollwire/testing';
import fc from 'fast-check';
import { heard, unheard, type WatchedCall, type WatchedEvent } from './fraud-call.ts';
import { fraudCase, type FraudCaseCommand } from './fraud-case.ts';
import { changesOf, countOf, firstMinuteOf, type FraudCount, type FraudMeasure, type FraudRule, type FraudSubject, fraudMeasures, fraudSubjects, runningCountOf } from './fraud-rule.ts';

const noonUs = Date.parse('2026-03-01T12:00:00Z') * 1_000;
const at = (sec: number) => noonUs + sec * 1_000_000;
const rule: FraudRule = {
  id: 7, name: 'dear', by: 'payer', measure: 'calls', windowSec: 600, limit: 3n, currency: 'EUR', ranges: 'any', payers: [], exceptPayers: [], shortSec: 10, action: 'block', sinceUs: noonUs,
};
const highRisk = (called: string) => ['881', '8816'].filter((prefix) => called.startsWith(prefix)).at(-1);

const started: WatchedEvent = { type: 'started', party: 'card:1', cli: '431', called: '881612345', atUs: at(70) };
const answered: WatchedEvent = { type: 'answered', atUs: at(74) };
const ended: WatchedEvent = { type: 'ended', party: 'card:1', cli: '431', called: '881612345', startedAtUs: at(70), answeredAtUs: at(74), atUs: at(82) };
const missed: WatchedEvent = { ...ended, answeredAtUs: 0, atUs: at(73) };
const reserved: WatchedEvent = { type: 'reserved', party: 'card:1', called: '881612345', nanos: 5_000n, currency: 'EUR', atUs: at(69) };
const extended: WatchedEvent = { ...reserved, nanos: 8_000n };
const freed: WatchedEvent = { type: 'freed' };
const charged: WatchedEvent = { type: 'charged', party: 'card:1', nanos: 700n, currency: 'EUR', revision: 1 };
const corrected: WatchedEvent = { ...charged, nanos: 600n, revision: 2 };
const events = { started, answered, ended, missed, reserved, extended, freed, charged, corrected } as const;

const callOf = (names: string): WatchedCall => names.split(',').filter((name) => name !== '').map((name) => Object.entries(events).find(([key]) => key === name)?.[1]).reduce(
  (call: WatchedCall, event) => (event === undefined ? call : heard(call, event)), unheard);
const isMeasure = (text: string): text is FraudMeasure => fraudMeasures.some((each) => each === text);
const isSubject = (text: string): text is FraudSubject => fraudSubjects.some((each) => each === text);
const rangesOf = (text: string): FraudRule['ranges'] => (text === 'any' || text === 'high_risk' ? text : text.split('/'));

describe('what a call counts as', () => {
  it.each(table(`
    told                               measure       by           ranges     | subject  amount
    started                            calls         payer        any        | card:1   1
    started                            calls         cli          any        | 431      1
    started                            calls         destination  any        | 88161    1
    started                            calls         destination  high_risk  | 8816     1
    started                            calls         destination  88/881     | 881      1
    started                            calls         payer        882        | -        -
    reserved                           calls         payer        high_risk  | card:1   1
    reserved                           spend         payer        any        | card:1   5000
    reserved,extended                  spend         payer        any        | card:1   8000
    reserved,extended,charged          spend         payer        any        | card:1   700
    reserved,corrected,charged         spend         payer        any        | card:1   600
    reserved,freed                     spend         payer        any        | -        -
    started                            spend         payer        any        | -        -
    started,answered                   minutes       payer        any        | -        -
    started,answered,ended             minutes       payer        any        | card:1   8000000
    ended                              short_calls   payer        any        | card:1   1
    missed                             short_calls   payer        any        | -        -
    missed                             missed_calls  cli          any        | 431      1
    ended                              missed_calls  cli          any        | -        -
  `))('$told by $measure of $by, $ranges', ({ told = '', measure = '', by = '', ranges = '', subject, amount }) => {
    const asked = { ...rule, measure: isMeasure(measure) ? measure : 'calls', by: isSubject(by) ? by : 'payer', ranges: rangesOf(ranges) } as const;
    const count = countOf(asked, callOf(told), highRisk);
    expect([count?.subject ?? '', count === undefined ? '' : String(count.amount)]).toEqual([subject, amount]);
  });

  it('is for the payers that the rule is for, and not for those that it leaves out', () => {
    const subjectFor = (over: Partial<FraudRule>) => countOf({ ...rule, ...over }, callOf('started'), highRisk)?.subject;
    expect([{ payers: ['card:2'] }, { payers: ['card:2', 'card:1'] }, { exceptPayers: ['card:1'] }, { exceptPayers: ['card:2'] }].map(subjectFor)).toEqual([undefined, 'card:1', undefined, 'card:1']);
    expect([subjectFor({ by: 'destination', payers: ['card:1'] }), subjectFor({ by: 'destination', payers: ['card:2'] })]).toEqual(['88161', undefined]);
  });

  it('is nothing where it began before the rule was set, and in another currency', () => {
    expect(countOf({ ...rule, sinceUs: at(71) }, callOf('started'), highRisk)).toBeUndefined();
    expect(countOf({ ...rule, measure: 'spend', currency: 'USD' }, callOf('reserved'), highRisk)).toBeUndefined();
  });

  it('grows with a conversation that goes on', () => {
    const minutes = { ...rule, measure: 'minutes' } as const;
    expect(runningCountOf(minutes, callOf('started,answered'), at(134), highRisk)).toMatchObject({ subject: 'card:1', amount: 60_000_000n });
    expect(runningCountOf(minutes, callOf('started,ended'), at(134), highRisk)).toBeUndefined();
    expect(runningCountOf(rule, callOf('started,answered'), at(134), highRisk)).toBeUndefined();
  });

  it('counts within the window, and after it was cleared', () => {
    const minute = (us: number) => us / 60_000_000;
    expect(firstMinuteOf(rule, at(600), 0)).toBe(minute(at(60)));
    expect(firstMinuteOf(rule, at(600), at(125))).toBe(minute(at(180)));
  });
});

describe('sums', () => {
  it('are the same whatever the order and however often events come, and equal a recount', () => {
    const all = Object.values(events);
    const rules = fraudMeasures.map((measure, id) => ({ ...rule, id, measure }));
    const countsOf = (call: WatchedCall) => rules.flatMap((each) => countOf(each, call, highRisk) ?? []);
    fc.assert(fc.property(fc.shuffledSubarray(all, { minLength: all.length }), fc.array(fc.constantFrom(...all), { maxLength: 6 }), (order, repeats) => {
      let [call, sums] = [unheard, new Map<string, bigint>()];
      for (const event of [...order, ...repeats]) {
        const after = heard(call, event);
        for (const { ruleId, subject, atMin, amount } of changesOf(countsOf(call), countsOf(after))) {
          const key = `${ruleId} ${subject} ${atMin}`;
          sums = new Map([...sums, [key, (sums.get(key) ?? 0n) + amount]]);
        }
        call = after;
      }
      expect(call).toEqual(all.reduce(heard, unheard));
      const recount = (counts: readonly FraudCount[]) => counts.map(({ ruleId, subject, atMin, amount }) => [`${ruleId} ${subject} ${atMin}`, amount]);
      expect([...sums].filter(([, amount]) => amount !== 0n).toSorted()).toEqual(recount(countsOf(call)).toSorted());
    }));
  });
});

describe('a case', () => {
  const about = { rule: { id: 7, name: 'dear', by: 'payer', measure: 'calls', windowSec: 600, limit: 3n, currency: '', action: 'block' }, subject: 'card:1' } as const;
  const judge = (measured: bigint, sec = 1): FraudCaseCommand => ({ type: 'Judge', ...about, measured, at: instantUs(at(sec)) });
  const clear: FraudCaseCommand = { type: 'Clear', by: 'operator:ann', at: instantUs(at(5)) };
  const suspected = { type: 'FraudSuspected', ...about, measured: 4n, at: instantUs(at(1)) } as const;
  const cleared = { type: 'FraudCleared', ...about, by: 'operator:ann', at: instantUs(at(5)) } as const;

  it('is suspected beyond the limit, not at it', () => {
    given(fraudCase, []).when(judge(3n)).then([]);
    given(fraudCase, []).when(judge(4n)).then([suspected]);
  });
  it('is suspected once', () => given(fraudCase, [suspected]).when(judge(9n, 2)).then([]));
  it('is cleared by somebody, once', () => {
    given(fraudCase, [suspected]).when(clear).then([cleared]);
    given(fraudCase, [suspected, cleared]).when(clear).then([]);
  });
  it('that never was cannot be cleared', () => given(fraudCase, []).when(clear).then({ code: 'unknown_fraud_case' }));
  it('may be suspected again', () => given(fraudCase, [suspected, cleared]).when(judge(4n)).then([suspected]));
});
