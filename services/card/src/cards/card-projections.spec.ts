import { describe, expect, it } from '@jest/globals';
import type { Event } from '@tollwire/core';
import type { Projection, Recorded } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import { accountList } from '../accounts/account-projection.ts';
import type { CardEvent } from '../domain/card.ts';
import { batchList, cardList, cardTypeList, orderList, saleList } from './card-projections.ts';

const at = instant('2024-01-01T00:00:00Z');
const later = instant('2024-03-31T00:00:00Z');
const terms = { cardTypeId: 1, resellerId: 7, batchId: 'b1', lifetimeDays: 90 };
const issued: CardEvent = { type: 'CardIssued', card: terms, at };

/** The rows that a stream leaves in a read model, by their keys. */
function rowsOf<Row extends object, E extends Event>(projection: Projection<Row, E>, stream: string, events: readonly E[]): Record<string, Row> {
  const rows = new Map<string, Row>();
  events.forEach((event, index) => {
    const recorded: Recorded<E> = { stream, version: index + 1, event, meta: {} };
    const key = projection.keyOf(recorded)?.join();
    if (key === undefined) return;
    const row = projection.evolve(rows.get(key), recorded);
    if (row === undefined) rows.delete(key);
    else rows.set(key, row);
  });
  return Object.fromEntries(rows);
}

const cardAfter = (...events: CardEvent[]) => rowsOf(cardList, 'card-0042', [issued, ...events])['0042'];

describe('the list of cards', () => {
  it('has a new card as it was made', () => {
    expect(cardAfter()).toEqual({
      ...{ cardId: '0042', ...terms, expiresFrom: 'activation', expiresOn: null, activatesOnUse: false },
      ...{ status: 'issued', sold: false, paid: false, activated: false, deactivatedAt: null, expiresAt: null, suspension: null, firstUsedAt: null, clis: [], cidId: 1 },
    });
  });

  it.each<[string, CardEvent, object]>([
    ['sold', { type: 'CardSold', at }, { sold: true, status: 'issued' }],
    ['paid for', { type: 'CardPaid', at }, { paid: true, status: 'issued' }],
    ['activated', { type: 'CardActivated', resellerId: 7, at, expiresAt: later }, { activated: true, status: 'active', expiresAt: later }],
    ['deactivated', { type: 'CardDeactivated', at: later }, { status: 'deactivated', deactivatedAt: later, activated: false }],
    ['first used', { type: 'CardFirstUsed', at, expiresAt: later }, { firstUsedAt: at, expiresAt: later }],
    ['suspended', { type: 'CardSuspended', reason: 'unpaid', at }, { suspension: 'unpaid', status: 'issued' }],
    ['bound to a caller', { type: 'CliBound', cli: '43664', cidId: 7, at }, { clis: [{ cli: '43664', cidId: 7 }], cidId: 7 }],
    ['expired', { type: 'CardExpired', at: later }, { status: 'expired' }],
  ])('shows that a card was %s', (_what, event, expected) => {
    expect(cardAfter(event)).toMatchObject(expected);
  });

  it('keeps that a deactivated card was active, sold and paid', () => {
    const life: CardEvent[] = [
      { type: 'CardSold', at },
      { type: 'CardPaid', at },
      { type: 'CardActivated', resellerId: 7, at, expiresAt: null },
      { type: 'CardDeactivated', at: later },
    ];
    expect(cardAfter(...life)).toMatchObject({ activated: true, sold: true, paid: true, status: 'deactivated', deactivatedAt: later, expiresAt: null });
  });

  it('makes nothing of a card that was never issued', () => {
    expect(rowsOf(cardList, 'card-0042', [{ type: 'CardSold', at }])).toEqual({});
  });
});

describe('orders and sales', () => {
  const life: CardEvent[] = [issued, { type: 'CardPaid', at: later }, { type: 'CardSold', at: later }];

  it('have one row a card, with the time of that fact alone', () => {
    expect(rowsOf(orderList, 'card-0042', life)).toEqual({ '0042': { cardId: '0042', orderTime: at } });
    expect(rowsOf(saleList, 'card-0042', life)).toEqual({ '0042': { cardId: '0042', saleTime: later } });
    expect(rowsOf(saleList, 'card-0042', [issued])).toEqual({});
  });
});

describe('the other lists', () => {
  it('show a card type with its value in cents', () => {
    const cardType = {
      cardTypeId: 3, description: 'ten', valueNanos: 10_000_000_000n, currency: 'EUR', tariffId: 5,
      lifetimeDays: 90, frequencySec: 6, startpulseSec: 30, active: true,
    };
    const created = { type: 'CardTypeCreated', cardType, at } as const;
    expect(rowsOf(cardTypeList, 'cardtype-3', [created])['3']).toMatchObject({ value: 1000, tariffId: 5, active: true });
    expect(rowsOf(cardTypeList, 'cardtype-3', [created, { type: 'CardTypeWithdrawn', at }])['3']).toMatchObject({ value: 1000, tariffId: 5, active: false });
    expect(rowsOf(cardTypeList, 'cardtype-3', [created, { type: 'CardTypeWithdrawn', at }, { type: 'CardTypeOffered', at }])['3']).toMatchObject({ active: true });
  });

  it('count the cards of an order as they are made', () => {
    const order = { batchId: 'b1', cardTypeId: 3, resellerId: 7, quantity: 3 };
    const rows = rowsOf(batchList, 'batch-b1', [
      { type: 'CardsOrdered', order, at },
      { type: 'CardsMade', cardIds: ['1', '2'], at: later },
      { type: 'CardsMade', cardIds: ['3'], at: later },
    ]);
    expect(rows).toEqual({ b1: { ...order, madeCount: 3, orderedAt: at } });
  });

  it('show an account under its first code', () => {
    const account = {
      customerId: 'acme', accountCodes: ['a1', 'a2'], voipPlanId: 9, currency: 'EUR', postpaid: true, creditLimitNanos: 5n, companyName: 'Acme',
    };
    expect(rowsOf(accountList, 'account-acme', [{ type: 'AccountOpened', terms: account, at }])['acme']).toMatchObject({
      accountCode: 'a1', creditLimitNanos: 5n, openedAt: at,
    });
  });
});
