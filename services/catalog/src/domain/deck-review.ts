import { accept, type Decision, reject } from '@tollwire/core';
import type { ImportedDeck, RateDeck, RateDeckEvent, Said } from './rate-deck.ts';

/** Whether a version may be put in force, and who imported it. */
export interface Review {
  readonly version: number;
  readonly importedBy: string;
  readonly outcome: 'none' | 'approved' | 'rejected';
}

export type ReviewCommand =
  | ({ readonly type: 'Approve'; readonly digest: string; readonly note: string; readonly fourEyes: boolean } & Said)
  | ({ readonly type: 'Reject'; readonly digest: string; readonly note: string } & Said);

export type ReviewEvent = ({ readonly type: 'DeckApproved' | 'DeckRejected'; readonly deck: ImportedDeck; readonly note: string }) & Said;

export type ReviewRefusal =
  | { readonly code: 'unknown_deck'; readonly digest: string }
  | { readonly code: 'deck_not_approved' | 'deck_rejected' | 'deck_in_force'; readonly digest: string }
  | { readonly code: 'own_approval'; readonly importedBy: string };

/**
 * Approves or rejects a version. A version that was rejected may be approved after all, by somebody who says so; one that
 * is in force or scheduled is not rejected but rolled back or withdrawn. Told twice it is told once.
 */
export function decideReview(command: ReviewCommand, deck: RateDeck): Decision<ReviewEvent, ReviewRefusal> {
  const { digest, note, by, at } = command;
  const imported = deck.versions.find((version) => version.digest === digest);
  if (imported === undefined) return reject({ code: 'unknown_deck', digest });
  const { outcome } = reviewOf(deck, imported.version);
  if (command.type === 'Approve') {
    if (outcome === 'approved') return accept();
    return command.fourEyes ? byAnother(deck, imported, { note, by, at }) : accept({ type: 'DeckApproved', deck: imported, note, by, at });
  }
  if (outcome === 'rejected') return accept();
  const isInForce = deck.stretches.some((stretch) => stretch.deck.version === imported.version && (stretch.validUntil === null || stretch.validUntil > at));
  if (isInForce) return reject({ code: 'deck_in_force', digest });
  return accept({ type: 'DeckRejected', deck: imported, note, by, at });
}

/** The approval that an activation brings along where there is none yet, if it may. */
export function reviewBefore(
  { onlyIfApproved = false, fourEyes = false, by, at }: { readonly onlyIfApproved?: boolean; readonly fourEyes?: boolean } & Said,
  imported: ImportedDeck,
  deck: RateDeck,
): Decision<ReviewEvent, ReviewRefusal> {
  const { outcome } = reviewOf(deck, imported.version);
  if (outcome === 'approved') return accept();
  if (outcome === 'rejected') return reject({ code: 'deck_rejected', digest: imported.digest });
  if (onlyIfApproved) return reject({ code: 'deck_not_approved', digest: imported.digest });
  const note = 'approved by its activation';
  return fourEyes ? byAnother(deck, imported, { note, by, at }) : accept({ type: 'DeckApproved', deck: imported, note, by, at });
}

export function isApproved(deck: RateDeck, version: number): boolean {
  return reviewOf(deck, version).outcome === 'approved';
}

/** The reviews after an event. What was put in force before approvals were kept counts as approved. */
export function reviewsAfter(reviews: readonly Review[], event: RateDeckEvent & { readonly type: 'DeckImported' | 'DeckActivated' | ReviewEvent['type'] }): readonly Review[] {
  const { version } = event.deck;
  if (event.type === 'DeckImported') return [...reviews, { version, importedBy: event.by, outcome: 'none' }];
  const outcome = event.type === 'DeckRejected' ? 'rejected' : 'approved';
  return reviews.map((review) => (review.version === version ? { ...review, outcome } : review));
}

function reviewOf(deck: RateDeck, version: number): Review {
  return deck.reviews.find((review) => review.version === version) ?? { version, importedBy: '', outcome: 'none' };
}

function byAnother(deck: RateDeck, imported: ImportedDeck, { note, by, at }: Said & { readonly note: string }): Decision<ReviewEvent, ReviewRefusal> {
  const { importedBy } = reviewOf(deck, imported.version);
  return by === importedBy ? reject({ code: 'own_approval', importedBy }) : accept({ type: 'DeckApproved', deck: imported, note, by, at });
}
