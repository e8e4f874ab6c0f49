import { publicEventOf, publicEvents } from '@tollwire/contracts';
import { accept, type Decider, reject } from '@tollwire/core';
import { type Projection, readModel, type Recorded } from '../index.ts';

/** A small aggregate with its read model, for the suites of this library. */
export type CardCommand = { type: 'Issue'; creditNanos: bigint } | { type: 'Spend'; nanos: bigint; atUs: number } | { type: 'Destroy' };
export type CardEvent =
  | { type: 'CardIssued'; creditNanos: bigint }
  | { type: 'CardSpent'; nanos: bigint; atUs: number }
  | { type: 'CardDestroyed' };
export type CardRefusal = { code: 'unknown_card' } | { code: 'insufficient_credit'; creditNanos: bigint };
export type CardState = { status: 'none' } | { status: 'issued'; creditNanos: bigint };

export const card: Decider<CardState, CardCommand, CardEvent, CardRefusal> = {
  name: 'card',
  initial: { status: 'none' },
  decide(command, state) {
    if (command.type === 'Issue') return state.status === 'none' ? accept({ type: 'CardIssued', creditNanos: command.creditNanos }) : accept();
    if (state.status === 'none') return reject({ code: 'unknown_card' });
    if (command.type === 'Destroy') return accept({ type: 'CardDestroyed' });
    if (state.creditNanos < command.nanos) return reject({ code: 'insufficient_credit', creditNanos: state.creditNanos });
    return accept({ type: 'CardSpent', nanos: command.nanos, atUs: command.atUs });
  },
  evolve(state, event) {
    if (event.type === 'CardIssued') return { status: 'issued', creditNanos: event.creditNanos };
    if (event.type === 'CardDestroyed' || state.status === 'none') return { status: 'none' };
    return { status: 'issued', creditNanos: state.creditNanos - event.nanos };
  },
};

export interface CardRow {
  readonly cardId: string;
  readonly creditNanos: bigint;
  readonly spends: number;
  readonly lastSpentAtUs: number | null;
  readonly history: { readonly spent: readonly bigint[] };
}

export const cardTable = `CREATE TABLE card_list (
  card_id text PRIMARY KEY, credit_nanos bigint NOT NULL, spends int NOT NULL, last_spent_at timestamptz, history jsonb NOT NULL)`;

const cardProjection: Projection<CardRow, CardEvent> = {
  name: 'card_list',
  table: 'card_list',
  streamPrefix: 'card-',
  columns: {
    cardId: 'card_id text',
    creditNanos: 'credit_nanos bigint',
    spends: 'spends int',
    lastSpentAtUs: 'last_spent_at instant_us',
    history: 'history jsonb',
  },
  key: ['cardId'],
  keyOf: ({ stream }) => [stream.slice('card-'.length)],
  evolve(row, { stream, event }) {
    switch (event.type) {
      case 'CardIssued':
        return { cardId: stream.slice('card-'.length), creditNanos: event.creditNanos, spends: 0, lastSpentAtUs: null, history: { spent: [] } };
      case 'CardSpent':
        return row && {
          ...row,
          creditNanos: row.creditNanos - event.nanos,
          spends: row.spends + 1,
          lastSpentAtUs: event.atUs,
          history: { spent: [...row.history.spent, event.nanos] },
        };
      case 'CardDestroyed':
        return undefined;
    }
  },
};

export const cardList = readModel(cardProjection);

/** What others are told: that a card is gone. */
export function cardWire({ stream, version, event }: Recorded<CardEvent>) {
  if (event.type !== 'CardDestroyed') return [];
  const cardId = stream.slice('card-'.length);
  const data = { cardId, deactivatedAtUs: 0n };
  return [publicEventOf(publicEvents.CardDeactivated, { source: 'tollwire/card', timeUs: 0, parts: [stream, String(version)], data })];
}
