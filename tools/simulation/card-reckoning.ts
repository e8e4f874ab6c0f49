import { CardFirstUsedSchema, CliBoundSchema, dataOf, publicEvents } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { decodeJson, encodeJson } from '@tollwire/event-store';
import { card, type CardEvent, type CardState } from '../../services/card/src/domain/card.ts';
import { eventsIn, rowsOf, sameList, text } from './committed.ts';
import type { Row } from './postgres/values.ts';
import { Violation } from './violation.ts';
import type { World } from './world.ts';

/** Each card is the fold of its events; its first use and its callers were told, each once, and a caller belongs to one card. */
export function holdCards({ card: { store } }: World): void {
  const cards = rowsOf(store, 'card_state');
  for (const row of cards) holdFold(row, rowsOf(store, 'event').filter((event) => event['stream'] === `card-${text(row, 'cardid')}`));
  const firstUsed = cards.filter((row) => (row['first_used'] ?? null) !== null);
  const toldFirst = eventsIn(store, publicEvents.CardFirstUsed).map((event) => dataOf(CardFirstUsedSchema, event));
  sameList('first uses', 'told', toldFirst.map(({ cardId, firstUsedAtUs }) => `${cardId} ${firstUsedAtUs}`), firstUsed.map((row) => `${text(row, 'cardid')} ${text(row, 'first_used')}`));
  const bound = rowsOf(store, 'cid').map((row) => `${text(row, 'cid')} ${text(row, 'cardid')}`);
  sameList('callers', 'bound', cards.flatMap((row) => clisOf(row).map((cli) => `${cli} ${text(row, 'cardid')}`)), bound);
  sameList('callers', 'told', eventsIn(store, publicEvents.CliBound).map((event) => dataOf(CliBoundSchema, event)).map(({ cli, cardId }) => `${cli} ${cardId}`), bound);
}

function holdFold(row: Row, events: readonly Row[]): void {
  const inOrder = events.toSorted((one, other) => Number(one['version']) - Number(other['version']));
  const state = inOrder.reduce((before: CardState, event) => card.evolve(before, decodeJson<CardEvent>(eventText(event))), card.initial);
  if (state.phase === 'none') throw new Violation(`the card ${text(row, 'cardid')} was never made`);
  const { phase, activated, firstUsedAt, expiresAt, deactivatedAt, suspension, clis } = state;
  const folded = [phase, activated, firstUsedAt, expiresAt, deactivatedAt, suspension, encodeJson(clis)].join(' ');
  const stored = ['status', 'activated', 'first_used', 'expires', 'deactivated', 'suspension', 'clis'].map((column) => present(row[column] ?? '', column)).join(' ');
  if (folded !== stored) throw new Violation(`the card ${text(row, 'cardid')} folds to ${folded}; stored is ${stored}`);
}

/** A stored event as one text of JSON, its type and its content. */
function eventText(event: Row): string {
  return encodeJson({ type: text(event, 'type'), ...decodeJson<object>(text(event, 'data')) });
}

function clisOf(row: Row): string[] {
  return decodeJson<{ readonly cli: string }[]>(text(row, 'clis')).map(({ cli }) => cli);
}
