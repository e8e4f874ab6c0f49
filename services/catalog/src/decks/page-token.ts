import { unreachable } from '@tollwire/core';
import type { DeckKind } from '../domain/rate-deck.ts';

/** The activation that the page before ended with. */
export interface ActivationKey {
  readonly kind: DeckKind;
  readonly ownerId: number;
  readonly activation: number;
}

/** From where a page of the snapshot goes on: decks come first, then voip_plans, then what they were before, then tariffs, then exchange rates; ids begin at 1. */
export type PageCursor =
  | { readonly part: 'decks'; readonly after: ActivationKey | undefined }
  | { readonly part: 'plans'; readonly after: number }
  | { readonly part: 'past'; readonly plan: number; readonly revision: number }
  | { readonly part: 'tariffs'; readonly after: number }
  | { readonly part: 'exchange'; readonly base: string; readonly quote: string; readonly revision: number };

/** Before the first exchange rate. */
export const firstExchange: PageCursor = { part: 'exchange', base: '', quote: '', revision: 0 };

/** A cursor as the asker carries it to the next page. */
export function pageTokenOf(cursor: PageCursor): string {
  switch (cursor.part) {
    case 'decks':
      return cursor.after === undefined ? '' : `decks/${cursor.after.kind}/${cursor.after.ownerId}/${cursor.after.activation}`;
    case 'past':
      return `past/${cursor.plan}/${cursor.revision}`;
    case 'exchange':
      return `exchange/${cursor.base}/${cursor.quote}/${cursor.revision}`;
    case 'plans':
    case 'tariffs':
      return `${cursor.part}/${cursor.after}`;
    default:
      return unreachable(cursor);
  }
}

/** The cursor of a token; the beginning for none; undefined for a text that is no token. */
export function pageCursorOf(token: string): PageCursor | undefined {
  if (token === '') return { part: 'decks', after: undefined };
  const ofDeck = /^decks\/(tariff|retail|carrier)\/(\d{1,9})\/(\d{1,9})$/.exec(token);
  const kind = (['tariff', 'retail', 'carrier'] as const).find((each) => each === ofDeck?.[1]);
  if (kind !== undefined) return { part: 'decks', after: { kind, ownerId: Number(ofDeck?.[2]), activation: Number(ofDeck?.[3]) } };
  const [, plan, revision] = /^past\/(\d{1,9})\/(\d{1,9})$/.exec(token) ?? [];
  if (plan !== undefined) return { part: 'past', plan: Number(plan), revision: Number(revision) };
  const [, base, quote, rate] = /^exchange\/([A-Z]{3}|)\/([A-Z]{3}|)\/(\d{1,9})$/.exec(token) ?? [];
  if (base !== undefined && quote !== undefined) return { part: 'exchange', base, quote, revision: Number(rate) };
  const ofPlan = /^(plans|tariffs)\/(\d{1,9})$/.exec(token);
  if (ofPlan === null) return undefined;
  return { part: ofPlan[1] === 'plans' ? 'plans' : 'tariffs', after: Number(ofPlan[2]) };
}
