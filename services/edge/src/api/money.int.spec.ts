import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed, Refusing, webhookSecret } from '../spec-bed.ts';
import { webhookSignature } from '@tollwire/platform/webhook-signature';

const by = 'admin:bootstrap';
const card = { party: { case: 'cardId', value: '001' } };
const account = { party: { case: 'accountCode', value: 'ACME-01' } };
const eur = { nanos: 1_500_000_000n, currency: 'EUR' };
const amount = { amount: '1.50', currency: 'EUR' };
const fromUs = 1_767_225_600_000_000n;
const reversal = { reversalId: 'r', kind: 'refund' };
const nowSec = 1_773_489_600;

type Asked = readonly [route: string, body: object | undefined, method: string, request: object, answer: object, reply: object];

/** Each route: what is sent, what card is asked, and what comes back. */
const asked: readonly Asked[] = [
  [
    'GET /v1/cards/001/statement?from=2026-01-01T00:00:00Z&pageSize=2', undefined, 'statement',
    { account: { case: 'party', value: card }, fromUs, untilUs: 0n, pageSize: 2, cursor: '' },
    { ledgerAccount: 'card:001', openingNanos: 0n, lines: [{ transferId: 't', atUs: fromUs, amountNanos: -5n, balanceNanos: 5n }] },
    { opening: '0.00', lines: [{ transferId: 't', at: '2026-01-01T00:00:00.000000Z', amount: '-0.000000005', balance: '0.000000005' }] },
  ],
  ['GET /v1/accounts/ACME-01/statement', undefined, 'statement', { account: { case: 'party', value: account }, pageSize: 100 }, { lines: [] }, { lines: [] }],
  [
    'GET /v1/ledger/carrier%3AN%3AEUR/statement?until=2026-01-01T00:00:00Z', undefined, 'statement',
    { account: { case: 'ledgerAccount', value: 'carrier:N:EUR' }, untilUs: fromUs }, { nextCursor: 'n' }, { nextCursor: 'n' },
  ],
  ['GET /v1/cards/001/reservations', undefined, 'listReservations', { party: card }, { reserved: eur }, { reserved: amount, reservations: [] }],
  ['GET /v1/accounts/ACME-01/reservations', undefined, 'listReservations', { party: account }, { reserved: eur }, { reserved: amount }],
  ['GET /v1/cards/001/payments?cursor=c', undefined, 'listPayments', { party: card, cursor: 'c' }, { payments: [{ paymentId: 'p' }] }, { payments: [{ paymentId: 'p' }] }],
  [`GET /v1/cards/001/statement?cursor=${'c'.repeat(2_048)}`, undefined, 'statement', { cursor: 'c'.repeat(2_048) }, { nextCursor: '' }, { lines: [] }],
  ['GET /v1/accounts/ACME-01/payments', undefined, 'listPayments', { party: account, cursor: '' }, { payments: [] }, { payments: [] }],
  [
    'POST /v1/payments', { provider: 'till', paymentId: 'p', cardId: '001', amount }, 'takePayment',
    { provider: 'till', paymentId: 'p', party: card, amount: eur, by, signedByProvider: false }, { commission: eur }, { commission: amount },
  ],
  ['POST /v1/payments/till/p%2F1/reversals', reversal, 'reversePayment', { provider: 'till', paymentId: 'p/1', ...reversal, by }, { reversed: eur }, { reversed: amount }],
  ['POST /v1/payments/till/p/reversals', { ...reversal, amount }, 'reversePayment', { amount: eur }, {}, {}],
  ['POST /v1/commissions', { resellerId: 7, percent: '12.5' }, 'setCommission', { resellerId: 7, cardTypeId: 0, ppm: 125_000, by }, { ppm: 125_000 }, { ppm: 125_000 }],
  [
    'POST /v1/credit-proposals', { accountCode: 'ACME-01', amount, transferId: 't', reason: 'goodwill' }, 'proposeCredit',
    { party: account, amount: eur, transferId: 't', reason: 'goodwill', by }, { status: 'proposed' }, { status: 'proposed' },
  ],
  [
    'POST /v1/credit-proposals', { cardId: '001', amount, transferId: 't', reason: 'wire', payment: { provider: 'bank', paymentId: 'p' } }, 'proposeCredit',
    { party: card, payment: { provider: 'bank', paymentId: 'p' } }, { payment: { provider: 'bank', paymentId: 'p' } }, { payment: { provider: 'bank', paymentId: 'p' } },
  ],
  ['GET /v1/credit-proposals?status=proposed', undefined, 'listCreditProposals', { status: 'proposed' }, { proposals: [] }, { proposals: [] }],
  ['POST /v1/credit-proposals/t/approve', {}, 'approveCredit', { transferId: 't', note: '', by }, { status: 'posted' }, { status: 'posted' }],
  ['POST /v1/credit-proposals/t/reject', { note: 'no' }, 'rejectCredit', { transferId: 't', note: 'no', by }, { status: 'rejected' }, { status: 'rejected' }],
  ['GET /v1/commissions', undefined, 'listCommissions', {}, { commissions: [{ resellerId: 7, ppm: 125_000 }] }, { commissions: [{ resellerId: 7, cardTypeId: 0, ppm: 125_000 }] }],
  [
    'GET /v1/low-balance', undefined, 'listLowBalances', {}, { lowBalances: [{ scope: { case: 'cardTypeId', value: 3 }, thresholdsNanos: [5_000_000_000n] }] },
    { lowBalances: [{ cardTypeId: 3, thresholds: ['5.00'] }] },
  ],
  ['GET /v1/low-balance?cardId=001', undefined, 'listLowBalances', { party: card }, {}, { lowBalances: [] }],
  ['POST /v1/low-balance', { cardTypeId: 3, thresholds: ['5', '-1'] }, 'setLowBalance', { scope: { case: 'cardTypeId', value: 3 }, thresholdsNanos: [5_000_000_000n, -1_000_000_000n], by }, {}, {}],
  ['POST /v1/low-balance', { cardId: '001', thresholds: [] }, 'setLowBalance', { scope: { case: 'party', value: card }, thresholdsNanos: [] }, {}, {}],
  ['POST /v1/low-balance', { thresholds: ['1'] }, 'setLowBalance', { scope: { case: 'allAccounts' } }, { thresholdsNanos: [1_000_000_000n] }, { thresholds: ['1.00'] }],
  [
    'POST /v1/vouchers', { batchId: 'v', quantity: 2, value: amount, expiresAt: '2026-01-01T00:00:00Z' }, 'makeVouchers',
    { batchId: 'v', quantity: 2, value: eur, expiresAtUs: fromUs, resellerId: 0, by }, { batch: { batchId: 'v' }, codes: ['1'] }, { batch: { batchId: 'v' }, codes: ['1'] },
  ],
  [
    'POST /v1/vouchers/redeem', { cardId: '001', code: '1234 5678', redemptionId: 'x', triedFrom: '4312345' }, 'redeemVoucher',
    { party: card, code: '1234 5678', redemptionId: 'x', triedFrom: '4312345', by }, { value: eur }, { value: amount },
  ],
  ['GET /v1/vouchers?waiting=true', undefined, 'listVoucherBatches', { awaitingApproval: true }, { batches: [{ batchId: 'v' }] }, { batches: [{ batchId: 'v' }] }],
  ['GET /v1/vouchers', undefined, 'listVoucherBatches', { awaitingApproval: false }, {}, { batches: [] }],
  ['GET /v1/vouchers/v', undefined, 'showVoucherBatch', { batchId: 'v' }, { redeemedCount: 1 }, { redeemedCount: 1 }],
  [
    'POST /v1/vouchers/v/approve', undefined, 'approveVouchers', { batchId: 'v', by },
    { needsApproval: true, approvedAtUs: fromUs, approvedBy: 'bob' }, { needsApproval: true, approvedAt: '2026-01-01T00:00:00.000000Z', approvedBy: 'bob' },
  ],
  ['POST /v1/vouchers/v/void', undefined, 'voidVouchers', { batchId: 'v', by }, { voidedAtUs: fromUs }, { voidedAt: '2026-01-01T00:00:00.000000Z' }],
];

