import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed, Refusing } from '../spec-bed.ts';

const by = 'admin:bootstrap';
const call = { switchId: 'sw/1', callId: 'c 1', leg: 2 };
const eur = { nanos: 1_500_000_000n, currency: 'EUR' };
const eurSent = { amount: '1.50', currency: 'EUR' };

type Asked = readonly [route: string, body: object | undefined, method: string, request: object, answer: object, reply: object];

/** Each route: what is sent, what card is asked, and what comes back. */
const asked: readonly Asked[] = [
  [
    'POST /v1/calls/sw%2F1/c%201/extend?leg=2', { sequence: 3, usedSec: 55 }, 'extendCall', { call, sequence: 3, usedSec: 55 },
    { result: { case: 'extended', value: { reservationId: 'r-1', maxDurationSec: 120, reserved: eur, finalUnit: true, finalReason: 'credit', finalAction: 'terminate' } } },
    { allowed: true, reservationId: 'r-1', maxDurationSec: 120, reserved: eurSent, finalUnit: true, finalReason: 'credit', finalAction: 'terminate' },
  ],
  [
    'POST /v1/calls/sw1/c-1/extend', { sequence: 1, usedSec: 0 }, 'extendCall', { call: { switchId: 'sw1', callId: 'c-1', leg: 0 } },
    { result: { case: 'refusal', value: { code: 'call_settled', detail: 'd', facts: { a: 'b' } } } },
    { allowed: false, refusal: { code: 'call_settled', detail: 'd', facts: { a: 'b' } } },
  ],
  ['POST /v1/calls/sw%2F1/c%201/release?leg=2', undefined, 'releaseCall', { call }, { reservationId: 'r-1', released: eur }, { reservationId: 'r-1', released: eurSent }],
  [
    'POST /v1/dialer-settings', { name: 'two', concurrentCallsMax: 2, spendPerDayMax: eurSent, creditToCallMin: eurSent, creditPolicy: 'fixed_slice', sliceSec: 60 }, 'setDialerSetting',
    { setting: { name: 'two', concurrentCallsMax: 2, callsPerSecMax: 0, spendPerDayMax: eur, creditToCallMin: eur, creditPolicy: 'fixed_slice', sliceSec: 60 }, by },
    { name: 'two', concurrentCallsMax: 2, spendPerDayMax: eur, creditToCallMin: eur }, { name: 'two', concurrentCallsMax: 2, spendPerDayMax: eurSent, creditToCallMin: eurSent },
  ],
  ['GET /v1/dialer-settings', undefined, 'listDialerSettings', {}, { settings: [{ name: 'two' }] }, { settings: [{ name: 'two' }] }],
  ['POST /v1/accounts/A%2F1/dialer-setting', { setting: 'two' }, 'limitAccount', { accountCode: 'A/1', setting: 'two', by }, { setting: { name: 'two' } }, { setting: { name: 'two' } }],
  ['POST /v1/accounts/A/dialer-setting', { setting: null }, 'limitAccount', { accountCode: 'A', setting: '' }, {}, {}],
  ['POST /v1/card-types/7/dialer-setting', { setting: 'two' }, 'limitCardType', { cardTypeId: 7, setting: 'two', by }, { setting: { name: 'two' } }, { setting: { name: 'two' } }],
  [
    'POST /v1/accounts/A/suspend', { reason: 'unpaid' }, 'suspendAccount', { accountCode: 'A', reason: 'unpaid', by },
    { suspendedAtUs: 1_767_225_600_000_000n }, { suspendedAt: '2026-01-01T00:00:00.000000Z' },
  ],
  ['POST /v1/accounts/A/resume', undefined, 'resumeAccount', { accountCode: 'A', by }, {}, {}],
  ['GET /v1/accounts/A/dialling', undefined, 'showDialing', { party: { party: { case: 'accountCode', value: 'A' } } }, { openCalls: 2, spentToday: eur }, { openCalls: 2, spentToday: eurSent }],
  ['GET /v1/cards/001/dialling', undefined, 'showDialing', { party: { party: { case: 'cardId', value: '001' } } }, { openCalls: 1 }, { openCalls: 1 }],
];

describe('call control over HTTP', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  beforeEach(() => {
    edge.backstage.asked.length = 0;
  });
  afterAll(() => edge.close());

  it.each(asked)('%s asks card', async (route, body, method, request, answer, reply) => {
    edge.backstage.answers = { [method]: () => answer };
    const [verb = '', path = ''] = route.split(' ');
    const answered = await edge.call(verb, path, body);
    expect(edge.backstage.asked).toMatchObject([{ service: 'card', method, request }]);
    expect({ ok: answered.status < 300, body: answered.body }).toMatchObject({ ok: true, body: reply });
  });

  it('is a problem where a call cannot be released', async () => {
    edge.backstage.answers = { releaseCall: () => new Refusing({ code: 'call_settled', detail: 'd' }) };
    const { status, body } = await edge.call('POST', '/v1/calls/sw1/c-1/release');
    expect({ status, code: body['code'] }).toEqual({ status: 409, code: 'call_settled' });
  });

  it.each([
    ['/v1/calls/sw1/c-1/extend', { usedSec: 1 }, 'field_missing', 'sequence'],
    ['/v1/calls/sw1/c-1/extend', { sequence: 0, usedSec: 1 }, 'field_out_of_range', 'sequence'],
    ['/v1/calls/sw1/c-1/extend', { sequence: 1, usedSec: -1 }, 'field_out_of_range', 'usedSec'],
    ['/v1/dialer-settings', { name: 'a', concurrentCallsMax: 0 }, 'field_out_of_range', 'concurrentCallsMax'],
    ['/v1/dialer-settings', { name: 'a', creditPolicy: 'luck' }, 'field_malformed', 'creditPolicy'],
    ['/v1/accounts/A/dialer-setting', {}, 'field_missing', 'setting'],
  ])('POST %s refuses %j', async (path, body, code, field) => {
    const { status, body: problem } = await edge.call('POST', path, body);
    expect({ status, code: problem['code'], field: problem['field'] }).toEqual({ status: 400, code, field });
    expect(edge.backstage.asked).toEqual([]);
  });
});
