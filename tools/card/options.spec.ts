import { describe, expect, it } from '@jest/globals';
import { cardLine, changedExit, changedLines, policyLine } from './lines.ts';
import { batchBody, cardIdOf, orderBody, orders, pinsBody, policyBody, searchQuery } from './options.ts';

const nowMs = Date.UTC(2026, 0, 1);

describe('what ./tollwire card sends', () => {
  it('is an order to cards, with what belongs to it', () => {
    expect(orders).toEqual(['sell', 'pay', 'activate', 'deactivate', 'resume', 'suspend', 'extend']);
    expect(orderBody('sell', ['001'], { reseller: '7' }, nowMs)).toEqual({ cardIds: ['001'], resellerId: 7 });
    expect(orderBody('suspend', ['001'], {}, nowMs)).toEqual({ cardIds: ['001'], reason: 'other' });
    expect(orderBody('suspend', ['001'], { reason: 'unpaid' }, nowMs)).toEqual({ cardIds: ['001'], reason: 'unpaid' });
    expect(orderBody('extend', ['001'], { days: '30' }, nowMs)).toEqual({ cardIds: ['001'], until: '2026-01-31T00:00:00.000Z' });
    expect(orderBody('extend', ['001'], { until: '2026-06-01T00:00:00Z' }, nowMs)).toEqual({ cardIds: ['001'], until: '2026-06-01T00:00:00Z' });
  });

  it('names a batch, a list, PINs and a policy', () => {
    expect(batchBody('b 1', { type: '5', quantity: '100' })).toEqual({ batchId: 'b 1', cardTypeId: 5, quantity: 100 });
    expect(batchBody('b 1', { type: '5', quantity: '1', reseller: '7' })).toMatchObject({ resellerId: 7 });
    expect([searchQuery({}), searchQuery({ batch: 'b&1', status: 'active', reseller: '7' })]).toEqual(['', 'batchId=b%261&resellerId=7&status=active']);
    expect(pinsBody('correct horse battery', { length: '12' })).toEqual({ passphrase: 'correct horse battery', pinLength: 12, renew: false });
    expect(policyBody('refuse', {})).toEqual({ unknownCli: 'refuse' });
    expect(policyBody('create', { switch: 'sw1', trunk: 't1', type: '5', reseller: '7', 'bind-max': '3' })).toEqual({
      unknownCli: 'create', switchId: 'sw1', trunk: 't1', cardTypeId: 5, resellerId: 7, bindMax: 3,
    });
  });

  it('stops where that is not said, or said twice', () => {
    expect(() => orderBody('extend', ['001'], {}, nowMs)).toThrow('Say how long');
    expect(() => orderBody('extend', ['001'], { days: '1', until: 'x' }, nowMs)).toThrow('Say how long');
    expect(() => orderBody('extend', ['001'], { days: '1.5' }, nowMs)).toThrow('--days takes a whole number');
    expect(() => batchBody('b', { type: '5' })).toThrow('Say what to make');
    expect(() => cardIdOf('b1', 'usage')).toThrow('usage');
    expect(() => cardIdOf(undefined, 'usage')).toThrow('Name the card');
  });
});

describe('what it prints', () => {
  const card = { cardId: '001', cardTypeId: 1, resellerId: 1, batchId: 'b1', status: 'active', sold: true, paid: false, clis: [], hasPin: false };

  it('is a line a card', () => {
    expect(cardLine(card)).toBe('001: active, batch b1, sold, not paid');
    expect(cardLine({ ...card, status: 'card_expired', sold: false, paid: true, firstUsedAt: 'A', expiresAt: 'B', clis: ['431', '432'], hasPin: true })).toBe(
      '001: card_expired, batch b1, not sold, paid, first used A, until B, has a PIN, calls from 431, 432');
  });

  it('is what an order came to, and each card that it left as it is', () => {
    expect(changedLines('extend', { changedCount: 2, refused: { '001': 'no_expiry', '003': 'of_tomorrow' }, unchanged: ['002'] })).toEqual([
      'extend: 2 changed', '002: was so already',
      '001: left as it is: The card has no end that could be put off. Leave it as it is: it lives for ever, or its end is set when it is activated or first used. [no_expiry]',
      '003: left as it is: of_tomorrow',
    ]);
    expect(changedLines('sell', { changedCount: 0, refused: {}, unchanged: ['002'] })).toEqual(['sell: 0 changed, so nothing is different now', '002: was so already']);
  });

  it('ends with 1 where a card was refused, or none is different', () => {
    const none = { changedCount: 0, refused: {}, unchanged: ['001'] };
    expect([none, { ...none, changedCount: 1 }, { ...none, changedCount: 1, refused: { '002': 'card_expired' } }].map(changedExit)).toEqual([1, 0, 1]);
  });

  it('is a line a policy', () => {
    const policy = { switchId: '', trunk: '', unknownCli: 'refuse', cardTypeId: 0, bindMax: 0 };
    expect(policyLine(policy)).toBe('everywhere else: refuse');
    expect(policyLine({ ...policy, switchId: 'sw1', unknownCli: 'ask_pin', bindMax: 3 })).toBe('switch sw1: ask_pin, up to 3 callers bound by PIN');
    expect(policyLine({ ...policy, switchId: 'sw1', trunk: 't1', unknownCli: 'create', cardTypeId: 5 })).toBe('trunk t1 of switch sw1: create a card of type 5');
  });
});
