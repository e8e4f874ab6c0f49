import { type PublicEvent, publicEventOf, publicEvents } from '@tollwire/contracts';
import { unreachable } from '@tollwire/core';
import type { ExchangeRateEvent } from '../domain/exchange-rate.ts';
import type { ImportedDeck, RateDeckEvent } from '../domain/rate-deck.ts';
import { isLifeEvent } from '../domain/plan-life.ts';
import type { TariffEvent } from '../domain/tariff.ts';
import type { VoipPlanEvent } from '../domain/voip-plan.ts';
import {
  deckActivatedOf, deckApprovedOf, deckImportedOf, deckRejectedOf, deckRolledBackOf, deckWithdrawnOf, exchangeRateSetOf, tariffTermsOf, voipPlanComposedOf, voipPlanTermsOf,
} from './messages.ts';

const source = 'tollwire/catalog';

/** What the world is told of a deck. That a version ended because another began follows from what is told of the other. */
export function deckEventsOf(event: RateDeckEvent, traceparent?: string): PublicEvent[] {
  const envelope = { source, timeUs: event.at, traceparent };
  const parts = partsOf(event.deck);
  switch (event.type) {
    case 'DeckImported':
      return [publicEventOf(publicEvents.DeckImported, { ...envelope, parts, data: deckImportedOf(event) })];
    // A version may be approved, then rejected, then approved: the time tells one from the other.
    case 'DeckApproved':
      return [publicEventOf(publicEvents.DeckApproved, { ...envelope, parts: [...parts, String(event.at)], data: deckApprovedOf(event) })];
    case 'DeckRejected':
      return [publicEventOf(publicEvents.DeckRejected, { ...envelope, parts: [...parts, String(event.at)], data: deckRejectedOf(event) })];
    case 'DeckRolledBack':
      return [publicEventOf(publicEvents.DeckRolledBack, { ...envelope, parts: [...parts, String(event.activation)], data: deckRolledBackOf(event) })];
    case 'DeckActivated':
      return [publicEventOf(publicEvents.DeckActivated, { ...envelope, parts: [...parts, String(event.activation)], data: deckActivatedOf(event) })];
    case 'DeckWithdrawn':
      return [
        publicEventOf(publicEvents.DeckWithdrawn, {
          ...envelope,
          parts: [...parts, String(event.activation)],
          data: deckWithdrawnOf({ ...event, withdrawnAt: event.at }),
        }),
      ];
    case 'DeckMade':
    case 'DeckSuperseded':
    case 'DeckContinued':
      return [];
    default:
      return unreachable(event);
  }
}

/** A tariff's terms never change, so there is one revision of them. */
export function tariffEventsOf(event: TariffEvent, traceparent?: string): PublicEvent[] {
  if (isLifeEvent(event)) return [];
  const parts = ['tariff', String(event.tariffId)];
  return [publicEventOf(publicEvents.SellTermsSet, { source, timeUs: event.at, parts, traceparent, data: tariffTermsOf(event) })];
}

/** The composition as a whole, and the terms where they are new. */
export function voipPlanEventsOf(event: VoipPlanEvent, traceparent?: string): PublicEvent[] {
  // A deleted plan charges nobody; what late calls were charged by stays with those who rate them.
  if (isLifeEvent(event)) return [];
  const envelope = { source, timeUs: event.at, traceparent, parts: ['voip_plan', String(event.voipPlanId), String(event.revision)] };
  const composed = publicEventOf(publicEvents.VoipPlanComposed, { ...envelope, data: voipPlanComposedOf(event, event.at) });
  if (!event.termsChanged) return [composed];
  return [composed, publicEventOf(publicEvents.SellTermsSet, { ...envelope, data: voipPlanTermsOf(event, event.at) })];
}

/** Every rate that is recorded, corrections too. */
export function exchangeRateEventsOf(event: ExchangeRateEvent, traceparent?: string): PublicEvent[] {
  const parts = ['exchange_rate', event.base, event.quote, String(event.revision)];
  return [publicEventOf(publicEvents.ExchangeRateSet, { source, timeUs: event.at, parts, traceparent, data: exchangeRateSetOf(event) })];
}

function partsOf({ kind, ownerId, version }: ImportedDeck): string[] {
  return [kind, String(ownerId), String(version)];
}
