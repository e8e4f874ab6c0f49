import { unreachable } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';

/** Why a card is suspended. Each is refused with a code of its own. */
export const suspensionReasons = ['unpaid', 'litigation', 'other'] as const;
export type SuspensionReason = (typeof suspensionReasons)[number];

/** What decides whether a card may be used: the flags and instants of its row. */
export interface CardStanding {
  readonly activated: boolean;
  /** Whether the first call activates it. */
  readonly activatesOnUse: boolean;
  readonly suspension: SuspensionReason | null;
  readonly deactivatedAt: InstantUs | null;
  readonly expiresAt: InstantUs | null;
}

/** The code of a suspended card. */
export type SuspensionCode = 'card_suspended' | 'card_suspended_unpaid' | 'card_suspended_litigation';

/** Why a card may not be used. */
export type StandingRefusal =
  | { readonly code: 'not_activated' | SuspensionCode }
  | { readonly code: 'card_deactivated' | 'card_expired'; readonly facts: { readonly sinceUs: string } };

/** How a card stands at an instant, in the words of a balance answer. */
export const cardStatuses = [
  'active', 'not_activated', 'card_deactivated', 'card_expired', 'card_suspended', 'card_suspended_unpaid', 'card_suspended_litigation',
] as const;
export type CardStatus = (typeof cardStatuses)[number];

/**
 * The status of a card at `at`. Both instants end the use of a card exclusively: at that very microsecond it is over.
 * It follows from time alone, so that a card is refused on the dot whether or not its expiry was recorded yet. A card that
 * its first call activates is active from the day it is made; one that nobody activated may expire all the same.
 */
export function statusAt(card: CardStanding, at: InstantUs): CardStatus {
  if (card.deactivatedAt !== null && at >= card.deactivatedAt) return 'card_deactivated';
  if (card.suspension !== null) return suspensionCode(card.suspension);
  if (card.expiresAt !== null && at >= card.expiresAt) return 'card_expired';
  return card.activated || card.activatesOnUse ? 'active' : 'not_activated';
}

/** The code that a card suspended for this reason is refused with. */
export function suspensionCode(reason: SuspensionReason): SuspensionCode {
  return reason === 'other' ? 'card_suspended' : `card_suspended_${reason}`;
}

/** Null where the card may be used at `at`, else the refusal: not_activated, card_suspended_…, card_deactivated or card_expired. */
export function refusalOfCard(card: CardStanding, at: InstantUs): StandingRefusal | null {
  const status = statusAt(card, at);
  switch (status) {
    case 'active':
      return null;
    case 'not_activated':
    case 'card_suspended':
    case 'card_suspended_unpaid':
    case 'card_suspended_litigation':
      return { code: status };
    case 'card_deactivated':
      return { code: status, facts: { sinceUs: String(card.deactivatedAt) } };
    case 'card_expired':
      return { code: status, facts: { sinceUs: String(card.expiresAt) } };
    default:
      return unreachable(status);
  }
}
