import { accept, reject, unreachable } from '@tollwire/core';
import type { Decider, InstantUs } from '@tollwire/core';
import type { CardType } from './card-type.ts';

/** An order of cards as it was placed. */
export interface CardOrder {
  readonly batchId: string;
  readonly cardTypeId: number;
  readonly resellerId: number;
  readonly quantity: number;
}

export type CardBatchCommand =
  | { readonly type: 'Order'; readonly order: CardOrder; readonly cardType: Pick<CardType, 'active'> | null; readonly at: InstantUs }
  | { readonly type: 'Make'; readonly cardIds: readonly string[]; readonly at: InstantUs }
  | ({ readonly type: 'MakePins' } & PinsMade);

/** That cards of an order got PINs, and nothing of the PINs. */
interface PinsMade {
  readonly cardCount: number;
  readonly pinLength: number;
  readonly at: InstantUs;
}

export type CardBatchEvent =
  | { readonly type: 'CardsOrdered'; readonly order: CardOrder; readonly at: InstantUs }
  | { readonly type: 'CardsMade'; readonly cardIds: readonly string[]; readonly at: InstantUs }
  | ({ readonly type: 'PinsMade' } & PinsMade);

export type CardBatchRefusal =
  | { readonly code: 'unknown_card_type' | 'cardtype_inactive' | 'idempotency_mismatch' | 'conflict' | 'unknown_batch' }
  | { readonly code: 'field_out_of_range'; readonly field: 'quantity'; readonly detail: string };

export type CardBatchState =
  | { readonly phase: 'none' }
  | { readonly phase: 'ordered'; readonly order: CardOrder; readonly madeCount: number };

/** Cards in one order: an answer with their ids fits one message of the bus. */
export const batchQuantityMax = 20_000;
/** Cards made in one transaction, and told in one event. */
export const cardsPerEventMax = 1_000;

/**
 * An order of cards, named by the caller. Placed twice with the same content it is one order; made in steps of at most
 * 1,000, so that an order that was interrupted goes on where it stood.
 */
export const cardBatch: Decider<CardBatchState, CardBatchCommand, CardBatchEvent, CardBatchRefusal> = {
  name: 'batch',
  initial: { phase: 'none' },
  decide(command, state) {
    switch (command.type) {
      case 'Order':
        return state.phase === 'none' ? place(command) : sameOrder(state.order, command.order) ? accept() : reject({ code: 'idempotency_mismatch' });
      case 'Make':
        if (state.phase === 'none' || command.cardIds.length === 0 || command.cardIds.length > nextStep(state)) return reject({ code: 'conflict' });
        return accept({ type: 'CardsMade', cardIds: command.cardIds, at: command.at });
      case 'MakePins':
        return state.phase === 'none' ? reject({ code: 'unknown_batch' }) : accept({ ...command, type: 'PinsMade' });
      default:
        return unreachable(command);
    }
  },
  evolve(state, event) {
    if (event.type === 'CardsOrdered') return { phase: 'ordered', order: event.order, madeCount: 0 };
    return state.phase === 'none' || event.type === 'PinsMade' ? state : { ...state, madeCount: state.madeCount + event.cardIds.length };
  },
};

/** How many cards the next step makes; 0 when the order is complete. */
export function nextStep(state: CardBatchState): number {
  return state.phase === 'none' ? 0 : Math.min(cardsPerEventMax, state.order.quantity - state.madeCount);
}

function place({ order, cardType, at }: Extract<CardBatchCommand, { type: 'Order' }>) {
  if (cardType === null) return reject({ code: 'unknown_card_type' } as const);
  if (!cardType.active) return reject({ code: 'cardtype_inactive' } as const);
  if (order.quantity < 1 || order.quantity > batchQuantityMax) {
    return reject({ code: 'field_out_of_range', field: 'quantity', detail: `Order 1 to ${batchQuantityMax} cards at a time.` } as const);
  }
  return accept({ type: 'CardsOrdered', order, at } as const);
}

function sameOrder(a: CardOrder, b: CardOrder): boolean {
  return a.cardTypeId === b.cardTypeId && a.resellerId === b.resellerId && a.quantity === b.quantity;
}
