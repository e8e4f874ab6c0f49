import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CardService, rpcSubjectOf } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { testBus, until } from '@tollwire/testing';
import { type Bus, connectBus } from '../bus.ts';
import { askerOf } from './client.ts';
import { type Served, serve, type ServeOptions } from './server.ts';
import type { AnsweredRequest, RequestContext, ServiceImplementation } from './types.ts';

type CardImplementation = ServiceImplementation<typeof CardService>;

const { url, root } = testBus('rpc');
let card: Bus;
let edge: Bus;
beforeAll(async () => {
  [card, edge] = await Promise.all([connectBus({ url, name: 'card' }), connectBus({ url, name: 'edge' })]);
});
afterAll(() => Promise.all([card.close(), edge.close()]));

const refused = () => Promise.resolve(refuse({ code: 'not_found' } as const));
const refusing: CardImplementation = {
  authorize: refused,
  registerReseller: refused,
  createCardType: refused,
  withdrawCardType: refused,
  offerCardType: refused,
  listCardTypes: refused,
  listResellers: refused,
  issueCards: refused,
  sellCards: refused,
  payCards: refused,
  activateCards: refused,
  deactivateCards: refused,
  openAccount: refused,
  postCredit: refused,
  balance: refused,
  totals: refused,
  listPlanUsers: refused,
};

/** Serves some methods while `work` runs, under a root of its own. */
async function serving(
  methods: Partial<CardImplementation>,
  work: (asker: ReturnType<typeof askerOf<typeof CardService>>, served: Served, address: { root: string }) => Promise<void>,
  options: Partial<ServeOptions> = {},
): Promise<void> {
  const address = { root: `${root}_${Math.floor(performance.now() * 1000)}` };
  const served = serve(card, CardService, { ...refusing, ...methods }, { ...address, ...options });
  await card.connection.flush();
  try {
    await work(askerOf(CardService, edge, address), served, address);
  } finally {
    await served.stop();
  }
}

