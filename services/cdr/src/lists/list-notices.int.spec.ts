import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { batchContentType, decodeMessage, encodeEvent, publicEventOf, publicEvents, type ReceivedEvent, SetListNoticeRequestSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { runReaction } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import { z } from 'zod';
import type { Mail } from '../alarms/send-mail.ts';
import { sendNotices, waitUs } from '../alarms/send-notices.ts';
import { type CdrBed, cdrBed } from '../spec-bed.ts';
import { countListHits } from './count-hits.ts';
import { listAnswers } from './list-answers.ts';

let bed: CdrBed;
const context = { method: 'spec', correlationId: 'spec' };
const beginUs = instant('2026-03-01T12:00:00Z');

beforeAll(async () => void (bed = await cdrBed()));
beforeEach(() => bed.empty());
afterAll(() => bed.close());

const set = (request: MessageInitShape<typeof SetListNoticeRequestSchema>, allowsPrivateWebhooks = false) =>
  listAnswers({ ...bed.instance(), allowsPrivateWebhooks }).setListNotice(create(SetListNoticeRequestSchema, { by: 'operator:ann', ...request }), context);
const told = async () => {
  const answer = await listAnswers(bed.deps).listNotices({ $typeName: 'tollwire.common.v1.Empty' }, context);
  return answer.ok ? answer.value.notices : answer.refusal;
};

/** What routing tells once a second: an entry was met, so many minutes after the beginning. */
function screened(min: number, subject = '881', list = 'blacklist'): ReceivedEvent {
  const data = { hits: [{ list, subject, stoppedCount: 3, passedCount: 0, lastHitAtUs: BigInt(beginUs + min * 60_000_000) }] };
  const event = publicEventOf(publicEvents.NumbersScreened, { source: 'tollwire/routing', timeUs: beginUs, parts: [list, subject, `${min}`], data });
  const decoded = decodeMessage(batchContentType, () => undefined, encodeEvent(event));
  const [received] = decoded.ok ? decoded.value : [];
  if (received === undefined) throw new Error('an event that was encoded is decoded');
  return received;
}

async function sentMails(): Promise<Mail[]> {
  const mails: Mail[] = [];
  const mail = (each: Mail) => Promise.resolve(void mails.push(each));
  await sendNotices({ database: bed.database, clock: { nowUs: () => instant('2026-03-02T00:00:00Z') }, mail, allowsPrivateWebhooks: false });
  return mails;
}

describe('calls that meet a list', () => {
  it('BW-04: are told once within the time that is set, whichever entry they meet and however their events come', async () => {
    expect(await set({ list: 'blacklist', email: 'noc@carrier.example', throttleSec: 600 })).toMatchObject({ ok: true });
    for (const min of [0, 1, 9, 11]) await runReaction(bed.database, countListHits(), [screened(min, min === 1 ? 'SO' : '881')]);
    await runReaction(bed.database, countListHits(), [screened(0), screened(11)]);
    const mails = await sentMails();
    expect(mails.map(({ to, subject }) => `${to}: ${subject}`)).toEqual(['noc@carrier.example: Calls met 881 on the blacklist', 'noc@carrier.example: Calls met 881 on the blacklist']);
    expect(mails[0]?.text).toContain('stopped: 3');
    expect(await sentMails()).toEqual([]);
    expect(await told()).toMatchObject([{ list: 'blacklist', email: 'noc@carrier.example', throttleSec: 600, lastToldAtUs: BigInt(beginUs + 660_000_000), by: 'operator:ann' }]);
  });

  it('BW-04: are one notice in a batch, too, and each list has a time of its own', async () => {
    await set({ list: 'blacklist', email: 'black@carrier.example', throttleSec: 600 });
    await set({ list: 'whitelist', email: 'white@carrier.example', throttleSec: 600 });
    await runReaction(bed.database, countListHits(), [screened(0), screened(1), screened(2, '43', 'whitelist'), screened(9), screened(11)]);
    expect((await sentMails()).map(({ to }) => to).toSorted()).toEqual(['black@carrier.example', 'black@carrier.example', 'white@carrier.example']);
  });

  it('BW-04: are told to a webhook, signed by its secret, again and later until it is taken, and once beside the mail', async () => {
    const got: { signature: string; body: string }[] = [];
    const answers = [503, 302];
    const receiver = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        got.push({ signature: String(request.headers['tollwire-signature']), body: Buffer.concat(chunks).toString() });
        response.writeHead(answers.shift() ?? 200, { location: 'http://127.0.0.1:1/' }).end();
      });
    });
    await new Promise<void>((resolve) => void receiver.listen(0, '127.0.0.1', resolve));
    const { port } = z.object({ port: z.number() }).parse(receiver.address());
    const secret = 'a secret of these specs';
    expect(await set({ list: 'blacklist', email: 'noc@carrier.example', webhookUrl: `http://127.0.0.1:${port}/hook`, webhookSecret: secret, throttleSec: 600 }, true)).toMatchObject({ ok: true });
    await runReaction(bed.database, countListHits(), [screened(0), screened(5)]);
    const mails: Mail[] = [];
    let nowUs = instant('2026-03-02T00:00:00Z');
    for (const tries of [1, 2, 3, 4]) {
      await sendNotices({ database: bed.database, clock: { nowUs: () => nowUs }, mail: (each) => Promise.resolve(void mails.push(each)), allowsPrivateWebhooks: true });
      nowUs = instantUs(nowUs + waitUs(tries));
    }
    await new Promise((resolve) => receiver.close(resolve));
    expect([got.length, mails.length]).toEqual([3, 1]);
    for (const { signature, body } of got) {
      const [, sec = '', mac] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature) ?? [];
      expect(mac).toBe(createHmac('sha256', secret).update(`${sec}.${body}`).digest('hex'));
      const { id } = z.object({ id: z.string() }).parse(JSON.parse(got[0]?.body ?? ''));
      expect(JSON.parse(body)).toEqual({ id, list: 'blacklist', entry: '881', at: '2026-03-01T12:00:00.000Z', stopped: 3, passed: 0 });
    }
    expect(JSON.stringify(await told(), (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value))).not.toContain(secret);
  });

  it('are told to nobody, where nobody wants to know or nobody does any more', async () => {
    await runReaction(bed.database, countListHits(), [screened(0)]);
    await set({ list: 'blacklist', email: 'noc@carrier.example' });
    await runReaction(bed.database, countListHits(), [screened(1)]);
    expect(await set({ list: 'blacklist' })).toMatchObject({ value: { list: 'blacklist' } });
    await runReaction(bed.database, countListHits(), [screened(90)]);
    expect([await sentMails(), await told()]).toEqual([[], []]);
  });

  it('are told to an address or a webhook that can be', async () => {
    expect(await set({ list: 'greylist', email: 'a@b.example' })).toMatchObject({ refusal: { code: 'field_malformed', field: 'list' } });
    expect(await set({ list: 'blacklist', email: 'nobody' })).toMatchObject({ refusal: { field: 'email' } });
    expect(await set({ list: 'blacklist', webhookUrl: 'ftp://x.example', webhookSecret: 'x'.repeat(16) })).toMatchObject({ refusal: { field: 'webhookUrl' } });
    expect(await set({ list: 'blacklist', webhookUrl: 'https://x.example' })).toMatchObject({ refusal: { field: 'webhookSecret' } });
    expect(await set({ list: 'blacklist', webhookUrl: 'http://127.0.0.1/', webhookSecret: 'x'.repeat(16) })).toMatchObject({ refusal: { field: 'webhookUrl' } });
  });
});
