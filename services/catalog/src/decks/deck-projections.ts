import { type InstantUs, unreachable } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import type { ImportedDeck, RateDeckEvent } from '../domain/rate-deck.ts';

export const deckStreamPrefix = 'deck-';

/** The stream of all versions of one owner's deck: `deck-carrier-7`. */
export function deckIdOf({ kind, ownerId }: Pick<ImportedDeck, 'kind' | 'ownerId'>): string {
  return `${kind}-${ownerId}`;
}

export type DeckRow = ImportedDeck & {
  readonly importedAt: InstantUs;
  readonly importedBy: string;
  /** What the last look at it came to; all null where nobody has looked. */
  readonly review: 'approved' | 'rejected' | null;
  readonly reviewedAt: InstantUs | null;
  readonly reviewedBy: string | null;
  readonly reviewNote: string | null;
  /** How it was made; null for one that came from a file. */
  readonly origin: string | null;
};

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
    review: 'review text',
    reviewedAt: 'reviewed_at instant_us',
    reviewedBy: 'reviewed_by text',
    reviewNote: 'review_note text',
    origin: 'origin text',
  },
  key: ['kind', 'ownerId', 'version'],
  keyOf: ({ event }) => [event.deck.kind, event.deck.ownerId, event.deck.version],
  evolve(row, { event }) {
    switch (event.type) {
      case 'DeckImported':
        return { ...event.deck, importedAt: event.at, importedBy: event.by, review: null, reviewedAt: null, reviewedBy: null, reviewNote: null, origin: null };
      case 'DeckApproved':
        return row && { ...row, review: 'approved', reviewedAt: event.at, reviewedBy: event.by, reviewNote: event.note };
      case 'DeckRejected':
        return row && { ...row, review: 'rejected', reviewedAt: event.at, reviewedBy: event.by, reviewNote: event.note };
      case 'DeckMade':
        return row && { ...row, origin: event.origin };
      case 'DeckActivated':
      case 'DeckSuperseded':
      case 'DeckContinued':
      case 'DeckRolledBack':
      case 'DeckWithdrawn':
        return row;
      default:
        return unreachable(event);
    }
  },
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
  keyOf: ({ event }) => ('activation' in event ? [event.deck.kind, event.deck.ownerId, event.activation] : undefined),
  evolve(row, { event }) {
    switch (event.type) {
      case 'DeckImported':
      case 'DeckApproved':
      case 'DeckRejected':
      case 'DeckMade':
      case 'DeckRolledBack':
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