let edge: EdgeBed;
beforeAll(async () => {
  edge = await edgeBed();
});
beforeEach(() => {
  edge.backstage.asked.length = 0;
});
afterAll(() => edge.close());

describe('money over HTTP', () => {
  it.each(asked)('%s asks card', async (route, body, method, request, answer, reply) => {
    edge.backstage.answers = { [method]: () => answer };
    const [verb = '', path = ''] = route.split(' ');
    const answered = await edge.call(verb, path, body);
    expect(edge.backstage.asked).toMatchObject([{ service: 'card', method, request }]);
    expect({ ok: answered.status < 300, body: answered.body }).toMatchObject({ ok: true, body: reply });
  });

  it.each([
    ['/v1/payments', { provider: 'Till', paymentId: 'p', cardId: '001', amount }, 'field_malformed', 'provider'],
    ['/v1/payments', { provider: 'till', paymentId: 'p', amount }, 'field_missing', 'cardId'],
    ['/v1/payments/till/p/reversals', { reversalId: 'r', kind: 'gift' }, 'field_malformed', 'kind'],
    ['/v1/commissions', { resellerId: 7, percent: '0.00001' }, 'field_malformed', 'percent'],
    ['/v1/commissions', { resellerId: 7, percent: '101' }, 'field_malformed', 'percent'],
    ['/v1/vouchers', { batchId: 'v', quantity: 10_001, value: amount }, 'field_out_of_range', 'quantity'],
    ['/v1/low-balance', { cardTypeId: 3, cardId: '001', thresholds: [] }, 'field_malformed', 'cardTypeId'],
  ])('refuses at %s %j', async (path, body, code, field) => {
    const { status, body: problem } = await edge.call('POST', path, body);
    expect({ status, code: problem['code'], field: problem['field'] }).toEqual({ status: 400, code, field });
    expect(edge.backstage.asked).toEqual([]);
  });
});

