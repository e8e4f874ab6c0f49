import type { CardSelection, CodedRefusal } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { EventMeta } from '@tollwire/event-store';
import type { Aggregates, CardDeps } from '../card.deps.ts';
import type { HeldOrder } from '../domain/card.ts';

/** How many cards changed, of the others why they did not, and which were so already. */
export interface CardsChange {
  changedCount: number;
  refused: Record<string, string>;
  unchanged: string[];
}

/** Cards in one request. */
const selectionMax = 20_000;
/** Cards in one transaction. */
const stepMax = 1_000;

/**
 * Gives one order to many cards, each with its own answer, in transactions of 1,000. A card that is so already is
 * neither changed nor refused, so the request may be repeated. Refuses more than 20,000 cards at a time.
 */
export async function changeCards(
  { clock }: Pick<CardDeps, 'clock'>,
  { cards }: Aggregates,
  order: HeldOrder,
  request: CardSelection,
  meta: EventMeta,
): Promise<Result<CardsChange, CodedRefusal>> {
  const cardIds = [...new Set(request.cardIds)];
  if (cardIds.length > selectionMax) return refuse({ code: 'too_many_items', field: 'cardIds', detail: `Name at most ${selectionMax} cards.` });
  const forReseller = request.resellerId === 0 ? null : request.resellerId;
  const command = { ...order, forReseller, at: clock.nowUs() };
  const change: CardsChange = { changedCount: 0, refused: {}, unchanged: [] };
  for (const id of cardIds.filter((cardId) => !isCardId(cardId))) change.refused[id] = 'unknown_card';
  const known = cardIds.filter(isCardId);
  for (let from = 0; from < known.length; from += stepMax) {
    const step = known.slice(from, from + stepMax);
    const answers = await cards.handleMany(step.map((id) => ({ id, command, meta })));
    step.forEach((id, at) => count(change, id, present(answers[at], 'an answer for each card')));
  }
  return ok(change);
}

function count(change: CardsChange, cardId: string, answer: Result<{ events: readonly unknown[] }, { code: string }>): void {
  if (!answer.ok) change.refused[cardId] = answer.refusal.code;
  else if (answer.value.events.length > 0) change.changedCount += 1;
  else change.unchanged.push(cardId);
}

function isCardId(text: string): boolean {
  return /^[0-9]{16}$/.test(text);
}
