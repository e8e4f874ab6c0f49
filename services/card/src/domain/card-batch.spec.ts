import { describe, expect, it } from '@jest/globals';
import { given, instant } from '@tollwire/testing';
import { batchQuantityMax, cardBatch, nextStep } from './card-batch.ts';
import type { CardBatchEvent } from './card-batch.ts';

const at = instant('2024-01-01T00:00:00Z');
const order = { batchId: 'b1', cardTypeId: 1, resellerId: 7, quantity: 1_500 };
const ordered: CardBatchEvent = { type: 'CardsOrdered', order, at };
const cards = (count: number) => Array.from({ length: count }, (_, card) => String(card).padStart(16, '0'));
const made = (count: number): CardBatchEvent => ({ type: 'CardsMade', cardIds: cards(count), at });
const active = { active: true };

describe('an order of cards', () => {
  it('is placed for a type that is sold', () => {
    given(cardBatch, []).when({ type: 'Order', order, cardType: active, at }).then([ordered]);
    given(cardBatch, []).when({ type: 'Order', order, cardType: null, at }).then({ code: 'unknown_card_type' });
    given(cardBatch, []).when({ type: 'Order', order, cardType: { active: false }, at }).then({ code: 'cardtype_inactive' });
  });

  it('is one order however often it is placed, even when the type is sold no more', () => {
    given(cardBatch, [ordered]).when({ type: 'Order', order, cardType: { active: false }, at }).then([]);
    for (const other of [{ quantity: 1 }, { cardTypeId: 2 }, { resellerId: 8 }]) {
      given(cardBatch, [ordered]).when({ type: 'Order', order: { ...order, ...other }, cardType: active, at }).then({ code: 'idempotency_mismatch' });
    }
  });

  it('has a quantity within its limits', () => {
    for (const quantity of [0, -1, batchQuantityMax + 1]) {
      const decision = cardBatch.decide({ type: 'Order', order: { ...order, quantity }, cardType: active, at }, cardBatch.initial);
      expect(decision).toMatchObject({ accepted: false, refusal: { code: 'field_out_of_range', field: 'quantity' } });
    }
  });

  it('is made in steps of a thousand, and never beyond its quantity', () => {
    expect(nextStep(given(cardBatch, []).state)).toBe(0);
    expect(nextStep(given(cardBatch, [ordered]).state)).toBe(1_000);
    expect(nextStep(given(cardBatch, [ordered, made(1_000)]).state)).toBe(500);
    expect(nextStep(given(cardBatch, [ordered, made(1_000), made(500)]).state)).toBe(0);
    given(cardBatch, [ordered]).when({ type: 'Make', cardIds: cards(1_000), at }).then([made(1_000)]);
    given(cardBatch, [ordered, made(1_000)]).when({ type: 'Make', cardIds: cards(501), at }).then({ code: 'conflict' });
    given(cardBatch, [ordered]).when({ type: 'Make', cardIds: [], at }).then({ code: 'conflict' });
    given(cardBatch, []).when({ type: 'Make', cardIds: cards(1), at }).then({ code: 'conflict' });
  });
});
