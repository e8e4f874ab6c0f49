import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type AlarmTermsSchema, BacktestAlarmRequestSchema, CarrierAttemptSchema, DefineAlarmRequestSchema, EmptySchema, ListAlarmReportsRequestSchema,
  SetAlarmStatusRequestSchema } from '@tollwire/contracts';
import { type InstantUs, instantUs } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { instant, table } from '@tollwire/testing';
import { z } from 'zod';
import { alarmConditions, alarmTypes } from '../domain/alarm.ts';
import { alarmAddOns } from '../domain/alarm-period.ts';
import { atSec } from '../domain/call.fixtures.ts';
import { foldReports } from '../projections/fold-reports.ts';
import { track } from '../reactions/call-reactions.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { callEnded, callRated } from '../spec-events.ts';
import { alarmAnswers } from './alarm-answers.ts';
import { runAlarms } from './run-alarms.ts';
import { sendNotices, waitUs } from './send-notices.ts';

const secret = 'a secret of these specs';
const context = { method: 'Test', correlationId: 'spec' };
const noonUs = BigInt(instant('2026-03-01T12:00:00Z'));
const hourUs = 3_600_000_000n;

let bed: CdrBed;
let receiver: Server;
let url = '';
/** What the receiver got, and what it answers next; 200 where nothing is said. */
const got: { signature: string; body: string }[] = [];
const answers: number[] = [];
let nowUs: InstantUs = instantUs(Number(noonUs));
const at = (text: string) => {
  nowUs = instant(`2026-${text}:00Z`);
};

beforeAll(async () => {
  bed = await cdrBed();
  receiver = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      got.push({ signature: `${request.headers['tollwire-signature']?.toString()}`, body: Buffer.concat(chunks).toString() });
      response.writeHead(answers.shift() ?? 200, { location: 'http://127.0.0.1:1/' }).end('told');
    });
  });
  await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
  const { port } = receiver.address() as AddressInfo;
  url = `http://127.0.0.1:${port}/hook`;
});
afterAll(async () => {
  await new Promise((resolve) => receiver.close(resolve));
  await bed.close();
});
beforeEach(async () => {
  await bed.empty();
  got.length = 0;
  answers.length = 0;
});

const deps = () => ({ database: bed.database, clock: { nowUs: () => nowUs }, mail: undefined, allowsPrivateWebhooks: true });
const answersOf = () => alarmAnswers(deps());
type TermsInit = MessageInitShape<typeof AlarmTermsSchema>;

async function define(terms: TermsInit, webhook = url) {
  const hook = webhook === '' ? {} : { webhookUrl: webhook };
  const request = create(DefineAlarmRequestSchema, { terms: { name: 'a', alertValue: '60', callsMin: 1, ...hook, ...terms }, webhookSecret: webhook === '' ? '' : secret, by: 'ann' });
  return await answersOf().defineAlarm(request, context);
}

async function idOf(terms: TermsInit, webhook = url): Promise<number> {
  const defined = await define(terms, webhook);
  if (!defined.ok) throw new Error(JSON.stringify(defined.refusal));
  return defined.value.id ?? 0;
}

async function runsOf(id: number) {
  const listed = await answersOf().listAlarmReports(create(ListAlarmReportsRequestSchema, { id }), context);
  return listed.ok ? (listed.value.runs ?? []) : [];
}

/** Calls of `talkSec` each on the day of the specs, one after the other; 0 is a call that nobody answered. */
async function talk(talksSec: readonly number[], fromSec = 0) {
  const calls = talksSec.flatMap((sec, each) => {
    const began = fromSec + each * 100;
    const of = { callId: `${nowUs}-${each}`, atSec: began };
    if (sec > 0) return [callEnded(of, { endedAtUs: BigInt(atSec(began + 4 + sec)) }), callRated(of)];
    const attempts = [create(CarrierAttemptSchema, { carrierCode: 'T1', startedAtUs: BigInt(atSec(began)), endedAtUs: BigInt(atSec(began + 1)), q850Cause: 34 })];
    return [callEnded(of, { answeredAtUs: 0n, carrierCode: '', q850Cause: 34, attempts })];
  });
  await runReaction(bed.database, track(bed.deps), calls);
  await foldReports(bed.database);
}

