import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed, Refusing } from '../spec-bed.ts';
import { askedOfCardLife } from './asked-of-card-life.fixture.ts';
import { askedOfCatalog } from './asked-of-catalog.fixture.ts';
import { type Asked, askedOfRating } from './asked-of-rating.fixture.ts';
import { askedOfFraud } from './asked-of-fraud.fixture.ts';
import { askedOfLists } from './asked-of-lists.fixture.ts';
import { askedOfRecords } from './asked-of-records.fixture.ts';
import { askedOfWatch } from './asked-of-watch.fixture.ts';

const digest = 'ab'.repeat(32);
const by = 'admin:bootstrap';
const nowUs = 1_773_489_600_000_000n;
const card = { party: { case: 'cardId', value: '001' } };
const account = { party: { case: 'accountCode', value: 'ACME-01' } };
const eur = { nanos: 1_500_000_000n, currency: 'EUR' };
const cards = { cardIds: ['001'], resellerId: 0, by };
const call = { switchId: 'sw/1', callId: 'c 1', leg: 2 };

/** Each route: what is sent, who is asked what for it, and what comes back. */
const asked: readonly Asked[] = [
  ...askedOfRating,
  ...askedOfCardLife,
  ...askedOfRecords,
  [
    'POST /v1/quotes',
    { tariffId: 7, calledNumber: '+436641', cardId: '001' },
    'rating',
    'quote',
    { items: [{ plan: { plan: { case: 'tariffId', value: 7 } }, e164: '436641', charged: card }] },
    { results: [{ result: { case: 'quoted', value: { sell: { amount: eur, freeSec: 60 }, allowanceSec: 90, allowanceCovers: 'all' } } }] },
    { sell: { freeSec: 60 }, allowanceSec: 90, allowanceCovers: 'all' },
  ],
  [
    'POST /v1/routes',
    { voipPlanId: 3, calledNumber: '00436641', at: '2026-01-01T00:00:00Z', sellRatePerMin: '0.02', sellCurrency: 'EUR', callKey: 'sw1/42/1', cli: '+4317' },
    'routing',
    'route',
    {
      items: [{
        plan: { plan: { case: 'voipPlanId', value: 3 } }, e164: '436641', atUs: 1_767_225_600_000_000n, sellRatePerMinNanos: 20_000_000n, hasSellRate: true, sellCurrency: 'EUR',
        callId: 'sw1/42/1', cli: '+4317',
      }],
    },
    { results: [{ carriers: [{ carrierCode: 'N', callerId: { number: '017', presentation: 'allowed' } }], excluded: [] }] },
    { carriers: [{ carrierCode: 'N', callerId: { number: '017', presentation: 'allowed' } }], excluded: [] },
  ],
  [
    'POST /v1/routing-policies',
    {
      voipPlanId: 3,
      policy: { order: 'weights', seed: 1, marginMin: '0.001', sellRateMax: '0.10', weights: [{ carrierCode: 'N', weight: 3 }], staticRoutes: [{ prefix: '43', carrierCodes: ['N'] }] },
    },
    'routing',
    'setRoutingPolicy',
    {
      by,
      plan: { plan: { case: 'voipPlanId', value: 3 } },
      policy: {
        order: 'weights', seed: 1, marginMinNanos: 1_000_000n, sellRateMaxNanos: 100_000_000n, weights: [{ carrierCode: 'N', weight: 3 }],
        staticRoutes: [{ prefix: '43', carrierCodes: ['N'], exclusive: false }],
      },
    },
    { policy: { order: 'weights', marginMinNanos: 1_000_000n, sellRateMaxNanos: 100_000_000n } },
    { policy: { order: 'weights', marginMin: '0.001', sellRateMax: '0.10' } },
  ],
  [
    'GET /v1/routing-policies',
    undefined,
    'routing',
    'listRoutingPolicies',
    {},
    { policies: [{ plan: { plan: { case: 'tariffId', value: 1 } }, policy: { order: 'priority' } }] },
    { policies: [{ plan: { tariffId: 1 }, policy: { order: 'priority' } }] },
  ],
  [
    'GET /v1/providers',
    undefined,
    'routing',
    'listProviders',
    {},
    { providers: [{ providerId: 1, active: true }] },
    { providers: [{ providerId: 1, active: true }] },
  ],
  [
    'POST /v1/providers',
    { carrierCode: 'N', name: 'North', gateway: { address: 'sip.n:5060', addPrefix: '00', callerId: { rule: 'digits', stripDigits: 2 } } },
    'routing',
    'registerProvider',
    { carrierCode: 'N', gateway: { address: 'sip.n:5060', tech: 'SIP', addPrefix: '00', timeoutSec: 30, callerId: { rule: 'digits', stripDigits: 2, addPrefix: '' } }, by },
    { providerId: 4 },
    { providerId: 4 },
  ],
  ['POST /v1/providers/N%2F1/suspend', undefined, 'routing', 'suspendProvider', { carrierCode: 'N/1', by }, { providerId: 4 }, { providerId: 4 }],
  [
    'POST /v1/providers/N/limits',
    { hours: [{ weekdays: [1, 5], from: '08:30', until: '24:00' }, { from: '20:00:01', until: '06:00' }], timeZone: 'Europe/Madrid', concurrentCallsMax: 30, asrPpmMin: 400_000 },
    'routing',
    'setProviderLimits',
    {
      carrierCode: 'N', by,
      limits: {
        hours: [{ weekdays: [1, 5], fromSec: 30_600, untilSec: 86_400 }, { weekdays: [], fromSec: 72_001, untilSec: 21_600 }],
        timeZone: 'Europe/Madrid', concurrentCallsMax: 30, asrPpmMin: 400_000, attemptCountMin: 0,
      },
    },
    { limits: { hours: [{ fromSec: 30_600, untilSec: 86_400 }], timeZone: 'Europe/Madrid', concurrentCallsMax: 30, attemptCountMin: 20, lockSec: 300 } },
    { limits: { hours: [{ fromSec: 30_600, untilSec: 86_400 }], timeZone: 'Europe/Madrid', concurrentCallsMax: 30, attemptCountMin: 20, lockSec: 300 } },
  ],
  [
    'GET /v1/providers/measured?carrierCode=N',
    undefined,
    'routing',
    'measuredCarriers',
    { carrierCode: 'N' },
    { windowSec: 900, qualities: [{ carrierCode: 'N', destination: '34', attemptCount: 20n, asrPercent: 33.33, lockedUntilUs: 1_767_225_600_000_000n, lockedFor: 'ASR 0.3' }] },
    { windowSec: 900, qualities: [{ carrierCode: 'N', destination: '34', attemptCount: 20, asrPercent: 33.33, lockedUntil: '2026-01-01T00:00:00.000000Z', lockedFor: 'ASR 0.3' }] },
  ],
  ['GET /v1/providers/measured', undefined, 'routing', 'measuredCarriers', { carrierCode: '' }, { windowSec: 900, capacities: [{ carrierCode: 'N', concurrentCalls: 3, concurrentCallsMax: 30 }] },
    { windowSec: 900, qualities: [], capacities: [{ carrierCode: 'N', concurrentCalls: 3, concurrentCallsMax: 30, callsPerSec: 0 }] }],
  [
    'GET /v1/calls/sw%2F1/c%201/route?leg=2', undefined, 'card', 'showRoute', { call },
    {
      call, decidedAtUs: 1_767_225_600_000_000n, calledE164: '436641234567', carriers: [{ carrierCode: 'S', number: '00436641234567', callerId: { number: '4366400000', presentation: 'allowed' } }],
      excluded: [{ carrierCode: 'N', code: 'loss', reason: 'r', deckDigest: 'd' }],
    },
    {
      call, decidedAt: '2026-01-01T00:00:00.000000Z', sellRatePerMin: '0.00', calledE164: '436641******',
      carriers: [{ carrierCode: 'S', number: '004366********', callerId: { number: '436640****', presentation: 'allowed' } }],
      excluded: [{ carrierCode: 'N', code: 'loss', reason: 'r', deckDigest: 'd' }],
    },
  ],
  ['POST /v1/providers/N/resume', undefined, 'routing', 'resumeProvider', { carrierCode: 'N', by }, { providerId: 4 }, { providerId: 4 }],
  ['POST /v1/provider-rates', { carrierCode: 'N', currency: 'EUR', rates: [{ prefix: '43', ratePerMin: '0.01' }] }, 'routing', 'loadProviderRates',
    { carrierCode: 'N', rates: [{ prefix: '43', ratePerMinNanos: 10_000_000n }], by }, { rateCount: 1 }, { rateCount: 1 }],
  ['POST /v1/provider-rates/withdraw', { carrierCode: 'N', prefixes: ['43'], countryPrefixIds: [17] }, 'routing', 'withdrawProviderRates',
    { carrierCode: 'N', prefixes: ['43'], countryPrefixIds: [17], by }, { rateCount: 2 }, { rateCount: 2 }],
  [
    'GET /v1/provider-rates?carrierCode=N&at=2026-01-01T00:00:00Z&prefix=43', undefined, 'routing', 'listProviderRates',
    { carrierCode: 'N', atUs: 1_767_225_600_000_000n, prefix: '43', pageToken: '' },
    { rates: [{ prefix: '431', countryPrefixId: 17, ratePerMinNanos: 12_000_000n, currency: 'EUR', validFromUs: 1_767_225_600_000_000n }], nextPageToken: '431' },
    { rates: [{ prefix: '431', countryPrefixId: 17, ratePerMin: '0.012', currency: 'EUR', validFrom: '2026-01-01T00:00:00.000000Z' }], nextPageToken: '431' },
  ],
  ...askedOfCatalog,
  ...askedOfWatch,
  ...askedOfLists,
  ...askedOfFraud,
  [
    'POST /v1/resellers',
    { username: 'ann', password: 'correct horse' },
    'card',
    'registerReseller',
    { username: 'ann', password: 'correct horse', by },
    { id: 2 },
    { id: 2 },
  ],
  [
    'POST /v1/card-types',
    { description: 'Ten', value: { amount: '1.50', currency: 'EUR' }, tariffId: 7 },
    'card',
    'createCardType',
    { value: eur, tariffId: 7, active: true, expiresFrom: 'activation', expiresAtUs: 0n, activatesOnUse: false, by },
    { id: 5 },
    { id: 5 },
  ],
  [
    'POST /v1/card-types',
    { description: 'Found', value: { amount: '0', currency: 'EUR' }, tariffId: 7, expiresFrom: 'date', expiresAt: '2026-01-01T00:00:00Z', activatesOnUse: true },
    'card',
    'createCardType',
    { value: { nanos: 0n }, expiresFrom: 'date', expiresAtUs: 1_767_225_600_000_000n, activatesOnUse: true },
    { id: 5 },
    { id: 5 },
  ],
  [
    'POST /v1/card-batches',
    { batchId: 'b-1', cardTypeId: 5, quantity: 2 },
    'card',
    'issueCards',
    { batchId: 'b-1', resellerId: 1, quantity: 2, by },
    { cardIds: ['001', '002'] },
    { cardIds: ['001', '002'] },
  ],
  ['POST /v1/cards/sell', { cardIds: ['001'] }, 'card', 'sellCards', cards, { changedCount: 1 }, { changedCount: 1, refused: {} }],
  ['POST /v1/cards/pay', { cardIds: ['001'] }, 'card', 'payCards', cards, { changedCount: 1 }, { changedCount: 1 }],
  [
    'POST /v1/cards/activate', { cardIds: ['001'] }, 'card', 'activateCards', cards,
    { changedCount: 0, refused: { '001': 'card_expired' } }, { changedCount: 0, refused: { '001': 'card_expired' } },
  ],
  ['POST /v1/cards/deactivate', { cardIds: ['001'] }, 'card', 'deactivateCards', cards, { changedCount: 1 }, { changedCount: 1 }],
  [
    'GET /v1/cards/001/balance',
    undefined,
    'card',
    'balance',
    { party: card },
    { credit: eur, status: 'active' },
    { credit: { amount: '1.50', currency: 'EUR' }, status: 'active' },
  ],
  [
    'POST /v1/accounts',
    { customerId: 'acme', accountCodes: ['ACME-01'], voipPlanId: 3, currency: 'EUR' },
    'card',
    'openAccount',
    { customerId: 'acme', voipPlanId: 3, postpaid: false, by },
    { customerId: 'acme' },
    { customerId: 'acme' },
  ],
  ['GET /v1/accounts/ACME-01/balance', undefined, 'card', 'balance', { party: account }, { credit: eur }, { credit: { amount: '1.50', currency: 'EUR' } }],
  [
    'POST /v1/credits',
    { accountCode: 'ACME-01', amount: { amount: '1.50', currency: 'EUR' }, transferId: 't-1' },
    'card',
    'postCredit',
    { party: account, amount: eur, transferId: 't-1', by },
    { credit: eur },
    { credit: { amount: '1.50', currency: 'EUR' } },
  ],
  [
    'GET /v1/calls?cardId=001&pageSize=5&from=2026-01-01T00:00:00Z',
    undefined,
    'cdr',
    'searchCalls',
    { cardId: '001', pageSize: 5, fromUs: 1_767_225_600_000_000n, untilUs: 0n },
    { calls: [{ call, status: 'closed' }], nextCursor: 'n' },
    { calls: [{ call, status: 'closed' }], nextCursor: 'n' },
  ],
  [
    'GET /v1/calls/sw%2F1/c%201?leg=2',
    undefined,
    'cdr',
    'getCall',
    { call },
    { call, status: 'ended', sell: eur, countryPrefixId: 44, providerId: 7 },
    { call, status: 'ended', sell: { amount: '1.50', currency: 'EUR' }, countryPrefixId: 44, providerId: 7 },
  ],
  ['GET /v1/switches', undefined, 'cdr', 'listSwitches', {}, { switches: [{ id: 1, name: 'sw' }] }, { switches: [{ id: 1, name: 'sw' }] }],
  [
    'GET /v1/dead-letters/card?afterId=9',
    undefined,
    'card',
    'listDeadLetters',
    { pageSize: 100, afterId: 9n },
    { deadLetters: [{ id: 10n }] },
    { deadLetters: [{ id: 10 }] },
  ],
  [
    'POST /v1/dead-letters/card/redrive',
    { ids: [10] },
    'card',
    'redriveDeadLetters',
    { ids: [10n] },
    { redrivenCount: 1 },
    { redrivenCount: 1, parkedAgainCount: 0 },
  ],
];

