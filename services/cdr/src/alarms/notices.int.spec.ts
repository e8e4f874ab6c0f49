import { create } from '@bufbuild/protobuf';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { DefineAlarmRequestSchema, DeleteAlarmRequestSchema, ListAlarmReportsRequestSchema } from '@tollwire/contracts';
import { type InstantUs, instantUs } from '@tollwire/core';
import { instant } from '@tollwire/testing';
import { SMTPServer } from 'smtp-server';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { alarmAnswers } from './alarm-answers.ts';
import { runAlarms } from './run-alarms.ts';
import { mailThrough } from './send-mail.ts';
import { sendNotices, waitUs } from './send-notices.ts';

const context = { method: 'Test', correlationId: 'spec' };
let bed: CdrBed;
let hook: Server;
let hooked = 0;
let smtp: SMTPServer;
/** What the server of mail took, and how many it refuses before. */
const mails: { from: string; to: string; text: string }[] = [];
let refusing = 0;
let nowUs: InstantUs = instant('2026-03-02T01:00:00Z');

const portOf = (server: { address(): unknown }) => (server.address() as AddressInfo).port;

beforeAll(async () => {
  bed = await cdrBed();
  hook = createServer((request, response) => {
    hooked += 1;
    request.resume();
    response.end();
  });
  smtp = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        refusing -= 1;
        if (refusing >= 0) {
          done(new Error('try again later'));
          return;
        }
        const { mailFrom, rcptTo } = session.envelope;
        mails.push({ from: mailFrom === false ? '' : mailFrom.address, to: rcptTo.map(({ address }) => address).join(), text: Buffer.concat(chunks).toString().replaceAll('=\r\n', '') });
        done();
      });
    },
  });
  await new Promise<void>((resolve) => void hook.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => void smtp.listen(0, '127.0.0.1', resolve));
});
afterAll(async () => {
  await new Promise((resolve) => hook.close(resolve));
  await new Promise<void>((resolve) => {
    smtp.close(resolve);
  });
  await bed.close();
});
beforeEach(async () => {
  await bed.empty();
  [mails.length, hooked, refusing, nowUs] = [0, 0, 0, instant('2026-03-02T01:00:00Z')];
});

const deps = (over: { allowsPrivateWebhooks?: boolean; mail?: undefined } = {}) => ({
  database: bed.database, clock: { nowUs: () => nowUs }, mail: mailThrough({ url: `smtp://127.0.0.1:${portOf(smtp.server)}`, from: 'Tollwire <noc@tollwire.example>' }),
  allowsPrivateWebhooks: true, ...over,
});

/** An alarm that fires upon silence, told where it says. */
async function define(told: { webhookUrl?: string; emailToSendAlarm?: string }, throttleSec = 0, over: { allowsPrivateWebhooks?: boolean } = {}) {
  const terms = { name: 'no traffic', period: 'hour', type: 'TRAFFIC', alertValue: '5', callsMin: 0, throttleSec, ...told };
  const request = create(DefineAlarmRequestSchema, { terms, webhookSecret: told.webhookUrl === undefined ? '' : 'a secret of these specs', by: 'ann' });
  return await alarmAnswers(deps(over)).defineAlarm(request, context);
}

const states = () => bed.database.query<{ way: string; state: string; tries: number; problem: string }>('SELECT way, state, tries, problem FROM alarm_notice ORDER BY way, noticed_at_us');
const email = 'noc@carrier.example';

