import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';

describe('API keys over HTTP', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
    edge.backstage.answers = {
      activateCards: () => ({ changedCount: 1 }),
      listProviders: () => ({ providers: [] }),
      listResellers: () => ({ resellers: [{ resellerId: 7 }] }),
      quote: () => ({ results: [{ result: { case: 'quoted', value: {} } }] }),
    };
  });
  afterAll(() => edge.close());

  const issue = async (role: string, more: object = {}) => {
    const { status, body } = await edge.call('POST', '/v1/api-keys', { name: `a ${role}`, role, ...more });
    expect(status).toBe(201);
    return { keyId: String(body['keyId']), token: String(body['token']) };
  };
  const ask = { tariffId: 1, calledNumber: '4366' };

  it.each([undefined, 'open-sesame', `tw_0123456789abcdef_${'a'.repeat(43)}`])('lets nobody in with %s', async (key) => {
    const { status, body, headers } = await edge.call('POST', '/v1/quotes', ask, { key });
    expect({ status, code: body['code'], asks: headers.get('www-authenticate') }).toEqual({ status: 401, code: 'unauthenticated', asks: 'Bearer' });
  });

  it('does not read the body of somebody who may not come in', async () => {
    const { status } = await edge.call('POST', '/v1/quotes', 'x'.repeat(100), { key: undefined, headers: { 'content-type': 'application/json' } });
    expect(status).toBe(401);
  });

  it('lets each role do its own', async () => {
    const may = async (token: string, method: string, path: string, body?: unknown) => (await edge.call(method, path, body, { key: token })).status;
    const [aSwitch, anOperator, aReseller, anAdmin] = await Promise.all([issue('switch'), issue('operator'), issue('reseller', { resellerId: 7 }), issue('admin')]);
    const cards = { cardIds: ['0012345678901234'] };
    for (const [holder, statuses] of [
      [aSwitch, [200, 403, 403, 403]],
      [anOperator, [200, 200, 200, 403]],
      [aReseller, [403, 403, 200, 403]],
      [anAdmin, [200, 200, 200, 200]],
    ] as const) {
      expect([
        await may(holder.token, 'POST', '/v1/quotes', ask),
        await may(holder.token, 'GET', '/v1/providers'),
        await may(holder.token, 'POST', '/v1/cards/activate', cards),
        await may(holder.token, 'GET', '/v1/api-keys'),
      ]).toEqual(statuses);
    }
  });

  it("acts for the reseller of a reseller's key, whatever the body says", async () => {
    const { token } = await issue('reseller', { resellerId: 7 });
    await edge.call('POST', '/v1/cards/activate', { cardIds: ['1'], resellerId: 8 }, { key: token });
    expect(edge.backstage.asked.at(-1)?.request).toMatchObject({ resellerId: 7, by: 'reseller:a reseller' });
    await edge.call('POST', '/v1/cards/activate', { cardIds: ['1'], resellerId: 8 });
    expect(edge.backstage.asked.at(-1)?.request).toMatchObject({ resellerId: 8, by: 'admin:bootstrap' });
  });

  it('shuts out a key that was revoked, and says who did it', async () => {
    const { keyId, token } = await issue('operator');
    expect((await edge.call('GET', '/v1/providers', undefined, { key: token })).status).toBe(200);
    expect((await edge.call('DELETE', `/v1/api-keys/${keyId}`)).status).toBe(204);
    expect((await edge.call('GET', '/v1/providers', undefined, { key: token })).status).toBe(401);
    expect((await edge.call('DELETE', `/v1/api-keys/${keyId}`)).status).toBe(204);
    expect((await edge.call('DELETE', '/v1/api-keys/0000000000000000')).body['code']).toBe('unknown_api_key');
    const { body } = await edge.call('GET', '/v1/api-keys');
    expect((body['apiKeys'] as object[])[0]).toEqual({ keyId: 'bootstrap', name: 'bootstrap', role: 'admin', issuedBy: 'configuration (EDGE_ADMIN_KEY)' });
    const listed = (body['apiKeys'] as { keyId: string }[]).find((key) => key.keyId === keyId);
    expect(listed).toMatchObject({ role: 'operator', issuedBy: 'admin:bootstrap', issuedAt: '2026-03-14T12:00:00.000000Z', revokedBy: 'admin:bootstrap' });
    expect(JSON.stringify(body)).not.toContain(token.slice(-43));
  });

  it('keeps digests and no secret', async () => {
    const { token } = await issue('switch');
    const [stored] = await edge.database.query<{ all: string }>(`SELECT string_agg(e::text, '') || (SELECT string_agg(k::text, '') FROM api_key k) AS all FROM event e`, []);
    expect(stored?.all).not.toContain(token.slice(-43));
    expect(stored?.all).toContain('ApiKeyIssued');
  });

  it('wants a reseller for the key of one', async () => {
    const { status, body } = await edge.call('POST', '/v1/api-keys', { name: 'r', role: 'reseller' });
    expect({ status, ...body }).toMatchObject({ status: 422, code: 'reseller_not_named', field: 'resellerId' });
  });
});

describe('rate of a key', () => {
  it('is limited for each key by itself', async () => {
    const edge = await edgeBed({ requestsPerSec: 3 });
    try {
      const statuses: number[] = [];
      for (let n = 0; n < 8; n += 1) statuses.push((await edge.call('GET', '/v1/api-keys')).status);
      expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429, 429]);
      edge.clock.advanceSec(1);
      expect((await edge.call('GET', '/v1/api-keys')).status).toBe(200);
    } finally {
      await edge.close();
    }
  });
});
