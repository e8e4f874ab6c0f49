import { describe, expect, it } from '@jest/globals';
import { fold, instantUs } from '@tollwire/core';
import fc from 'fast-check';
import { statusAt } from './card-standing.ts';
import { card } from './card.ts';
import type { CardCommand, CardEvent, CardState } from './card.ts';
import { credit } from './credit.ts';
import type { Charge, Credit } from './credit.ts';

const daySec = 86_400;
const instantOfDay = (day: number) => instantUs(day * daySec * 1_000_000);

/** Any orders, in any order, from anybody, as time goes on. */
const orders = fc.array(
  fc.record({
    type: fc.constantFrom('Sell', 'Pay', 'Activate', 'Deactivate', 'Expire'),
    forReseller: fc.constantFrom(null, 7, 8),
    days: fc.nat(40),
  }),
  { maxLength: 30 },
);

function live(lifetimeDays: number, given: readonly { type: string; forReseller: number | null; days: number }[]) {
  const terms = { cardTypeId: 1, resellerId: 7, batchId: 'b1', lifetimeDays };
  const events: CardEvent[] = [{ type: 'CardIssued', card: terms, at: instantOfDay(0) }];
  let state: CardState = fold(card, events);
  let day = 0;
  for (const { type, forReseller, days } of given) {
    day += days;
    const decision = card.decide(orderOf(type, forReseller, day), state);
    if (!decision.accepted) continue;
    events.push(...decision.events);
    state = fold(card, decision.events, state);
  }
  return { events, state, day };
}

function orderOf(type: string, forReseller: number | null, day: number): CardCommand {
  const at = instantOfDay(day);
  switch (type) {
    case 'Sell':
    case 'Pay':
    case 'Activate':
    case 'Deactivate':
      return { type, forReseller, at };
    default:
      return { type: 'Expire', at };
  }
}

describe('a life of a card, whatever is ordered', () => {
  it('has each fact at most once', () => {
    fc.assert(
      fc.property(orders, fc.nat(90), (given, lifetimeDays) => {
        const types = live(lifetimeDays, given).events.map((event) => event.type);
        expect(new Set(types).size).toBe(types.length);
      }),
    );
  });

  it('obeys no other reseller', () => {
    fc.assert(
      fc.property(orders, (given) => {
        const strangers = given.map((order) => ({ ...order, forReseller: 8, type: order.type === 'Expire' ? 'Sell' : order.type }));
        expect(live(0, strangers).events).toHaveLength(1);
      }),
    );
  });

  it('ends with its lifetime, on the day, by standing and by record alike', () => {
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 90 }), (given, lifetimeDays) => {
        const { events, state, day } = live(lifetimeDays, given);
        if (state.phase === 'none') return;
        const deactivatedAt = events.find((event) => event.type === 'CardDeactivated')?.at ?? null;
        const activated = events.some((event) => event.type === 'CardActivated');
        const status = statusAt({ activated, deactivatedAt, expiresAt: state.expiresAt }, instantOfDay(day));
        if (state.phase === 'expired') expect(status).toBe('card_expired');
        if (state.phase === 'deactivated') expect(status).toBe('card_deactivated');
        if (state.phase === 'issued') expect(status).toBe('not_activated');
        if (state.phase === 'active') expect(['active', 'card_expired']).toContain(status);
      }),
    );
  });
});

describe('ratings of one call, in whatever order and however often', () => {
  it('charge what the latest says, and free the reservation once', () => {
    const rating = fc.record({ revision: fc.integer({ min: 1, max: 5 }), nth: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(rating, { minLength: 1, maxLength: 12 }), fc.array(fc.bigInt({ min: 0n, max: 1_000n }), { minLength: 6, maxLength: 6 }), (told, amounts) => {
        let state: Credit = { creditNanos: 500n, reservedNanos: 100n, creditLimitNanos: 0n };
        let before: Charge | null = null;
        let openNanos: bigint | null = 100n;
        for (const { revision } of told) {
          const charge = { amountNanos: amounts[revision] ?? 0n, revision };
          const decision = credit.decide({ type: 'Settle', charge, before, openNanos }, state);
          if (!decision.accepted || decision.events.length === 0) continue;
          state = fold(credit, decision.events, state);
          [before, openNanos] = [charge, null];
        }
        const latest = Math.max(...told.map(({ revision }) => revision));
        expect(state).toEqual({ creditNanos: 500n - (amounts[latest] ?? 0n), reservedNanos: 0n, creditLimitNanos: 0n });
      }),
    );
  });
});
