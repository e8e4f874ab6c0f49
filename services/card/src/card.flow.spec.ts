import { describe, expect, it } from '@jest/globals';
import { publicEvents } from '@tollwire/contracts';
import { readConfig } from '@tollwire/platform';
import { cardFlow } from './card.flow.ts';

const environment = { DATABASE_URL: 'postgres://card@localhost/card', NATS_URL: 'nats://localhost', CARD_PIN_KEY: 'k'.repeat(32) };

describe('the flow of card', () => {
  it('publishes every public event that is card\'s, and no other', () => {
    const own = Object.values(publicEvents).filter(({ service }) => service === 'card').map(({ type }) => type);
    expect(cardFlow.publishes.map(({ type }) => type).sort()).toEqual(own.sort());
  });

  it('answers its services and reacts to rated calls under a name that is kept', () => {
    expect(cardFlow.answers.map(({ service }) => service.name)).toEqual(['CardService', 'CardLifeService', 'CallersService', 'MoneyService', 'CallControlService']);
    expect(cardFlow.reactions.map(({ name, events }) => [name, events.map(({ event }) => event)])).toEqual([['settle-charges', ['rated']], ['release-abandoned', ['abandoned']]]);
  });

  it('keeps each kind of aggregate in streams of its own, with the tables that are read', () => {
    expect(cardFlow.stores.map(({ name, streamPrefix, readModels }) => [name, streamPrefix, readModels.map(({ table }) => table)])).toEqual([
      ['card', 'card-', ['card_state', '"order"', 'sale']],
      ['cardtype', 'cardtype-', ['cardtype']],
      ['batch', 'batch-', ['card_batch']],
      ['account', 'account-', ['user_profile', 'userprofile_gateway']],
      ['credit-proposal', 'proposal-', ['credit_proposal']],
    ]);
  });

  it('reads how far an authorization goes from the environment, and refuses what makes no sense', () => {
    expect(readConfig(cardFlow.config, environment)).toMatchObject({ CALL_SEC_MAX: 7_200, RESERVATION_GRACE_SEC: 300 });
    expect(readConfig(cardFlow.config, { ...environment, CALL_SEC_MAX: '60' })).toMatchObject({ CALL_SEC_MAX: 60 });
    for (const wrong of ['0', '59', '86401', 'x', '60.5']) {
      expect(() => readConfig(cardFlow.config, { ...environment, CALL_SEC_MAX: wrong })).toThrow('CALL_SEC_MAX');
    }
    expect(() => readConfig(cardFlow.config, { ...environment, CARD_PIN_KEY: 'short' })).toThrow('CARD_PIN_KEY');
    expect(() => readConfig(cardFlow.config, { ...environment, RESERVATION_GRACE_SEC: '1' })).toThrow('RESERVATION_GRACE_SEC');
  });

  it('reads what one person may post alone by currency, and refuses what is no amount', () => {
    const limitsOf = (text?: string) => readConfig(cardFlow.config, { ...environment, CREDIT_ALONE_MAX: text }).CREDIT_ALONE_MAX;
    expect([...limitsOf()]).toEqual([['*', 10_000_000_000_000n]]);
    expect([...limitsOf('EUR:1000, usd:0.5')]).toEqual([['EUR', 1_000_000_000_000n], ['USD', 500_000_000n]]);
    for (const wrong of ['1000', 'EUR', 'EUR:-1', 'EURO:1', 'EUR:x']) expect(() => limitsOf(wrong)).toThrow('CREDIT_ALONE_MAX');
    expect(() => readConfig(cardFlow.config, { ...environment, VOUCHER_KEY: 'short' })).toThrow('VOUCHER_KEY');
  });
});
