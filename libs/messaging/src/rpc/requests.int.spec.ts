import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testBus } from '@tollwire/testing';
import { type Bus, connectBus } from '../bus.ts';
import { requestsOf } from './requests.ts';

const { url, root } = testBus('requests');
const bytes = (text: string) => new TextEncoder().encode(text);
const wordOf = (reply: Awaited<ReturnType<ReturnType<typeof requestsOf>['ask']>>) => (reply.ok ? reply.value.string() : reply.refusal.detail);

describe('requests of one connection', () => {
  let server: Bus;
  let asker: Bus;
  beforeAll(async () => {
    [server, asker] = await Promise.all([connectBus({ url, name: 'server' }), connectBus({ url, name: 'asker' })]);
    server.connection.subscribe(`${root}.echo`, { callback: (_error, message) => void message.respond(message.data) });
    server.connection.subscribe(`${root}.twice`, {
      callback: (_error, message) => {
        message.respond(bytes('first'));
        message.respond(bytes('second'));
      },
    });
    server.connection.subscribe(`${root}.silent`, { callback: () => undefined });
    await server.connection.flush();
  });
  afterAll(() => Promise.all([server.close(), asker.close()]));

  const ask = (bus: Bus, method: string, text = '', timeoutMs = 2_000) => requestsOf(bus).ask(`${root}.${method}`, bytes(text), { timeoutMs });

  it('each get their own reply, however many are under way, and share an inbox', async () => {
    const words = Array.from({ length: 500 }, (_, at) => `word ${at}`);
    expect((await Promise.all(words.map((word) => ask(asker, 'echo', word)))).map(wordOf)).toEqual(words);
    expect(requestsOf(asker)).toBe(requestsOf(asker));
    expect(requestsOf(asker)).not.toBe(requestsOf(server));
  });

  it('take the first reply, and none that comes after the time is over', async () => {
    expect(wordOf(await ask(asker, 'twice'))).toBe('first');
    expect(wordOf(await ask(asker, 'silent', '', 20))).toBe('The service did not answer in time');
    expect(wordOf(await ask(asker, 'echo', 'still here'))).toBe('still here');
  });

  it('are told at once that nobody serves a subject, and that the connection is gone', async () => {
    expect(await ask(asker, 'nobody', '', 60_000)).toMatchObject({ ok: false, refusal: { code: 'service_unavailable', facts: { subject: `${root}.nobody` } } });
    const leaving = await connectBus({ url, name: 'leaving' });
    const waiting = ask(leaving, 'silent', '', 60_000);
    await leaving.connection.flush();
    await leaving.connection.close();
    expect(wordOf(await waiting)).toBe('The connection is closed');
    expect(await ask(leaving, 'echo')).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
  });
});
