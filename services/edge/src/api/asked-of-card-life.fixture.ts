import type { Asked } from './asked-of-rating.fixture.ts';

const by = 'admin:bootstrap';
const cards = { cardIds: ['001'], resellerId: 0, by };
const until = 1_767_225_600_000_000n;
const record = { cardId: '001', status: 'card_suspended_unpaid', sold: true, clis: ['436641'], expiresAtUs: until, hasPin: true };
const shown = { cardId: '001', status: 'card_suspended_unpaid', sold: true, clis: ['436641'], expiresAt: '2026-01-01T00:00:00.000000Z', hasPin: true };
const changed = { changedCount: 0, refused: { '001': 'no_expiry' }, unchanged: ['002'] };
const bound = { cardId: '001', clis: ['436641'] };
const policy = { switchId: 'sw1', unknownCli: 'create', cardTypeId: 5, resellerId: 1, bindMax: 3 };
const address = { address: '192.0.2.10', accountCode: 'ACME-01' };

/** The routes that card answers about what cards are made of and who sells them, about the later life of cards, and about who calls with them. */
export const askedOfCardLife: readonly Asked[] = [
  [
    'GET /v1/resellers', undefined, 'card', 'listResellers', {}, { resellers: [{ resellerId: 2, username: 'ann', registeredAtUs: 1_767_225_600_000_000n }] },
    { resellers: [{ resellerId: 2, username: 'ann', registeredAt: '2026-01-01T00:00:00.000000Z' }] },
  ],
  [
    'GET /v1/card-types', undefined, 'card', 'listCardTypes', {},
    { cardTypes: [{ cardTypeId: 5, value: { nanos: 1_500_000_000n, currency: 'EUR' }, tariffId: 7, expiresFrom: 'first_use', active: true }] },
    { cardTypes: [{ cardTypeId: 5, value: { amount: '1.50', currency: 'EUR' }, tariffId: 7, expiresFrom: 'first_use', active: true }] },
  ],
  ['POST /v1/card-types/5/withdraw', undefined, 'card', 'withdrawCardType', { cardTypeId: 5, by }, { cardTypeId: 5, changed: true }, { cardTypeId: 5, active: false, changed: true }],
  [
    'POST /v1/card-types/5/offer', undefined, 'card', 'offerCardType', { cardTypeId: 5, by }, { cardTypeId: 5, active: true, changed: true }, { cardTypeId: 5, active: true, changed: true },
  ],
  ['POST /v1/cards/extend', { cardIds: ['001'], until: '2026-01-01T00:00:00Z' }, 'card', 'extendCards', { cards, untilUs: until }, changed, changed],
  ['POST /v1/cards/suspend', { cardIds: ['001'], reason: 'unpaid' }, 'card', 'suspendCards', { cards, reason: 'unpaid' }, changed, changed],
  ['POST /v1/cards/resume', { cardIds: ['001'], resellerId: 7 }, 'card', 'resumeCards', { ...cards, resellerId: 7 }, changed, changed],
  ['GET /v1/cards/001', undefined, 'card', 'getCard', { cardId: '001' }, record, shown],
  [
    'GET /v1/cards?batchId=b-1&status=active&afterCardId=000&pageSize=1', undefined, 'card', 'listCards',
    { batchId: 'b-1', resellerId: 0, status: 'active', afterCardId: '000', pageSize: 1 }, { cards: [record], nextAfterCardId: '001' }, { cards: [shown], nextAfterCardId: '001' },
  ],
  [
    'POST /v1/card-batches/b-1/pins', { pinLength: 12, passphrase: 'correct horse battery' }, 'card', 'makePins',
    { batchId: 'b-1', pinLength: 12, passphrase: 'correct horse battery', renew: false, by }, { cardCount: 1, export: '{}' }, { cardCount: 1, export: '{}' },
  ],
  ['POST /v1/cards/001/clis', { cli: '+436641' }, 'card', 'bindCli', { cardId: '001', cli: '+436641', by }, bound, bound],
  ['POST /v1/cards/001/clis/release', { cli: '+436641' }, 'card', 'unbindCli', { cardId: '001', cli: '+436641', by }, bound, bound],
  ['POST /v1/caller-policies', policy, 'card', 'setCallerPolicy', { ...policy, trunk: '', by }, policy, policy],
  ['GET /v1/caller-policies', undefined, 'card', 'listCallerPolicies', {}, { policies: [policy] }, { policies: [policy] }],
  ['POST /v1/caller-addresses', address, 'card', 'registerAddress', { ...address, by }, address, address],
  ['GET /v1/caller-addresses', undefined, 'card', 'listAddresses', {}, { addresses: [address] }, { addresses: [address] }],
  ['DELETE /v1/caller-addresses/2001:db8::1', undefined, 'card', 'removeAddress', { address: '2001:db8::1', by }, {}, {}],
];