describe('a notice by e-mail', () => {
  it('says what fired, to whom the alarm names, beside the webhook', async () => {
    await define({ emailToSendAlarm: email, webhookUrl: `http://127.0.0.1:${portOf(hook)}/` });
    await runAlarms(deps());
    await sendNotices(deps());
    await sendNotices(deps());
    expect(await states()).toEqual([{ way: 'email', state: 'sent', tries: 1, problem: '' }, { way: 'webhook', state: 'sent', tries: 1, problem: '' }]);
    expect([hooked, mails.length]).toEqual([1, 1]);
    const [{ from, to, text } = { from: '', to: '', text: '' }] = mails;
    expect({ from, to }).toEqual({ from: 'noc@tollwire.example', to: email });
    expect(text).toMatch(/Subject: Alarm no traffic: TRAFFIC 0 \(less than 5\)/);
    expect(text).toMatch(/Message-ID: <[0-9a-f-]{36}@tollwire.example>/);
    expect(text).toContain('from 2026-03-01T23:00:00.000Z until 2026-03-02T00:00:00.000Z');
  });

  it('is tried again until the server takes it, under the same id', async () => {
    await define({ emailToSendAlarm: email });
    await runAlarms(deps());
    refusing = 1;
    await sendNotices(deps());
    expect(await states()).toMatchObject([{ state: 'waiting', tries: 1, problem: expect.stringContaining('try again later') }]);
    nowUs = instantUs(nowUs + waitUs(1));
    await sendNotices(deps());
    expect(await states()).toEqual([{ way: 'email', state: 'sent', tries: 2, problem: '' }]);
    const [{ id } = { id: '' }] = await bed.database.query<{ id: string }>('SELECT id::text FROM alarm_notice');
    expect(mails[0]?.text).toContain(id);
  });

  it('is not sent twice within the time that the alarm asks for', async () => {
    await define({ emailToSendAlarm: email }, 7200);
    for (let hour = 0; hour < 3; hour += 1) {
      await runAlarms(deps());
      await sendNotices(deps());
      nowUs = instantUs(nowUs + 3_600_000_000);
    }
    expect(mails).toHaveLength(2);
  });

  it('waits, where there is no server of mail, and says so', async () => {
    await define({ emailToSendAlarm: email });
    await runAlarms(deps());
    await sendNotices(deps({ mail: undefined }));
    expect(await states()).toMatchObject([{ state: 'waiting', problem: expect.stringContaining('SMTP_URL') }]);
  });
});

describe('a webhook within a network', () => {
  it('is refused where its address is named, and not connected to where a name leads there', async () => {
    const refused = { allowsPrivateWebhooks: false };
    const port = portOf(hook);
    for (const host of ['127.0.0.1', '10.0.0.1', '[::1]', '169.254.169.254', '2130706433']) {
      expect({ host, answer: await define({ webhookUrl: `http://${host}:${port}/` }, 0, refused) }).toMatchObject({ answer: { ok: false, refusal: { code: 'field_malformed', field: 'webhookUrl' } } });
    }
    expect(await define({ webhookUrl: `http://localhost:${port}/` }, 0, refused)).toMatchObject({ ok: true });
    // One that was defined while it was allowed.
    await define({ webhookUrl: `http://127.0.0.1:${port}/` });
    await runAlarms(deps());
    await sendNotices(deps(refused));
    expect(await states()).toMatchObject([{ state: 'waiting', problem: expect.stringContaining('within a network') }, { state: 'waiting', problem: expect.stringContaining('within a network') }]);
    expect(hooked).toBe(0);
  });
});

describe('an alarm that is deleted', () => {
  it('goes with its reports and what it would still have told', async () => {
    const defined = await define({ emailToSendAlarm: email });
    const id = defined.ok ? (defined.value.id ?? 0) : 0;
    await runAlarms(deps());
    const remove = () => alarmAnswers(deps()).deleteAlarm(create(DeleteAlarmRequestSchema, { id }), context);
    expect(await remove()).toMatchObject({ ok: true });
    await sendNotices(deps());
    expect([await states(), mails]).toEqual([[], []]);
    expect(await alarmAnswers(deps()).listAlarmReports(create(ListAlarmReportsRequestSchema, { id }), context)).toMatchObject({ refusal: { code: 'unknown_alarm' } });
    expect(await remove()).toMatchObject({ refusal: { code: 'unknown_alarm', field: 'id' } });
  });
});
