/** Each route: what is sent, who is asked what for it, and what comes back. */
export type Asked = readonly [route: string, body: object | undefined, service: string, method: string, request: object, answer: object, reply: object];

const by = 'admin:bootstrap';
const nowUs = 1_773_489_600_000_000n;
const account = { party: { case: 'accountCode', value: 'ACME-01' } };
const tariff7 = { plan: { case: 'tariffId', value: 7 } };
const eur = { nanos: 1_500_000_000n, currency: 'EUR' };

/** The routes that rating answers. */
export const askedOfRating: readonly Asked[] = [
  [
    'POST /v1/quotes',
    { tariffId: 7, calledNumber: '+43 664-1', durationSec: 60 },
    'rating',
    'quote',
    { items: [{ plan: tariff7, e164: '436641', atUs: nowUs, durationSec: 60 }] },
    { results: [{ result: { case: 'quoted', value: { sell: { amount: eur }, steps: ['a'] } } }] },
    { sell: { amount: { amount: '1.50', currency: 'EUR' } }, steps: ['a'] },
  ],
  [
    'POST /v1/quotes',
    { accountCode: 'ACME-01', calledNumber: '436641', at: '2026-01-01T00:00:00Z', knownAt: '2026-02-01T00:00:00Z' },
    'rating',
    'quote',
    { items: [{ charged: account, e164: '436641', atUs: 1_767_225_600_000_000n, knownAtUs: 1_769_904_000_000_000n }] },
    { results: [{ result: { case: 'quoted', value: { sell: { amount: eur } } } }] },
    { sell: { amount: { amount: '1.50', currency: 'EUR' } } },
  ],
  [
    // Longer ago than the tables in use reach: by what is known now.
    'POST /v1/quotes',
    { tariffId: 7, calledNumber: '436641', at: '2026-01-01T00:00:00Z' },
    'rating',
    'quote',
    { items: [{ plan: tariff7, atUs: 1_767_225_600_000_000n, knownAtUs: nowUs }] },
    { results: [{ result: { case: 'quoted', value: { sell: { amount: eur } } } }] },
    { sell: { amount: { amount: '1.50', currency: 'EUR' } } },
  ],
  [
    'POST /v1/reratings',
    { reratingId: 'june', from: '2026-01-01T00:00:00Z', tariffId: 7, accountCode: 'ACME-01', carrierCode: 'N', destinationPrefix: '34', apply: true, reason: 'mistyped' },
    'rating',
    'startRerating',
    {
      ...{ reratingId: 'june', apply: true, reason: 'mistyped', by },
      filter: { fromUs: 1_767_225_600_000_000n, untilUs: 0n, plan: tariff7, charged: account, carrierCode: 'N', destinationPrefix: '34', includePreRated: false },
    },
    { reratingId: 'june', status: 1, totals: [{ currency: 'EUR', sellDifferenceNanos: -20_000_000n }] },
    { reratingId: 'june', status: 'running', totals: [{ currency: 'EUR', sellDifference: '-0.02', buyDifference: '0.00' }] },
  ],
  ['POST /v1/reratings', { from: '2026-01-01T00:00:00Z' }, 'rating', 'startRerating', { apply: false, filter: { includePreRated: false } }, { reratingId: 'x' }, { reratingId: 'x' }],
  ['GET /v1/reratings', undefined, 'rating', 'listReratings', {}, { reratings: [{ reratingId: 'june', status: 2 }] }, { reratings: [{ reratingId: 'june', status: 'done' }] }],
  ['GET /v1/reratings/june', undefined, 'rating', 'getRerating', { reratingId: 'june' }, { reratingId: 'june' }, { reratingId: 'june' }],
  ['POST /v1/reratings/june/cancel', undefined, 'rating', 'cancelRerating', { reratingId: 'june' }, { status: 3 }, { status: 'cancelled' }],
];
