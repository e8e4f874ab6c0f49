import { publicEventOf, publicEvents } from '@tollwire/contracts';
import type { PublicEvent } from '@tollwire/contracts';
import { unreachable } from '@tollwire/core';
import type { LifeEvent } from '../domain/card.ts';

/** What the world is told of it. A card may be suspended and resumed often, so what tells events apart is their place (`version`) in its life. */
export function lifeEventOf(cardId: string, event: LifeEvent, version: number, traceparent?: string): PublicEvent {
  const at = BigInt(event.at);
  const envelope = { source: 'tollwire/card', timeUs: event.at, parts: [cardId, String(version)], traceparent };
  switch (event.type) {
    case 'CardFirstUsed':
      return publicEventOf(publicEvents.CardFirstUsed, { ...envelope, data: { cardId, firstUsedAtUs: at, expiresAtUs: BigInt(event.expiresAt ?? 0) } });
    case 'CardExtended':
      return publicEventOf(publicEvents.CardExtended, { ...envelope, data: { cardId, extendedAtUs: at, expiresAtUs: BigInt(event.expiresAt) } });
    case 'CardSuspended':
      return publicEventOf(publicEvents.CardSuspended, { ...envelope, data: { cardId, reason: event.reason, suspendedAtUs: at } });
    case 'CardResumed':
      return publicEventOf(publicEvents.CardResumed, { ...envelope, data: { cardId, resumedAtUs: at } });
    case 'CliBound':
      return publicEventOf(publicEvents.CliBound, { ...envelope, data: { cardId, cli: event.cli, boundAtUs: at } });
    case 'CliUnbound':
      return publicEventOf(publicEvents.CliUnbound, { ...envelope, data: { cardId, cli: event.cli, unboundAtUs: at } });
    default:
      return unreachable(event);
  }
}
