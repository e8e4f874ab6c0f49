import { describe, expect, it } from '@jest/globals';
import { given, instant, table } from '@tollwire/testing';
import { card } from './card.ts';
import type { CardCommand, CardEvent } from './card.ts';

const at = instant('2024-01-01T00:00:00Z');
const later = instant('2024-03-31T00:00:00Z');
const terms = { cardTypeId: 1, resellerId: 7, batchId: 'b1', lifetimeDays: 90 };
const issued: CardEvent = { type: 'CardIssued', card: terms, at };
const sold: CardEvent = { type: 'CardSold', at };
const paid: CardEvent = { type: 'CardPaid', at };
const activated: CardEvent = { type: 'CardActivated', resellerId: 7, at, expiresAt: later };
const expired: CardEvent = { type: 'CardExpired', at: later };
const deactivated: CardEvent = { type: 'CardDeactivated', at };
const order = (type: 'Sell' | 'Pay' | 'Activate' | 'Deactivate', forReseller: number | null = 7, when = at): CardCommand => ({ type, forReseller, at: when });

describe('a card', () => {
  it('is issued once', () => {
    given(card, []).when({ type: 'Issue', card: terms, at }).then([issued]);
    given(card, [issued]).when({ type: 'Issue', card: terms, at }).then({ code: 'conflict' });
  });

  it('SEED-05: starts its lifetime with its activation', () => {
    given(card, [issued]).when(order('Activate')).then([{ type: 'CardActivated', resellerId: 7, at, expiresAt: later }]);
  });

  it('never expires when its type has no lifetime', () => {
    const forEver: CardEvent = { ...issued, card: { ...terms, lifetimeDays: 0 } };
    given(card, [forEver]).when(order('Activate')).then([{ type: 'CardActivated', resellerId: 7, at, expiresAt: null }]);
  });

  it('SEED-08: obeys its own reseller and the operator, and no other reseller', () => {
    given(card, [issued]).when(order('Sell', 8)).then({ code: 'not_own_card', facts: { resellerId: '7' } });
    given(card, [issued]).when(order('Activate', 8)).then({ code: 'not_own_card', facts: { resellerId: '7' } });
    given(card, [issued]).when(order('Sell', 7)).then([sold]);
    given(card, [issued]).when(order('Sell', null)).then([sold]);
  });

  it('takes every order that it may be given, once, and repeats nothing', () => {
    const pasts: Record<string, CardEvent[]> = {
      none: [],
      issued: [issued],
      sold: [issued, sold],
      paid: [issued, paid],
      active: [issued, activated],
      'active, sold, paid': [issued, sold, paid, activated],
      expired: [issued, activated, expired],
      deactivated: [issued, deactivated],
    };
    const rows = table<'past' | 'Sell' | 'Pay' | 'Activate' | 'Deactivate'>(`
      past               | Sell             | Pay          | Activate         | Deactivate
      none               | unknown_card     | unknown_card | unknown_card     | unknown_card
      issued             | CardSold         | CardPaid     | CardActivated    | CardDeactivated
      sold               | -                | CardPaid     | CardActivated    | CardDeactivated
      paid               | CardSold         | -            | CardActivated    | CardDeactivated
      active             | CardSold         | CardPaid     | -                | CardDeactivated
      active, sold, paid | -                | -            | -                | CardDeactivated
      expired            | card_expired     | CardPaid     | card_expired     | CardDeactivated
      deactivated        | card_deactivated | CardPaid     | card_deactivated | -
    `);
    for (const { past, ...expected } of rows) {
      const { state } = given(card, pasts[past] ?? []);
      // On the day of expiry an expired card refuses; the others are asked while they live.
      const when = past === 'expired' ? later : at;
      for (const type of ['Sell', 'Pay', 'Activate', 'Deactivate'] as const) {
        const decision = card.decide(order(type, 7, when), state);
        const told = decision.accepted ? decision.events.map((event) => event.type).join() : decision.refusal.code;
        expect(`${past}: ${type} → ${told}`).toBe(`${past}: ${type} → ${expected[type]}`);
      }
    }
  });

  it('expires at its instant, and not before', () => {
    given(card, [issued, activated]).when({ type: 'Expire', at: instant('2024-03-30T23:59:59Z') }).then([]);
    given(card, [issued, activated]).when({ type: 'Expire', at: later }).then([expired]);
    given(card, [issued, activated, expired]).when({ type: 'Expire', at: later }).then([]);
    given(card, [issued]).when({ type: 'Expire', at: later }).then([]);
  });

  it('refuses activation after its instant even before the expiry is recorded', () => {
    given(card, [issued, activated]).when(order('Activate', 7, later)).then({ code: 'card_expired', facts: { expiredAtUs: String(later) } });
  });
});
