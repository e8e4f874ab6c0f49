import { create } from '@bufbuild/protobuf';
import { CardSelectionSchema, ExtendCardsRequestSchema } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { changeCards } from '../../services/card/src/cards/change-cards.ts';
import { extendCards } from '../../services/card/src/cards/change-life.ts';
import type { HeldOrder } from '../../services/card/src/domain/card.ts';
import { expireCards } from '../../services/card/src/sweeps/expire-cards.ts';
import { forfeitCredit } from '../../services/card/src/sweeps/forfeit-credit.ts';
import { restoreExtended } from '../../services/card/src/sweeps/restore-credit.ts';
import { cardIds, doomedCardId } from './books.ts';
import { someCard } from './instances.ts';
import type { World } from './world.ts';

/** What is left on cards that expired goes to breakage. */
export function forfeit(world: World): void {
  someCard(world, 'forfeits what is left on expired cards', ({ deps }) => forfeitCredit(deps));
}

/** What had gone there comes back to cards that live again. */
export function restore(world: World): void {
  someCard(world, 'brings credit back to cards that live again', ({ deps }) => restoreExtended(deps));
}

/** It is noted of cards that they have expired. */
export function expire(world: World): void {
  someCard(world, 'notes which cards have expired', ({ deps }) => expireCards(deps, deps.aggregates));
}

/** A card that has an end is to live on from now; whoever brings back what it lost may be gone meanwhile. */
export function liveOn(world: World): void {
  const cardId = world.chance.oneOf(mortal(world));
  if (cardId !== undefined) extend(world, [cardId], world.nowUs + 200_000_000);
}

/** Every card that may live lives for good, so that in the end nothing of anybody's may be broken. */
export function liveForGood(world: World): void {
  extend(world, mortal(world), world.nowUs * 2);
}

const held: readonly { readonly weight: number; readonly order: HeldOrder }[] = [
  { weight: 6, order: { type: 'Activate' } },
  { weight: 2, order: { type: 'Suspend', reason: 'unpaid' } },
  { weight: 4, order: { type: 'Resume' } },
  { weight: 1, order: { type: 'Sell' } },
];

/** Who holds a card gives an order to it, perhaps one that was given before; one card is deactivated at times. */
export function orderOfHolder(world: World): void {
  const order = present(world.chance.weighed(held), 'an order').order;
  giveOrder(world, order, present(world.chance.oneOf(cardIds), 'a card'));
}

/** The card that may be taken out of use is. */
export function deactivate(world: World): void {
  giveOrder(world, { type: 'Deactivate' }, doomedCardId);
}

function giveOrder(world: World, order: HeldOrder, cardId: string): void {
  someCard(world, `is told to ${order.type} the card ${cardId}`, async ({ deps }) => {
    await changeCards(deps, deps.aggregates, order, create(CardSelectionSchema, { cardIds: [cardId] }), {});
  });
}

const mortal = ({ card: { store } }: World): string[] => [...store.rowsOf('card_state')].flatMap(([key, { expires = null }]) => (expires === null ? [] : [key]));

function extend(world: World, ids: string[], untilUs: number): void {
  someCard(world, `is told to extend the cards ${ids.join(' ')}`, async ({ deps }) => {
    await extendCards(deps, deps.aggregates, create(ExtendCardsRequestSchema, { cards: { cardIds: ids }, untilUs: BigInt(untilUs) }), {});
  });
}
