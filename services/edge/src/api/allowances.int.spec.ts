import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';

const by = 'admin:bootstrap';
const card = { party: { case: 'cardId', value: '001' } };
const account = { party: { case: 'accountCode', value: 'ACME-01' } };
const tariff7 = { plan: { case: 'tariffId', value: 7 } };

type Asked = readonly [route: string, body: object | undefined, method: string, request: object, answer: object, reply: object];

/** Each route: what is sent, what rating is asked, and what comes back. */
const asked: readonly Asked[] = [
  [
    'POST /v1/allowance-bundles',
    { name: 'gold', sec: 6000, period: 'month', timeZone: 'Europe/Vienna', prefixes: ['43'], validUntil: '2026-01-01T00:00:00Z' },
    'defineBundle',
    { name: 'gold', terms: { sec: 6000, period: 'month', prefixes: ['43'], covers: 'none', validFromUs: 0n, validUntilUs: 1_767_225_600_000_000n }, by },
    { name: 'gold', terms: { sec: 6000, period: 'month', validUntilUs: 1_767_225_600_000_000n } },
    { name: 'gold', terms: { sec: 6000, period: 'month', validUntil: '2026-01-01T00:00:00.000000Z' } },
  ],
  ['GET /v1/allowance-bundles?afterName=a', undefined, 'listBundles', { afterName: 'a' }, { bundles: [{ name: 'gold' }] }, { bundles: [{ name: 'gold' }], more: false }],
  [
    'POST /v1/allowance-grants',
    { grantId: 'g1', cardId: '001', bundle: 'gold' },
    'grantAllowance',
    { grantId: 'g1', to: { case: 'party', value: card }, what: { case: 'bundle', value: 'gold' }, validFromUs: 0n, by },
    { grantId: 'g1', sequence: 1, to: { case: 'party', value: card } },
    { grantId: 'g1', sequence: 1, party: { cardId: '001' } },
  ],
  [
    'POST /v1/allowance-grants',
    { grantId: 'g2', tariffId: 7, terms: { sec: 60 } },
    'grantAllowance',
    { grantId: 'g2', to: { case: 'plan', value: tariff7 }, what: { case: 'terms', value: { sec: 60, period: 'once' } } },
    { grantId: 'g2', to: { case: 'plan', value: tariff7 } },
    { grantId: 'g2', plan: { tariffId: 7 } },
  ],
  [
    'GET /v1/allowance-grants?tariffId=7&afterSequence=3',
    undefined,
    'listGrants',
    { to: { case: 'plan', value: tariff7 }, afterSequence: 3 },
    { grants: [] },
    { grants: [], more: false },
  ],
  ['GET /v1/allowance-grants', undefined, 'listGrants', { to: { case: undefined } }, { grants: [] }, { grants: [] }],
  ['GET /v1/cards/001/allowances', undefined, 'showAllowances', { party: card, atUs: 0n }, { balances: [{ availableSec: 5 }] }, { balances: [{ availableSec: 5 }] }],
  ['GET /v1/accounts/ACME-01/allowances', undefined, 'showAllowances', { party: account }, { balances: [] }, { balances: [] }],
];

describe('free seconds over HTTP', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  beforeEach(() => {
    edge.backstage.asked.length = 0;
  });
  afterAll(() => edge.close());

  it.each(asked)('%s asks rating', async (route, body, method, request, answer, reply) => {
    edge.backstage.answers = { [method]: () => answer };
    const [verb = '', path = ''] = route.split(' ');
    const answered = await edge.call(verb, path, body);
    expect(edge.backstage.asked).toMatchObject([{ service: 'rating', method, request }]);
    expect({ ok: answered.status < 300, body: answered.body }).toMatchObject({ ok: true, body: reply });
  });

  it.each([
    [{ grantId: 'g', bundle: 'gold' }, 'field_missing', 'cardId'],
    [{ grantId: 'g', cardId: '1', tariffId: 7, bundle: 'gold' }, 'field_malformed', 'cardId'],
    [{ grantId: 'g', cardId: '1' }, 'field_missing', 'bundle'],
    [{ grantId: 'g', cardId: '1', bundle: 'gold', terms: { sec: 1 } }, 'field_malformed', 'bundle'],
    [{ grantId: 'g', cardId: '1', terms: { sec: 0 } }, 'field_out_of_range', 'terms.sec'],
    [{ grantId: 'g', cardId: '1', terms: { sec: 1, period: 'year' } }, 'field_malformed', 'terms.period'],
  ])('refuses the grant %j', async (body, code, field) => {
    const { status, body: problem } = await edge.call('POST', '/v1/allowance-grants', body);
    expect({ status, code: problem['code'], field: problem['field'] }).toEqual({ status: 400, code, field });
    expect(edge.backstage.asked).toEqual([]);
  });
});
