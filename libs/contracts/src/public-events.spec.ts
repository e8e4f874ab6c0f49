import { describe, expect, it } from '@jest/globals';
import {
  CallEndedSchema,
  CardActivatedSchema,
  dataOf,
  definitionOf,
  EventRefused,
  filterOf,
  isRefusalCode,
  type PublicEventName,
  publicEvents,
  refusals,
  rpcSubjectOf,
  streamOf,
  streamSubjectsOf,
  subjectOf,
} from './index.ts';
import { sampleEvents } from './sample-events.fixture.ts';

const subjects: Record<PublicEventName, string> = {
  CallStarted: 'tollwire.edge.v1.call.started.2',
  CallRinging: 'tollwire.edge.v1.call.ringing.2',
  CallAnswered: 'tollwire.edge.v1.call.answered.2',
  CallEnded: 'tollwire.edge.v1.call.ended.2',
  DeckImported: 'tollwire.catalog.v1.deck.imported.2',
  DeckActivated: 'tollwire.catalog.v1.deck.activated.2',
  DeckWithdrawn: 'tollwire.catalog.v1.deck.withdrawn.2',
  DeckApproved: 'tollwire.catalog.v1.deck.approved.2',
  DeckRejected: 'tollwire.catalog.v1.deck.rejected.2',
  DeckRolledBack: 'tollwire.catalog.v1.deck.rolled_back.2',
  VoipPlanComposed: 'tollwire.catalog.v1.plan.composed.2',
  SellTermsSet: 'tollwire.catalog.v1.plan.terms_set.2',
  ExchangeRateSet: 'tollwire.catalog.v1.exchange_rate.set.2',
  ProviderRegistered: 'tollwire.routing.v1.provider.registered.2',
  ProviderRatesLoaded: 'tollwire.routing.v1.provider.rates_loaded.2',
  ProviderRatesWithdrawn: 'tollwire.routing.v1.provider.rates_withdrawn.2',
  CallRated: 'tollwire.rating.v1.call.rated.2',
  CardsIssued: 'tollwire.card.v1.batch.issued.2',
  CardActivated: 'tollwire.card.v1.card.activated.2',
  CardDeactivated: 'tollwire.card.v1.card.deactivated.2',
  CardFirstUsed: 'tollwire.card.v1.card.first_used.2',
  CardExtended: 'tollwire.card.v1.card.extended.2',
  CardSuspended: 'tollwire.card.v1.card.suspended.2',
  CardResumed: 'tollwire.card.v1.card.resumed.2',
  CliBound: 'tollwire.card.v1.card.cli_bound.2',
  CliUnbound: 'tollwire.card.v1.card.cli_unbound.2',
  AccountOpened: 'tollwire.card.v1.account.opened.2',
  CreditReserved: 'tollwire.card.v1.credit.reserved.2',
  CardDebited: 'tollwire.card.v1.credit.debited.2',
  ReservationExpired: 'tollwire.card.v1.credit.expired.2',
  PaymentReceived: 'tollwire.card.v1.payment.received.2',
  PaymentReversed: 'tollwire.card.v1.payment.reversed.2',
  VoucherRedeemed: 'tollwire.card.v1.voucher.redeemed.2',
  BalanceLow: 'tollwire.card.v1.credit.low.2',
  CreditForfeited: 'tollwire.card.v1.credit.forfeited.2',
  CreditRestored: 'tollwire.card.v1.credit.restored.2',
  ReservationExtended: 'tollwire.card.v1.credit.extended.2',
  ReservationReleased: 'tollwire.card.v1.credit.released.2',
  AccountSuspended: 'tollwire.card.v1.account.suspended.2',
  AccountResumed: 'tollwire.card.v1.account.resumed.2',
  CdrClosed: 'tollwire.cdr.v1.call.closed.2',
  CallAbandoned: 'tollwire.cdr.v1.call.abandoned.2',
  NumberListed: 'tollwire.cdr.v1.list.listed.2',
  NumberDelisted: 'tollwire.cdr.v1.list.delisted.2',
  FraudSuspected: 'tollwire.cdr.v1.fraud.suspected.2',
  FraudCleared: 'tollwire.cdr.v1.fraud.cleared.2',
  NumbersScreened: 'tollwire.routing.v1.list.screened.2',
};