describe('an alarm', () => {
  it('ALARM-01, ALARM-08: fires once for a period, keeps measure and threshold, and tells its webhook', async () => {
    await talk([45, 45]);
    const id = await idOf({ name: 'short calls', period: 'day', type: 'ALOC', alertCondition: 'less_than', alertValue: '60' });
    at('03-02T00:01');
    await runAlarms(deps());
    // The day before yesterday is the last that is settled: nobody called on it.
    expect(await runsOf(id)).toMatchObject([{ fromUs: noonUs - 36n * hourUs, status: 'no_data', measured: '', threshold: '60' }]);
    at('03-02T00:02');
    await Promise.all([runAlarms(deps()), runAlarms(deps())]);
    await runAlarms(deps());
    expect((await runsOf(id)).slice(0, -1)).toMatchObject([{ fired: true, status: 'alarm_sent', measured: '45', threshold: '60', baseline: '', notice: 'waiting' }]);
    await sendNotices(deps());
    await sendNotices(deps());
    expect(got).toHaveLength(1);
    expect(JSON.parse(got[0]?.body ?? '{}')).toMatchObject({ alarmId: id, name: 'short calls', type: 'ALOC', condition: 'less_than', threshold: '60', measured: '45',
      from: '2026-03-01T00:00:00.000Z' });
    expect((await runsOf(id))[0]).toMatchObject({ notice: 'sent' });
  });

  it('judges periods late that passed while nobody ran, the last 24 of them, but none in which it was switched off', async () => {
    const [id, offId] = [await idOf({ period: 'hour', type: 'TRAFFIC', callsMin: 0, throttleSec: 7_200 }), await idOf({ period: 'hour', type: 'TRAFFIC', callsMin: 0 })];
    await bed.owner.query(`UPDATE alarm SET updated_date = '2026-03-01T00:00:00Z'`);
    at('03-01T13:02');
    await runAlarms(deps());
    at('03-01T17:05');
    await bed.owner.query(`UPDATE alarm SET updated_date = '2026-03-01T16:30:00Z' WHERE id = ${offId}`);
    await Promise.all([runAlarms(deps()), runAlarms(deps())]);
    const hours = async (of: number) => (await runsOf(of)).map(({ untilUs = 0n, status }) => `${new Date(Number(untilUs / 1_000n)).getUTCHours()} ${status}`).toSorted();
    expect(await hours(id)).toEqual(['13 alarm_sent', '14 no_alarm_sent', '15 alarm_sent', '16 no_alarm_sent', '17 alarm_sent']);
    expect(await hours(offId)).toEqual(['13 alarm_sent', '17 alarm_sent']);
    at('03-03T12:02');
    await runAlarms(deps());
    expect([(await runsOf(id)).length, (await runsOf(id)).map(({ fromUs = 0n }) => fromUs).toSorted()[5]]).toEqual([29, noonUs + 24n * hourUs]);
  });

  it('that cannot be judged keeps no other from being judged', async () => {
    const [wrong, right] = [await idOf({ period: 'day' }), await idOf({ period: 'day' })];
    await bed.owner.query(`ALTER TABLE alarm_report ADD CONSTRAINT nothing_of_it CHECK (alarm_id <> ${wrong}) NOT VALID`);
    at('03-02T09:00');
    await expect(runAlarms(deps())).rejects.toThrow('nothing_of_it');
    await bed.owner.query('ALTER TABLE alarm_report DROP CONSTRAINT nothing_of_it');
    expect([await runsOf(wrong), await runsOf(right)]).toMatchObject([[], [{ status: 'no_data' }]]);
  });

  it('is silent without data, and where it is switched off', async () => {
    const [id, off] = [await idOf({ period: 'day' }), await idOf({ period: 'day' })];
    await answersOf().setAlarmStatus(create(SetAlarmStatusRequestSchema, { id: off, status: 'inactive' }), context);
    at('03-02T09:00');
    await runAlarms(deps());
    expect(await runsOf(id)).toMatchObject([{ fired: false, status: 'no_data', measured: '', threshold: '60', notice: 'none' }]);
    expect(await runsOf(off)).toEqual([]);
  });

  it('measures each type and condition against the time it is compared with', async () => {
    await talk([50, 8, 0, 0, 0, 0, 0, 50]);
    const rows = table<'type' | 'condition' | 'value' | 'currency' | 'measured' | 'fired' | 'subject'>(`
      type    | condition                        | value | currency | measured | fired | subject
      ALOC    | less_than                        | 40    | -        | 36       | true  | -
      ASR     | greater_than                     | 37    | -        | 37.5     | true  | -
      SHORT   | greater_than                     | 33.3  | -        | 33.333   | true  | -
      TRAFFIC | less_than                        | 8     | -        | 8        | false | -
      COST    | greater_than                     | 0.01  | EUR      | 0.015    | true  | -
      MARGIN  | less_than                        | 0.01  | EUR      | 0.022    | false | -
      CIC     | less_than                        | 5     | -        | 5        | true  | T1
      CIC     | less_than                        | 6     | -        | 5        | false | T1
      ASR     | percentage_decrease_by_more_than | 10    | -        | 37.5     | false | -
    `);
    for (const { type, condition, value, currency, measured, fired, subject } of rows) {
      const id = await idOf({ period: 'day', type, alertCondition: condition, alertValue: value, currency }, '');
      at('03-02T01:00');
      await runAlarms(deps());
      expect({ type, value, run: (await runsOf(id))[0] }).toMatchObject({ type, value, run: { measured, fired: fired === 'true', subject } });
    }
  });

  it('counts each failed attempt over a carrier in a row, up to the very attempt that connected', async () => {
    const tried = (...attempts: string[]) => attempts.map((text, nth) => {
      const [carrierCode = '', cause] = text.split(' ');
      return create(CarrierAttemptSchema, { carrierCode, startedAtUs: BigInt(atSec(nth)), endedAtUs: BigInt(atSec(nth + 1)), q850Cause: Number(cause) });
    });
    const over = (nth: number, carrierCode: string, ...attempts: string[]) => {
      const of = { callId: `c${nth}`, atSec: nth * 100 };
      const shifted = tried(...attempts).map((each) => ({ ...each, startedAtUs: each.startedAtUs + BigInt(nth * 100_000_000), endedAtUs: each.endedAtUs + BigInt(nth * 100_000_000) }));
      return callEnded(of, { attempts: shifted, carrierCode, endedAtUs: BigInt(atSec(nth * 100 + 30)), ...(carrierCode === '' ? { answeredAtUs: 0n, q850Cause: 34 } : {}) });
    };
    const calls = [
      over(0, '', 'T1 34'), over(1, 'T2', 'T1 34', 'T1 34', 'T2 16'), over(2, 'T1', 'T1 34', 'T1 16'), over(3, 'T2', 'T1 34'), over(4, '', ' 3', ' 3', ' 3', ' 3', ' 3', ' 3'),
      ...[5, 6, 7, 8, 9].map((nth) => over(nth, 'T2', 'T3 34', 'T2 16')),
    ];
    await runReaction(bed.database, track(bed.deps), calls);
    await foldReports(bed.database);
    const rows = table<'carrier' | 'value' | 'measured' | 'fired' | 'subject'>(`
      carrier | value | measured | fired | subject
      -       | 5     | 5        | true  | T3
      T3      | 5     | 5        | true  | T3
      T1      | 4     | 4        | true  | T1
      T2      | 1     | 0        | false | T2
    `);
    for (const { carrier, value, measured, fired, subject } of rows) {
      const id = await idOf({ period: 'day', type: 'CIC', alertValue: value, ...(carrier === '' ? {} : { dimension: 'carrier', value: carrier }) }, '');
      at('03-02T01:00');
      await runAlarms(deps());
      expect({ carrier, run: (await runsOf(id))[0] }).toMatchObject({ carrier, run: { measured, fired: fired === 'true', subject } });
    }
  });

  it('says in a back-test of each measure, condition and comparison what it said live, and what was told', async () => {
    for (const [hour, talks] of [[50, 8, 0], [0, 0, 5], [], [9, 70], [70]].entries()) {
      nowUs = instantUs(Number(noonUs) + hour);
      await talk(talks, hour * 3_600);
    }
    const terms = alarmTypes.flatMap((type) => alarmConditions.flatMap((alertCondition) => alarmAddOns.map((alertConditionAddOn): TermsInit => ({
      ...{ name: 'a', period: 'hour', type, alertCondition, alertConditionAddOn, alertValue: '1', callsMin: type === 'TRAFFIC' ? 0 : 1, throttleSec: 7_200 },
      ...(type === 'COST' || type === 'MARGIN' ? { currency: 'EUR', alertValue: '0.003' } : {}),
    }))));
    const ids: number[] = [];
    for (const each of terms) ids.push(await idOf(each));
    for (const hour of [13, 14, 15, 16, 17, 18]) {
      at(`03-01T${hour}:02`);
      await runAlarms(deps());
    }
    const said = new Set<string>();
    for (const [nth, id] of ids.entries()) {
      const live = (await runsOf(id)).map(({ ranAtUs: _, notice: __, ...run }) => run).toReversed();
      const request = create(BacktestAlarmRequestSchema, { terms: terms[nth] ?? {}, fromUs: noonUs, untilUs: noonUs + 6n * hourUs });
      const tested = await answersOf().backtestAlarm(request, context);
      const runs = tested.ok ? (tested.value.runs ?? []).map(({ notice: _, ...run }) => run) : tested.refusal;
      expect({ terms: terms[nth], runs }).toEqual({ terms: terms[nth], runs: live });
      for (const { fired, status } of live) said.add(`${fired} ${status}`);
    }
    expect([...said].toSorted()).toEqual(['false no_alarm_sent', 'false no_data', 'true alarm_sent', 'true no_alarm_sent']);
  }, 30_000);

  it('compares with yesterday, and the back-test says of the past what the runs said', async () => {
    await talk([60]);
    const terms = { period: 'hour', type: 'TRAFFIC', alertCondition: 'increase_by_more_than', alertValue: '0.5', callsMin: 0 };
    const id = await idOf(terms, '');
    at('03-01T13:05');
    await runAlarms(deps());
    const backtest = async (over: TermsInit, untilUs: bigint) =>
      await answersOf().backtestAlarm(create(BacktestAlarmRequestSchema, { terms: { name: 'a', ...terms, ...over }, fromUs: noonUs - hourUs, untilUs }), context);
    const tested = await backtest({}, noonUs + 2n * hourUs);
    expect(tested).toMatchObject({ ok: true, value: { firedCount: 1, runs: [{ fired: false, measured: '0' }, { fired: true, measured: '1', baseline: '0' }, { fired: false, measured: '0' }] } });
    const [{ ranAtUs: _, ...run } = { ranAtUs: 0n }] = await runsOf(id);
    expect(tested).toMatchObject({ value: { runs: [{}, { fired: run.fired, measured: run.measured, baseline: run.baseline, fromUs: run.fromUs }, {}] } });
    expect(await backtest({}, noonUs + 1_200n * hourUs)).toMatchObject({ ok: false, refusal: { code: 'field_out_of_range', field: 'untilUs' } });
    expect(await backtest({ alertCondition: 'percentage_increase_by_more_than', callsMin: 1 }, noonUs + hourUs)).toMatchObject({ value: { runs: [{ status: 'no_data' }, { status: 'no_data' }] } });
  });
});

