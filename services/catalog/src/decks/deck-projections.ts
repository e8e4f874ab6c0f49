import { type InstantUs, unreachable } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import type { ImportedDeck, RateDeckEvent } from '../domain/rate-deck.ts';

export const deckStreamPrefix = 'deck-';

/** The stream of all versions of one owner's deck: `deck-carrier-7`. */
export function deckIdOf({ kind, ownerId }: Pick<ImportedDeck, 'kind' | 'ownerId'>): string {
  return `${kind}-${ownerId}`;
}

export type DeckRow = ImportedDeck & { readonly importedAt: InstantUs; readonly importedBy: string };

/** Every version that was imported. */
export const rateDeckList: Projection<DeckRow, RateDeckEvent> = {
  name: 'rate-deck-list',
  table: 'rate_deck',
  streamPrefix: deckStreamPrefix,
  columns: {
    kind: 'kind text',
    ownerId: 'owner_id int',
    version: 'version int',
    deckId: 'deck_id bigint',
    digest: 'digest text',
    rateCount: 'rate_count int',
    chunkCount: 'chunk_count int',
    currency: 'currency text',
    carrierCode: 'carrier_code text',
    baseVersion: 'base_version int',
    importedAt: 'imported_at instant_us',
    importedBy: 'imported_by text',
  },
  key: ['kind', 'ownerId', 'version'],
  keyOf: ({ event }) => (event.type === 'DeckImported' ? [event.deck.kind, event.deck.ownerId, event.deck.version] : undefined),
  evolve: (row, { event }) => (event.type === 'DeckImported' ? { ...event.deck, importedAt: event.at, importedBy: event.by } : row),
};

export interface ActivationRow {
  readonly kind: string;
  readonly ownerId: number;
  readonly activation: number;
  readonly version: number;
  readonly validFrom: InstantUs;
  readonly validUntil: InstantUs | null;
  readonly activatedAt: InstantUs;
  readonly activatedBy: string;
  readonly withdrawnAt: InstantUs | null;
  readonly withdrawnBy: string | null;
}

/** When which version is, was or will be in force. One that was withdrawn before it began has an empty stretch. */
export const deckActivationList: Projection<ActivationRow, RateDeckEvent> = {
  name: 'deck-activation-list',
  table: 'deck_activation',
  streamPrefix: deckStreamPrefix,
  columns: {
    kind: 'kind text',
    ownerId: 'owner_id int',
    activation: 'activation int',
    version: 'version int',
    validFrom: 'valid_from instant_us',
    validUntil: 'valid_until instant_us',
    activatedAt: 'activated_at instant_us',
    activatedBy: 'activated_by text',
    withdrawnAt: 'withdrawn_at instant_us',
    withdrawnBy: 'withdrawn_by text',
  },
  key: ['kind', 'ownerId', 'activation'],
  keyOf: ({ event }) => (event.type === 'DeckImported' ? undefined : [event.deck.kind, event.deck.ownerId, event.activation]),
  evolve(row, { event }) {
    switch (event.type) {
      case 'DeckImported':
        return row;
      case 'DeckActivated':
        return activated(event);
      case 'DeckSuperseded':
      case 'DeckContinued':
        return row && { ...row, validUntil: event.validUntil };
      case 'DeckWithdrawn':
        return row && { ...row, validUntil: event.validUntil, withdrawnAt: event.at, withdrawnBy: event.by };
      default:
        return unreachable(event);
    }
  },
};

function activated({ deck, activation, validFrom, validUntil, at, by }: RateDeckEvent & { type: 'DeckActivated' }): ActivationRow {
  const { kind, ownerId, version } = deck;
  const withdrawn = { withdrawnAt: null, withdrawnBy: null };
  return { kind, ownerId, activation, version, validFrom, validUntil, activatedAt: at, activatedBy: by, ...withdrawn };
}
