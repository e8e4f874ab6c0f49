import type { InstantUs } from '@tollwire/core';
import { type Projection, stateRow } from '@tollwire/event-store';
import type { ExpiresFrom } from '../domain/card-expiry.ts';
import type { SuspensionReason } from '../domain/card-standing.ts';
import type { CardBatchEvent } from '../domain/card-batch.ts';
import { nanosPerCent } from '../domain/card-type.ts';
import type { CardTypeEvent } from '../domain/card-type.ts';
import { type BoundCli, card, type CardEvent, type CardState } from '../domain/card.ts';

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
  readonly expiresFrom: ExpiresFrom;
  readonly expiresOn: InstantUs | null;
  readonly activatesOnUse: boolean;
  readonly status: 'issued' | 'active' | 'expired' | 'deactivated';
  readonly sold: boolean;
  readonly paid: boolean;
  readonly activated: boolean;
  readonly deactivatedAt: InstantUs | null;
  readonly expiresAt: InstantUs | null;
  readonly suspension: SuspensionReason | null;
  readonly firstUsedAt: InstantUs | null;
  readonly clis: readonly BoundCli[];
  /** The first of them; 1, which is nobody, where there is none. */
  readonly cidId: number;
}

/** The documented row of `cid` that a card without a caller refers to. */
const nobodyCidId = 1;

export const cardList = stateRow<CardState, CardEvent, CardRow>({
  decider: card,
  name: 'card-list',
  table: 'card_state',
  streamPrefix: streamPrefixes.card,
  columns: {
    cardId: 'cardid text',
    cardTypeId: 'cardtypeid int',
    resellerId: 'resellerid int',
    batchId: 'batch_id text',
    lifetimeDays: 'lifetime int',
    expiresFrom: 'expires_from text',
    expiresOn: 'expires_on instant_us',
    activatesOnUse: 'activates_on_use boolean',
    status: 'status text',
    sold: 'sold boolean',
    paid: 'payed boolean',
    activated: 'activated boolean',
    deactivatedAt: 'deactivated instant_us',
    expiresAt: 'expires instant_us',
    suspension: 'suspension text',
    firstUsedAt: 'first_used instant_us',
    clis: 'clis jsonb',
    cidId: 'cidid int',
  },
  key: ['cardId'],
  rowOf: (state, cardId) => {
    if (state.phase === 'none') return undefined;
    const { phase: status, ...facts } = state;
    return { cardId, status, ...facts, cidId: facts.clis[0]?.cidId ?? nobodyCidId };
  },
  stateOf: ({ cardId: _, cidId: __, status: phase, ...facts }) => ({ phase, ...facts }),
});

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
  readonly expiresFrom: ExpiresFrom;
  readonly expiresOn: InstantUs | null;
  readonly activatesOnUse: boolean;
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
    expiresFrom: 'expires_from text',
    expiresOn: 'expires instant_us',
    activatesOnUse: 'activates_on_use boolean',
  },
  key: ['cardTypeId'],
  keyOf: ({ stream }) => [Number(idOf(stream, streamPrefixes.cardType))],
  evolve(row, { event }) {
    if (event.type !== 'CardTypeCreated') return row === undefined ? row : { ...row, active: event.type === 'CardTypeOffered' };
    const value = Number(event.cardType.valueNanos / nanosPerCent);
    return { ...{ incomingLeg: false, expiresFrom: 'activation', expiresOn: null, activatesOnUse: false, ...event.cardType }, value };
  },
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
    return row === undefined || event.type === 'PinsMade' ? row : { ...row, madeCount: row.madeCount + event.cardIds.length };
  },
};