describe('a webhook of payments', () => {
  const paid = JSON.stringify({ id: 'evt_1', type: 'payment.paid', paymentId: 'pay_1', cardId: '001', amount });
  const tell = (body: string, options: { provider?: string; signature?: string; type?: string } = {}) => {
    const { provider = 'bank', signature = webhookSignature(webhookSecret, nowSec, Buffer.from(body)), type = 'application/json' } = options;
    return edge.call('POST', `/webhooks/payments/${provider}`, body, { key: undefined, headers: { 'content-type': type, 'tollwire-signature': signature } });
  };

  it('is taken without a key where it is signed, and asks card under the name of the provider', async () => {
    edge.backstage.answers = { takePayment: () => ({ paymentId: 'pay_1' }), reversePayment: () => ({ reversed: eur }) };
    expect(await tell(paid)).toMatchObject({ status: 200, body: { paymentId: 'pay_1' } });
    expect(await tell(JSON.stringify({ id: 'evt_2', type: 'payment.charged_back', paymentId: 'pay_1' }))).toMatchObject({ status: 200, body: { reversed: amount } });
    expect(await tell(JSON.stringify({ id: 'evt_3', type: 'payment.refunded', paymentId: 'pay_1', amount }))).toMatchObject({ status: 200 });
    expect(edge.backstage.asked).toMatchObject([
      { method: 'takePayment', request: { provider: 'bank', paymentId: 'pay_1', party: card, amount: eur, by: 'provider:bank', signedByProvider: true } },
      { method: 'reversePayment', request: { provider: 'bank', reversalId: 'evt_2', paymentId: 'pay_1', kind: 'chargeback' } },
      { method: 'reversePayment', request: { reversalId: 'evt_3', kind: 'refund', amount: eur } },
    ]);
  });

  it('hands on why card refuses', async () => {
    edge.backstage.answers = { takePayment: () => new Refusing({ code: 'idempotency_mismatch', field: 'paymentId' }) };
    expect(await tell(paid)).toMatchObject({ status: 409, body: { code: 'idempotency_mismatch', field: 'paymentId' } });
  });

  it('is refused where it is not signed, too old, of nobody, or no event', async () => {
    const late = webhookSignature(webhookSecret, nowSec - 301, Buffer.from(paid));
    const rows: readonly [Parameters<typeof tell>, number, string][] = [
      [[paid, { signature: '' }], 401, 'signature_invalid'],
      [[`${paid} `, { signature: webhookSignature(webhookSecret, nowSec, Buffer.from(paid)) }], 401, 'signature_invalid'],
      [[paid, { signature: webhookSignature('another secret', nowSec, Buffer.from(paid)) }], 401, 'signature_invalid'],
      [[paid, { signature: late }], 401, 'signature_stale'],
      [[paid, { provider: 'nobody' }], 404, 'unknown_payment_provider'],
      [[paid, { type: 'text/plain' }], 415, 'unsupported_media_type'],
      [['{', {}], 400, 'request_malformed'],
      [[JSON.stringify({ id: 'e', type: 'payment.seen', paymentId: 'p' })], 400, 'field_malformed'],
      [[JSON.stringify({ id: 'e', type: 'payment.paid', paymentId: 'p', amount })], 400, 'field_missing'],
    ];
    for (const [told, status, code] of rows) expect([told, await tell(...told)]).toMatchObject([told, { status, body: { code } }]);
    expect(edge.backstage.asked).toEqual([]);
  });
});
