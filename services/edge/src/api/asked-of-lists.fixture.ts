import type { Asked } from './asked-of-rating.fixture.ts';

const by = 'admin:bootstrap';
const prefix = { subject: { case: 'prefix', value: '43664' }, reason: 'Wangiri' };
const country = { subject: { case: 'country', value: 'AT' }, reason: '' };

/** The routes about blacklist and whitelist, which cdr answers. */
export const askedOfLists: readonly Asked[] = [
  [
    'POST /v1/lists/blacklist',
    { entries: [{ prefix: '43664', reason: 'Wangiri' }, { country: 'AT' }] },
    'cdr',
    'listNumbers',
    { list: 'blacklist', entries: [prefix, country], by },
    { changedCount: 1, refused: [{ index: 1, refusal: { code: 'unknown_country' } }] },
    { changedCount: 1, unchangedCount: 0, refused: [{ index: 1, refusal: { code: 'unknown_country' } }] },
  ],
  ['POST /v1/lists/whitelist/remove', { entries: [{ country: 'AT' }] }, 'cdr', 'delistNumbers', { list: 'whitelist', entries: [country], by }, { unchangedCount: 1 }, { unchangedCount: 1 }],
  [
    'POST /v1/list-notices/blacklist',
    { email: 'noc@carrier.example' },
    'cdr',
    'setListNotice',
    { list: 'blacklist', email: 'noc@carrier.example', webhookUrl: '', webhookSecret: '', throttleSec: 600, by },
    { list: 'blacklist', email: 'noc@carrier.example', throttleSec: 600 },
    { list: 'blacklist', email: 'noc@carrier.example', throttleSec: 600 },
  ],
  ['GET /v1/list-notices', undefined, 'cdr', 'listNotices', {}, { notices: [{ list: 'whitelist', email: 'a@b.example' }] }, { notices: [{ list: 'whitelist', email: 'a@b.example' }] }],
  [
    'GET /v1/lists/blacklist?removed=true&from=2026-01-01T00:00:00Z&pageSize=2&after=43',
    undefined,
    'cdr',
    'showList',
    { list: 'blacklist', withDelisted: true, fromUs: 1_767_225_600_000_000n, pageSize: 2, afterSubject: '43' },
    { entries: [{ list: 'blacklist', country: 'AT', prefixCount: 1, listed: true, stoppedCount: 3n, listedAtUs: 1_767_225_600_000_000n }], nextAfterSubject: 'AT' },
    { entries: [{ country: 'AT', stoppedCount: 3, listedAt: '2026-01-01T00:00:00.000000Z' }], nextAfterSubject: 'AT' },
  ],
];
