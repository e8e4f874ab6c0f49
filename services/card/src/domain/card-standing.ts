import { unreachable } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';

/** What decides whether a card may be used: the flags and instants of its row. */
export interface CardStanding {
  readonly activated: boolean;
  readonly deactivatedAt: InstantUs | null;
  readonly expiresAt: InstantUs | null;
}

/** Why a card may not be used. */
export type StandingRefusal =
  | { readonly code: 'not_activated' }
  | { readonly code: 'card_deactivated' | 'card_expired'; readonly facts: { readonly sinceUs: string } };

/** How a card stands at an instant, in the words of a balance answer. */
export type CardStatus = 'active' | 'not_activated' | 'card_deactivated' | 'card_expired';

/**
 * The status of a card at `at`. Both instants end the use of a card exclusively: at that very microsecond it is over.
 * It follows from time alone, so that a card is refused on the dot whether or not its expiry was recorded yet.
 */
export function statusAt(card: CardStanding, at: InstantUs): CardStatus {
  if (card.deactivatedAt !== null && at >= card.deactivatedAt) return 'card_deactivated';
  if (!card.activated) return 'not_activated';
  return card.expiresAt !== null && at >= card.expiresAt ? 'card_expired' : 'active';
}

/** Null where the card may be used at `at`, else the refusal: not_activated, card_deactivated or card_expired. */
export function refusalOfCard(card: CardStanding, at: InstantUs): StandingRefusal | null {
  const status = statusAt(card, at);
  switch (status) {
    case 'active':
      return null;
    case 'not_activated':
      return { code: status };
    case 'card_deactivated':
      return { code: status, facts: { sinceUs: String(card.deactivatedAt) } };
    case 'card_expired':
      return { code: status, facts: { sinceUs: String(card.expiresAt) } };
    default:
      return unreachable(status);
  }
}
