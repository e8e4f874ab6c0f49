import type { Asked } from './asked-of-rating.fixture.ts';

const call = { switchId: 'sw/1', callId: 'c 1', leg: 2 };
const reveal = { by: 'admin:bootstrap', reason: 'a complaint' };

/** The routes about the numbers of calls that cdr answers. */
export const askedOfRecords: readonly Asked[] = [
  ['GET /v1/calls/sw%2F1/c%201?leg=2&reason=a%20complaint', undefined, 'cdr', 'getCall', { call, reveal }, { cli: '4312345678' }, { cli: '4312345678' }],
  ['GET /v1/calls?reason=a%20complaint', undefined, 'cdr', 'searchCalls', { cardId: '', reveal }, {}, { calls: [] }],
  ['GET /v1/calls?number=%2B436641234567&reason=a%20complaint', undefined, 'cdr', 'searchCalls', { number: '+436641234567', reveal }, {}, { calls: [] }],
  [
    'POST /v1/number-erasures',
    { from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z', reason: 'asked to' },
    'cdr',
    'eraseNumbers',
    { fromUs: 1_767_225_600_000_000n, untilUs: 1_767_312_000_000_000n, reason: 'asked to', by: 'admin:bootstrap' },
    { dayCount: 1 },
    { dayCount: 1 },
  ],
  [
    'POST /v1/number-erasures/number',
    { number: '+436641234567', reason: 'she asked to' },
    'cdr',
    'eraseNumber',
    { number: '+436641234567', reason: 'she asked to', by: 'admin:bootstrap' },
    { callCount: 3n },
    { callCount: 3 },
  ],
  [
    'GET /v1/dead-letters/card?id=10',
    undefined,
    'card',
    'listDeadLetters',
    { id: 10n },
    { deadLetters: [{ id: 10n, content: '{}' }] },
    { deadLetters: [{ id: 10, content: '{}' }] },
  ],
  [
    'GET /v1/number-erasures',
    undefined,
    'cdr',
    'listErasures',
    {},
    { erasures: [{ fromUs: 1_767_225_600_000_000n, untilUs: 1_767_312_000_000_000n, dayCount: 1, by: 'admin:bob' }] },
    { erasures: [{ from: '2026-01-01T00:00:00.000000Z', until: '2026-01-02T00:00:00.000000Z', dayCount: 1, by: 'admin:bob' }] },
  ],
  [
    'GET /v1/unmaskings?call=sw1%2F42%2F0&by=operator:ann&beforeId=9',
    undefined,
    'cdr',
    'listUnmaskings',
    { by: 'operator:ann', callKey: 'sw1/42/0', pageSize: 100, beforeId: 9n },
    { unmaskings: [{ id: 8n, atUs: 1_767_225_600_000_000n, by: 'operator:ann', reason: 'a complaint', what: 'call', calls: ['sw1/42/0'] }] },
    { unmaskings: [{ id: 8, at: '2026-01-01T00:00:00.000000Z', by: 'operator:ann', reason: 'a complaint', what: 'call', calls: ['sw1/42/0'] }] },
  ],
];