describe('asking a service', () => {
  it('answers with the typed reply, also one in which nothing is set', async () => {
    const methods: Partial<CardImplementation> = {
      issueCards: (request) => Promise.resolve(ok({ cardIds: Array.from({ length: request.quantity }, (_, at) => `00${at}`) })),
    };
    await serving(methods, async (asker) => {
      expect(await asker.issueCards({ quantity: 2 })).toMatchObject({ ok: true, value: { cardIds: ['000', '001'] } });
      expect(await asker.issueCards({})).toMatchObject({ ok: true, value: { cardIds: [] } });
    });
  });

  it('answers with the refusal, its facts and its field', async () => {
    const refusal = { code: 'insufficient_credit', detail: 'Top up.', field: 'party', free: 12n } as const;
    await serving({ balance: () => Promise.resolve(refuse(refusal)) }, async (asker) => {
      expect(await asker.balance({})).toEqual({
        ok: false,
        refusal: { code: 'insufficient_credit', detail: 'Top up.', field: 'party', facts: { free: '12' } },
      });
    });
  });

  it('tells both sides how each request went, and how long it took', async () => {
    const told: Record<'served' | 'asked', AnsweredRequest[]> = { served: [], asked: [] };
    const methods: Partial<CardImplementation> = { balance: () => Promise.resolve(ok({})), sellCards: () => Promise.reject(new Error('a bug')) };
    await serving(methods, async (_asker, _served, address) => {
      const asker = askerOf(CardService, edge, { ...address, onAnswered: (request) => void told.asked.push(request) });
      for (const ask of [asker.balance, asker.totals, asker.sellCards]) await ask({});
      await askerOf(CardService, edge, { root: 'nobody', onAnswered: (request) => void told.asked.push(request) }).balance({});
    }, { onAnswered: (request) => void told.served.push(request) });
    const served = [['card', 'Balance', 'ok'], ['card', 'Totals', 'not_found'], ['card', 'SellCards', 'internal_error']];
    const wordsOf = (requests: readonly AnsweredRequest[]) => requests.map(({ service, method, outcome }) => [service, method, outcome]);
    expect({ served: wordsOf(told.served), asked: wordsOf(told.asked) }).toEqual({ served, asked: [...served, ['card', 'Balance', 'service_unavailable']] });
    for (const { durationMs } of [...told.served, ...told.asked]) expect(durationMs).toBeGreaterThan(0);
  });

  it('says internal_error with a correlation id that is in the log, where a handler throws, and the service lives on', async () => {
    const logged: [unknown, { correlationId: string }][] = [];
    const methods: Partial<CardImplementation> = {
      balance: () => Promise.reject(new Error('a bug')),
      totals: () => {
        throw new Error('a bug before the promise');
      },
      sellCards: () => Promise.resolve(ok({ changedCount: -1 })),
    };
    await serving(
      methods,
      async (asker) => {
        const answers = [await asker.balance({}), await asker.totals({}), await asker.sellCards({})];
        expect(answers).toMatchObject(answers.map(() => ({ ok: false, refusal: { code: 'internal_error' } })));
        const ids = answers.map((answer) => (answer.ok ? '' : answer.refusal.facts?.['correlationId']));
        expect(ids).toEqual(logged.map(([, { correlationId }]) => correlationId));
        expect(await asker.payCards({})).toMatchObject({ ok: false, refusal: { code: 'not_found' } });
      },
      { onError: (error, about) => logged.push([error, about]) },
    );
  });

  it('says service_unavailable where nobody answers, and where the answer takes too long', async () => {
    const nobody = askerOf(CardService, edge, { root: `${root}_nobody` });
    expect(await nobody.totals({})).toMatchObject({
      ok: false,
      refusal: { code: 'service_unavailable', detail: 'No instance of the service is running' },
    });
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await serving({ totals: async () => (await gate, ok({})) }, async (asker) => {
      expect(await asker.totals({}, { timeoutMs: 50 })).toMatchObject({
        ok: false,
        refusal: { code: 'service_unavailable', detail: 'The service did not answer in time' },
      });
      release();
    });
  });

  it('refuses a request above the limit of the server without sending it, and an answer above it', async () => {
    const many = (bytes: number) => Array.from({ length: bytes / 1000 }, () => 'x'.repeat(1000));
    await serving({ issueCards: () => Promise.resolve(ok({ cardIds: many(2_000_000) })) }, async (asker) => {
      expect(await asker.sellCards({ cardIds: many(2_000_000) })).toMatchObject({
        ok: false,
        refusal: { code: 'request_too_large', facts: { bytesMax: '1048576' } },
      });
      expect(await asker.issueCards({})).toMatchObject({ ok: false, refusal: { code: 'reply_too_large' } });
    });
  });

  it('refuses bytes that are no such request', async () => {
    await serving({}, async (_asker, _served, address) => {
      const subject = rpcSubjectOf(address.root, 'card', 'Balance');
      const reply = await edge.connection.request(subject, Uint8Array.of(255, 1), { timeout: 1000 });
      expect(reply.headers?.get('tollwire-refusal')).toBe('request_malformed');
    });
  });

  it('says service_unavailable above the limit of requests under way', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await serving(
      { totals: async () => (await gate, ok({ cardCount: 5n })) },
      async (asker, served) => {
        const first = asker.totals({});
        await until(() => served.inFlight === 1);
        expect(await asker.totals({})).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
        release();
        expect(await first).toMatchObject({ ok: true, value: { cardCount: 5n } });
      },
      { inFlightMax: 1 },
    );
  });

  it('is answered although the service is being stopped, where the request was under way', async () => {
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await serving({ totals: async () => (await gate, ok({})) }, async (asker, served) => {
      const answer = asker.totals({});
      await until(() => served.inFlight === 1);
      const stopped = served.stop();
      release();
      expect(await answer).toMatchObject({ ok: true });
      await stopped;
      expect(await asker.totals({})).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
    });
  });

  it('is shared by the instances of a service', async () => {
    const counts = [0, 0];
    const counting = (at: 0 | 1): Partial<CardImplementation> => ({
      totals: (_request: unknown, _about: RequestContext) => Promise.resolve(ok({ cardCount: BigInt((counts[at] = (counts[at] ?? 0) + 1)) })),
    });
    await serving(counting(0), async (asker, _served, address) => {
      const second = serve(edge, CardService, { ...refusing, ...counting(1) }, address);
      await edge.connection.flush();
      await Promise.all(Array.from({ length: 100 }, () => asker.totals({})));
      await second.stop();
    });
    expect(counts.every((count) => count > 10)).toBe(true);
    expect(counts.reduce((sum, count) => sum + count)).toBe(100);
  });
});