describe('a notice', () => {
  async function fire() {
    await talk([10]);
    const id = await idOf({ period: 'day', throttleSec: 90_000 });
    at('03-02T01:00');
    await runAlarms(deps());
    return id;
  }
  const states = () => bed.database.query<{ state: string; tries: number; problem: string }>('SELECT state, tries, problem FROM alarm_notice');

  it('is signed, so that its receiver knows who sent it', async () => {
    await fire();
    await sendNotices(deps());
    const [{ signature, body } = { signature: '', body: '' }] = got;
    const [, sec, mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
    expect(sec).toBe(`${Math.floor(nowUs / 1_000_000)}`);
    expect(mac).toBe(createHmac('sha256', secret).update(`${sec}.${body}`).digest('hex'));
  });

  it('is tried again, later each time, until it is taken; a redirection is not followed', async () => {
    await fire();
    answers.push(500, 302);
    await sendNotices(deps());
    expect(await states()).toEqual([{ state: 'waiting', tries: 1, problem: 'answered 500' }]);
    await sendNotices(deps());
    expect(got).toHaveLength(1);
    nowUs = instantUs(nowUs + waitUs(1));
    await sendNotices(deps());
    expect(await states()).toMatchObject([{ state: 'waiting', tries: 2 }]);
    nowUs = instantUs(nowUs + waitUs(2));
    await sendNotices(deps());
    expect(await states()).toEqual([{ state: 'sent', tries: 3, problem: '' }]);
    expect([1, 2, 3, 12].map(waitUs)).toEqual([10_000_000, 20_000_000, 40_000_000, 3_600_000_000]);
  });

  it('is given up after twelve tries', async () => {
    await fire();
    for (let tries = 1; tries <= 13; tries += 1) {
      answers.push(503);
      await sendNotices(deps());
      nowUs = instantUs(nowUs + waitUs(tries));
    }
    expect(await states()).toEqual([{ state: 'gave_up', tries: 12, problem: 'answered 503' }]);
    expect(got).toHaveLength(12);
  });

  it('is not sent twice within the time that the alarm asks for', async () => {
    const id = await fire();
    await bed.database.query(`UPDATE alarm SET type = 'TRAFFIC', calls_min = 0, alert_value = 5`);
    at('03-03T01:00');
    await runAlarms(deps());
    expect((await runsOf(id)).map(({ fired, status }) => `${fired} ${status}`)).toEqual(['true no_alarm_sent', 'true alarm_sent']);
  });
});

describe('what an alarm may be', () => {
  it('is refused with the field at fault', async () => {
    const rows = table<'field' | 'terms'>(`
      field              | terms
      name               | {"name":""}
      alertValue         | {"alertValue":"1.2345"}
      alertValue         | {"alertValue":"-1"}
      type               | {"type":"LOUD"}
      period             | {"period":"year"}
      period             | {"type":"CIC","period":"week"}
      alertCondition     | {"alertCondition":"odd"}
      alertConditionAddOn | {"alertConditionAddOn":"never"}
      dimension          | {"dimension":"colour"}
      value              | {"dimension":"carrier"}
      value              | {"value":"C1"}
      currency           | {"type":"COST"}
      currency           | {"type":"ASR","currency":"EUR"}
      emailToSendAlarm   | {"emailToSendAlarm":"nobody"}
      webhookUrl         | {"webhookUrl":"ftp://a.example/"}
      webhookSecret      | {"webhookUrl":""}
    `);
    for (const { field, terms } of rows) expect({ terms, answer: await define(z.looseObject({}).parse(JSON.parse(terms))) }).toMatchObject({ terms, answer: { ok: false, refusal: { field } } });
    expect(await answersOf().setAlarmStatus(create(SetAlarmStatusRequestSchema, { id: 999, status: 'active' }), context)).toMatchObject({ refusal: { code: 'unknown_alarm' } });
    expect(await answersOf().listAlarmReports(create(ListAlarmReportsRequestSchema, { id: 999 }), context)).toMatchObject({ refusal: { code: 'unknown_alarm' } });
  });

  it('is listed without its secret', async () => {
    const id = await idOf({ dimension: 'carrier', value: 'C1', type: 'MARGIN', currency: 'EUR', alertValue: '-0.5' });
    const listed = await answersOf().listAlarms(create(EmptySchema), context);
    expect(listed).toMatchObject({ value: { alarms: [{ id, status: 'active', createdBy: 'ann', terms: { alertValue: '-0.5', dimension: 'carrier', value: 'C1', webhookUrl: url } }] } });
    expect(JSON.stringify(listed, (_, value: unknown) => (typeof value === 'bigint' ? `${value}` : value))).not.toContain(secret);
  });
});