const keys: Record<PublicEventName, string> = {
  CallStarted: 'card:0012345678',
  CallRinging: 'fs1/7b5f0c1e-1c1a-4a57-8f4f-1a2b3c4d5e6f/1',
  CallAnswered: 'fs1/7b5f0c1e-1c1a-4a57-8f4f-1a2b3c4d5e6f/1',
  CallEnded: 'account:acme-1',
  DeckImported: 'deck:3:4',
  DeckActivated: 'deck:3:4',
  DeckWithdrawn: 'deck:3:4',
  DeckApproved: 'deck:3:4',
  DeckRejected: 'deck:3:4',
  DeckRolledBack: 'deck:3:4',
  VoipPlanComposed: 'voipPlanId:9',
  SellTermsSet: 'tariffId:7',
  ExchangeRateSet: 'pair:EUR/USD',
  ProviderRegistered: 'carrier:NORTH',
  ProviderRatesLoaded: 'carrier:NORTH',
  ProviderRatesWithdrawn: 'carrier:NORTH',
  CallRated: 'card:0012345678',
  CardsIssued: 'batch:b-1',
  CardActivated: 'card:0012345678',
  CardDeactivated: 'card:0012345678',
  CardFirstUsed: 'card:0012345678',
  CardExtended: 'card:0012345678',
  CardSuspended: 'card:0012345678',
  CardResumed: 'card:0012345678',
  CliBound: 'card:0012345678',
  CliUnbound: 'card:0012345678',
  AccountOpened: 'customer:c-1',
  CreditReserved: 'card:0012345678',
  CardDebited: 'card:0012345678',
  ReservationExpired: 'card:0012345678',
  PaymentReceived: 'card:0012345678',
  PaymentReversed: 'card:0012345678',
  VoucherRedeemed: 'account:acme-1',
  BalanceLow: 'customer:c-1',
  CreditForfeited: 'card:0012345678',
  CreditRestored: 'card:0012345678',
  ReservationExtended: 'card:0012345678',
  ReservationReleased: 'card:0012345678',
  AccountSuspended: 'customer:c-1',
  AccountResumed: 'customer:c-1',
  CdrClosed: 'card:0012345678',
  CallAbandoned: 'card:0012345678',
  NumberListed: 'list:blacklist',
  NumberDelisted: 'list:whitelist',
  FraudSuspected: 'fraud:7:card:0012345678',
  FraudCleared: 'fraud:7:card:0012345678',
  NumbersScreened: 'lists',
};

describe('public events', () => {
  it('have the subjects that adapters and consumers rely on', () => {
    const all = Object.entries(publicEvents).map(([name, definition]) => [name, subjectOf('tollwire', definition, 2)]);
    expect(Object.fromEntries(all)).toEqual(subjects);
  });

  it('have the keys that keep what belongs together in one partition', () => {
    expect(Object.fromEntries(Object.entries(sampleEvents).map(([name, { key }]) => [name, key]))).toEqual(keys);
  });

  it('are found by their CloudEvents type, and are named like their message', () => {
    for (const [name, definition] of Object.entries(publicEvents)) {
      expect(definitionOf(definition.type)).toBe(definition);
      expect(definition.type.endsWith(`.${name}`)).toBe(true);
    }
    expect(definitionOf('com.example.Other')).toBeUndefined();
  });

  it('go into the stream of their service, and requests into none', () => {
    expect(streamOf('tollwire', 'card')).toBe('TOLLWIRE_CARD');
    expect(streamSubjectsOf('tollwire', 'card')).toEqual(['tollwire.card.v1.*.*.*']);
    expect(filterOf('tollwire', publicEvents.CardDebited)).toBe('tollwire.card.v1.credit.debited.*');
    expect(rpcSubjectOf('tollwire', 'card', 'Authorize').split('.')).toHaveLength(5);
    expect(subjectOf('tollwire', publicEvents.CardDebited, 0).split('.')).toHaveLength(6);
  });

  it('give their data only as what they are', () => {
    const received = { id: '', type: CallEndedSchema.typeName, source: '', key: '', timeUs: 0, dataBytes: Uint8Array.of(7) };
    expect(() => dataOf(CardActivatedSchema, received)).toThrow(EventRefused);
    expect(() => dataOf(CallEndedSchema, received)).toThrow(EventRefused);
    expect(dataOf(CallEndedSchema, { ...received, dataBytes: new Uint8Array(0) }).cli).toBe('');
  });
});

describe('refusals', () => {
  it('have a code in lower case, an HTTP error status and a title', () => {
    for (const [code, { status, title }] of Object.entries(refusals)) {
      expect(code).toMatch(/^[a-z][a-z0-9_]+$/);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(600);
      expect(title).not.toBe('');
    }
  });

  it('are told from other words', () => {
    expect(isRefusalCode('insufficient_credit')).toBe(true);
    expect(isRefusalCode('toString')).toBe(false);
  });
});
