import { unreachable } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import type { CardBatchEvent } from '../domain/card-batch.ts';
import { nanosPerCent } from '../domain/card-type.ts';
import type { CardTypeEvent } from '../domain/card-type.ts';
import type { CardEvent } from '../domain/card.ts';

/** Names of the streams, each with the id behind it. */
export const streamPrefixes = { card: 'card-', cardType: 'cardtype-', batch: 'batch-', account: 'account-' } as const;

function idOf(stream: string, prefix: string): string {
  return stream.slice(prefix.length);
}

/** A row of `card_state`: the documented card without its credit, which the ledger has. */
export interface CardRow {
  readonly cardId: string;
  readonly cardTypeId: number;
  readonly resellerId: number;
  readonly batchId: string;
  readonly lifetimeDays: number;
  readonly status: 'issued' | 'active' | 'expired' | 'deactivated';
  readonly sold: boolean;
  readonly paid: boolean;
  readonly activated: boolean;
  readonly deactivatedAt: InstantUs | null;
  readonly expiresAt: InstantUs | null;
}

export const cardList: Projection<CardRow, CardEvent> = {
  name: 'card-list',
  table: 'card_state',
  streamPrefix: streamPrefixes.card,
  columns: {
    cardId: 'cardid text',
    cardTypeId: 'cardtypeid int',
    resellerId: 'resellerid int',
    batchId: 'batch_id text',
    lifetimeDays: 'lifetime int',
    status: 'status text',
    sold: 'sold boolean',
    paid: 'payed boolean',
    activated: 'activated boolean',
    deactivatedAt: 'deactivated instant_us',
    expiresAt: 'expires instant_us',
  },
  key: ['cardId'],
  keyOf: ({ stream }) => [idOf(stream, streamPrefixes.card)],
  evolve(row, { stream, event }) {
    if (event.type === 'CardIssued') return issuedRow(idOf(stream, streamPrefixes.card), event.card);
    return row === undefined ? undefined : recorded(row, event);
  },
};

function issuedRow(cardId: string, card: Extract<CardEvent, { type: 'CardIssued' }>['card']): CardRow {
  return { cardId, ...card, status: 'issued', sold: false, paid: false, activated: false, deactivatedAt: null, expiresAt: null };
}

function recorded(row: CardRow, event: Exclude<CardEvent, { type: 'CardIssued' }>): CardRow {
  switch (event.type) {
    case 'CardSold':
      return { ...row, sold: true };
    case 'CardPaid':
      return { ...row, paid: true };
    case 'CardActivated':
      return { ...row, status: 'active', activated: true, expiresAt: event.expiresAt };
    case 'CardExpired':
      return { ...row, status: 'expired' };
    case 'CardDeactivated':
      return { ...row, status: 'deactivated', deactivatedAt: event.at };
    default:
      return unreachable(event);
  }
}

/** Every card ordered, and when; documented as `order`. */
export const orderList: Projection<{ cardId: string; orderTime: InstantUs }, CardEvent> = {
  name: 'order-list',
  table: '"order"',
  streamPrefix: streamPrefixes.card,
  columns: { cardId: 'cardid text', orderTime: 'ordertime instant_us' },
  key: ['cardId'],
  keyOf: ({ stream, event }) => (event.type === 'CardIssued' ? [idOf(stream, streamPrefixes.card)] : undefined),
  evolve: (_row, { stream, event }) => ({ cardId: idOf(stream, streamPrefixes.card), orderTime: event.at }),
};

/** Every card sold, and when; documented as `sale`. */
export const saleList: Projection<{ cardId: string; saleTime: InstantUs }, CardEvent> = {
  name: 'sale-list',
  table: 'sale',
  streamPrefix: streamPrefixes.card,
  columns: { cardId: 'cardid text', saleTime: 'saletime instant_us' },
  key: ['cardId'],
  keyOf: ({ stream, event }) => (event.type === 'CardSold' ? [idOf(stream, streamPrefixes.card)] : undefined),
  evolve: (_row, { stream, event }) => ({ cardId: idOf(stream, streamPrefixes.card), saleTime: event.at }),
};

/** A row of the documented `cardtype`; `value` in whole cents. */
export interface CardTypeRow {
  readonly cardTypeId: number;
  readonly value: number;
  readonly currency: string;
  readonly description: string;
  readonly active: boolean;
  readonly tariffId: number;
  readonly lifetimeDays: number;
  readonly frequencySec: number;
  readonly startpulseSec: number;
  readonly incomingLeg: boolean;
}

export const cardTypeList: Projection<CardTypeRow, CardTypeEvent> = {
  name: 'cardtype-list',
  table: 'cardtype',
  streamPrefix: streamPrefixes.cardType,
  columns: {
    cardTypeId: 'cardtypeid int',
    value: 'value int',
    currency: 'currency text',
    description: 'description text',
    active: 'active boolean',
    tariffId: 'tariffid int',
    lifetimeDays: 'lifetime int',
    frequencySec: 'frequency int',
    startpulseSec: 'startpulse int',
    incomingLeg: 'incoming_leg boolean',
  },
  key: ['cardTypeId'],
  keyOf: ({ event }) => [event.cardType.cardTypeId],
  evolve: (_row, { event }) => ({
    ...event.cardType, incomingLeg: event.cardType.incomingLeg ?? false, value: Number(event.cardType.valueNanos / nanosPerCent),
  }),
};

/** An order of cards, and how many of them are made. */
export interface BatchRow {
  readonly batchId: string;
  readonly cardTypeId: number;
  readonly resellerId: number;
  readonly quantity: number;
  readonly madeCount: number;
  readonly orderedAt: InstantUs;
}

export const batchList: Projection<BatchRow, CardBatchEvent> = {
  name: 'batch-list',
  table: 'card_batch',
  streamPrefix: streamPrefixes.batch,
  columns: {
    batchId: 'batch_id text',
    cardTypeId: 'cardtypeid int',
    resellerId: 'resellerid int',
    quantity: 'quantity int',
    madeCount: 'made int',
    orderedAt: 'ordered_at instant_us',
  },
  key: ['batchId'],
  keyOf: ({ stream }) => [idOf(stream, streamPrefixes.batch)],
  evolve(row, { event }) {
    if (event.type === 'CardsOrdered') return { ...event.order, madeCount: 0, orderedAt: event.at };
    return row === undefined ? undefined : { ...row, madeCount: row.madeCount + event.cardIds.length };
  },
};