/** Owners of what a request names are asked whether it is there. */
const looks = { listPlans: () => ({ plans: [{ id: 7 }] }), listProviders: () => ({ providers: [{ carrierCode: 'N' }] }), listResellers: () => ({ resellers: [{ resellerId: 7 }] }) };

describe('routes', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  beforeEach(() => {
    edge.backstage.asked.length = 0;
  });
  afterAll(() => edge.close());

  it.each(asked)('%s asks the service behind it', async (route, body, service, method, request, answer, reply) => {
    edge.backstage.answers = { ...looks, [method]: () => answer };
    const [verb = '', path = ''] = route.split(' ');
    const answered = await edge.call(verb, path, body);
    expect(edge.backstage.asked.filter((one) => one.method === method || !Object.hasOwn(looks, one.method))).toMatchObject([{ service, method, request }]);
    expect({ ok: answered.status < 300, body: answered.body }).toMatchObject({ ok: true, body: reply });
  });

  it.each(asked)('%s hands on why the service refuses, in the words of the caller', async (route, body, _service, method) => {
    const refusal = { code: 'conflict', detail: 'It is so.', field: 'some_rates[3].valid_from_us', facts: { with: '7' } } as const;
    edge.backstage.answers = { ...looks, [method]: () => new Refusing(refusal) };
    const [verb = '', path = ''] = route.split(' ');
    const answered = await edge.call(verb, path, body);
    expect({ status: answered.status, body: answered.body }).toEqual({
      status: 409,
      body: { type: 'urn:tollwire:refusal:conflict', title: 'It clashes with what is there', status: 409, ...refusal, field: 'someRates[3].validFrom' },
    });
  });

  it.each(asked.filter(([, body]) => body !== undefined))('%s refuses a body that it does not know', async (route, body) => {
    const [verb = '', path = ''] = route.split(' ');
    for (const [bad, code] of [[{ ...body, unheardOf: 1 }, 'field_unknown'], [[body], 'field_malformed'], ['"text"', 'field_malformed']] as const) {
      const { status, body: problem } = await edge.call(verb, path, bad, { headers: { 'content-type': 'application/json' } });
      expect({ status, code: problem['code'] }).toEqual({ status: 400, code });
    }
    expect(edge.backstage.asked).toEqual([]);
  });

  it('names the payer and the plan as they were sent', async () => {
    const refusedBy = (field: string) => ({ results: [{ result: { case: 'refusal', value: { code: 'idempotency_mismatch', field } } }] });
    edge.backstage.answers = { authorize: () => refusedBy('charged'), quote: () => refusedBy('plan') };
    const ask = { switchId: 'sw', callId: 'c', calledNumber: '4366' };
    const fieldOf = async (payer: object) => ((await edge.call('POST', '/v1/calls/authorize', { ...ask, ...payer })).body['refusal'] as { field: string }).field;
    expect([await fieldOf({ cardId: '1' }), await fieldOf({ accountCode: 'A' })]).toEqual(['cardId', 'accountCode']);
    const quoted = async (plan: object) => (await edge.call('POST', '/v1/quotes', { calledNumber: '4366', ...plan })).body['field'];
    expect([await quoted({ tariffId: 7 }), await quoted({ voipPlanId: 3 })]).toEqual(['tariffId', 'voipPlanId']);
  });

  it('totals are those of three services, side by side', async () => {
    edge.backstage.answers = { totals: () => ({ ratedCount: 3n, cardCount: 3n, callCount: 3n }) };
    const { body } = await edge.call('GET', '/v1/totals');
    expect(body).toMatchObject({ card: { cardCount: 3 }, rating: { ratedCount: 3 }, cdr: { callCount: 3 } });
  });

  it('an export has all pages of a search', async () => {
    const page = (id: string, nextCursor: string) => ({ calls: [{ call: { ...call, callId: id }, status: 'closed' }], nextCursor });
    edge.backstage.answers = { searchCalls: (request) => ('cursor' in request && request.cursor === 'n' ? page('b', '') : page('a', 'n')) };
    const answered = await edge.call('GET', '/v1/cdrs/export.csv?carrierCode=N&from=2026-01-01T00:00:00Z');
    expect({ status: answered.status, type: answered.headers.get('content-type') }).toEqual({ status: 200, type: 'text/csv; charset=utf-8' });
    expect(answered.text.split('\r\n').map((row) => row.split(',')).map((row) => [row[1], row.at(-1)])).toEqual([['call_id', 'cursor'], ['a', 'n'], ['b', ''], [undefined, '']]);
    expect(edge.backstage.asked).toMatchObject([{ request: { carrierCode: 'N', cursor: '', pageSize: 1000 } }, { request: { cursor: 'n' } }]);
  });

  it('an export as Parquet has all pages of a search, or as many as a file may hold', async () => {
    const page = (id: string, nextCursor: string) => ({ calls: [{ call: { ...call, callId: id }, status: 'closed' }], nextCursor });
    edge.backstage.answers = { searchCalls: (request) => ('cursor' in request && request.cursor === 'n' ? page('b', '') : page('a', 'n')) };
    const answered = await edge.call('GET', '/v1/cdrs/export.parquet?carrierCode=N');
    expect({ status: answered.status, type: answered.headers.get('content-type'), file: answered.text.slice(0, 4) + answered.text.slice(-4) }).toEqual({
      status: 200, type: 'application/vnd.apache.parquet', file: 'PAR1PAR1' });
    expect(edge.backstage.asked).toMatchObject([{ request: { carrierCode: 'N', cursor: '' } }, { request: { cursor: 'n' } }]);
    edge.backstage.asked.length = 0;
    await edge.call('GET', '/v1/cdrs/export.parquet?rowsMax=1&reason=a%20court%20asks');
    expect(edge.backstage.asked).toMatchObject([{ request: { reveal: { by, reason: 'a court asks' } } }]);
  });

  it('live calls have beside them how many reservations are open, and what they set aside', async () => {
    edge.backstage.answers = { liveCalls: () => ({ groups: [{ value: 'sw', callCount: 4n }] }),
      showReserved: () => ({ openReservationCount: 5n, reserved: [{ nanos: 1_500_000_000n, currency: 'EUR' }] }) };
    const { body } = await edge.call('GET', '/v1/reports/live?by=switch');
    expect(body).toEqual({ groups: [{ value: 'sw', callCount: 4 }], openReservationCount: 5, reserved: [{ amount: '1.50', currency: 'EUR' }] });
    edge.backstage.answers = { liveCalls: () => ({ groups: [] }), showReserved: () => ({}) };
    expect((await edge.call('GET', '/v1/reports/live')).body).toEqual({ groups: [], openReservationCount: 0, reserved: [] });
  });

  it('an explanation has the record beside it, and the route where one was decided here', async () => {
    const told = { explainCall: () => ({ sellSteps: ['a', 'b'], rated: { revision: 1 } }), getCall: () => ({ call, status: 'closed' }) };
    edge.backstage.answers = { ...told, showRoute: () => ({ call, carriers: [{ carrierCode: 'N', number: '436641234567', deckDigest: 'd' }] }) };
    const explain = async () => (await edge.call('GET', '/v1/calls/sw%2F1/c%201/explain?leg=2')).body;
    expect(await explain()).toMatchObject({ sellSteps: ['a', 'b'], rated: { revision: 1 }, record: { status: 'closed' }, route: { carriers: [{ number: '436641******', deckDigest: 'd' }] } });
    const revealed = await edge.call('GET', '/v1/calls/sw%2F1/c%201/explain?leg=2&reason=complaint');
    expect(revealed.body).toMatchObject({ route: { carriers: [{ number: '436641234567' }] } });
    edge.backstage.answers = { ...told, showRoute: () => new Refusing({ code: 'unknown_call' }) };
    expect(await explain()).not.toHaveProperty('route');
  });

  it('a route that no carrier may take is answered with its reasons', async () => {
    edge.backstage.answers = {
      route: () => ({ results: [{ excluded: [{ carrierCode: 'N', code: 'loss', reason: 'r' }], refusal: { code: 'no_route', detail: 'None is left.' } }] }),
    };
    const { status, body } = await edge.call('POST', '/v1/routes', { tariffId: 7, calledNumber: '4366' });
    expect({ status, body }).toMatchObject({ status: 200, body: { carriers: [], excluded: [{ code: 'loss' }], refusal: { code: 'no_route' } } });
  });

  it('a forecast asks for the version, the calls, and the names', async () => {
    edge.backstage.answers = {
      listDecks: () => ({ decks: [{ deck: { kind: 1, ownerId: 7, digest, version: 2 }, status: 'imported' }] }),
      forecastDeck: () => {
        const destination = { countryPrefixId: 5, callCount: 2n, durationSec: 90n, sellBefore: eur, sellAfter: eur, buyBefore: eur, buyAfter: eur };
        return { destinations: [destination], callCount: 2n, lookedAtCount: 9n };
      },
      nameCountryPrefixes: () => ({ prefixes: [{ countryPrefixId: 5, countryCode: 'AT', countryName: 'Austria' }] }),
    };
    const { status, body } = await edge.call('GET', `/v1/decks/${digest}/forecast?kind=tariff&ownerId=7`);
    expect({ status, body }).toMatchObject({ status: 200, body: { callCount: 2, destinations: [{ countryCode: 'AT', minutes: '1.50', marginAfter: { amount: '0.00' } }] } });
    const asked = edge.backstage.asked.findLast(({ method }) => method === 'forecastDeck');
    expect(asked?.request).toMatchObject({ deck: { version: 2 }, untilUs: nowUs, sinceUs: nowUs - 604_800_000_000n });
    expect((await edge.call('GET', `/v1/decks/${'cd'.repeat(32)}/forecast?kind=tariff&ownerId=7`)).body).toMatchObject({ code: 'unknown_deck' });
  });

  it('a quote for which there is no rate is a problem', async () => {
    edge.backstage.answers = {
      quote: () => ({ results: [{ result: { case: 'refusal', value: { code: 'no_sell_rate', detail: 'd', facts: { e164: '4366' } } } }] }),
    };
    const { status, body } = await edge.call('POST', '/v1/quotes', { tariffId: 7, calledNumber: '4366' });
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'no_sell_rate', facts: { e164: '4366' } } });
    expect((await edge.call('POST', '/v1/quotes', { tariffId: 7, calledNumber: '0664' })).body).toMatchObject({
      code: 'number_not_international',
      field: 'calledNumber',
    });
  });

  it('a service that does not run is 503, soon', async () => {
    const { status, body } = await edge.call('GET', '/v1/dead-letters/rating');
    expect({ status, code: body['code'] }).toEqual({ status: 503, code: 'service_unavailable' });
  });
});
