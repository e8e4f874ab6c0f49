import { accept, type Decider, type Decision, type InstantUs, reject, unreachable } from '@tollwire/core';
import { decideReview, isApproved, type Review, type ReviewCommand, reviewBefore, type ReviewEvent, type ReviewRefusal, reviewsAfter } from './deck-review.ts';

/** What a deck's rates price: what cards pay, what accounts pay, or what a carrier charges. */
export type DeckKind = 'tariff' | 'retail' | 'carrier';

/** An immutable version of a deck, as it was imported. */
export interface ImportedDeck {
  readonly kind: DeckKind;
  /** The tariff, retail plan or carrier plan that the deck belongs to. */
  readonly ownerId: number;
  /** Groups this version's rows in the rate tables. */
  readonly deckId: bigint;
  readonly version: number;
  /** SHA-256 over the content's chunks, lower-case hex. */
  readonly digest: string;
  readonly rateCount: number;
  readonly chunkCount: number;
  readonly currency: string;
  /** The carrier of a carrier deck; empty otherwise. */
  readonly carrierCode: string;
  /** The version whose rates were carried over where the file says "from that date on"; 0 where none were. */
  readonly baseVersion: number;
}

export type RateDeckCommand =
  | ({ readonly type: 'RecordImport'; readonly deck: Omit<ImportedDeck, 'version'> } & Said)
  | ReviewCommand
  | ({
      /** From which versions and how a version was made, in words. */
      readonly type: 'NoteOrigin';
      readonly digest: string;
      readonly origin: string;
    } & Said)
  | ({
      readonly type: 'Activate';
      readonly digest: string;
      readonly validFrom: InstantUs;
      /** Refuse where nobody has approved the version; otherwise the activation approves it too. */
      readonly onlyIfApproved?: boolean;
      /** Whoever imported a version may not approve it. */
      readonly fourEyes?: boolean;
    } & Said)
  | ({ readonly type: 'RollBack'; readonly reason: string } & Said)
  | ({ readonly type: 'Withdraw'; readonly digest: string } & Said);

/** Who did it and when. */
export interface Said {
  readonly by: string;
  readonly at: InstantUs;
}

/** A stretch of time that a version is in force for: `[validFrom, validUntil)`, open-ended where that is null. */
export interface Stretch {
  readonly deck: ImportedDeck;
  /** 1, 2, 3 … within the deck: the same version may be in force more than once. */
  readonly activation: number;
  readonly validFrom: InstantUs;
  readonly validUntil: InstantUs | null;
}

export type RateDeckEvent =
  | ({ readonly type: 'DeckImported'; readonly deck: ImportedDeck } & Said)
  | ReviewEvent
  | ({ readonly type: 'DeckMade'; readonly deck: ImportedDeck; readonly origin: string } & Said)
  | ({ readonly type: 'DeckActivated' } & Stretch & Said)
  | ({ readonly type: 'DeckSuperseded'; readonly byVersion: number } & Stretch & Said)
  | ({ readonly type: 'DeckWithdrawn' } & Stretch & Said)
  | ({ readonly type: 'DeckContinued' } & Stretch & Said)
  | ({
      readonly type: 'DeckRolledBack';
      /** The version that is in force again, by this activation, and the one that was until then. */
      readonly deck: ImportedDeck;
      readonly activation: number;
      readonly from: ImportedDeck;
      readonly reason: string;
    } & Said);

export type RateDeckRefusal =
  | { readonly code: 'unknown_deck'; readonly digest: string }
  | { readonly code: 'deck_empty' }
  | ReviewRefusal
  | { readonly code: 'nothing_to_roll_back' }
  | { readonly code: 'deck_base_superseded'; readonly baseVersion: number; readonly versionInForce: number }
  | { readonly code: 'deck_start_taken'; readonly version: number; readonly validFrom: InstantUs }
  | { readonly code: 'not_in_force'; readonly digest: string };

/** A deck is all versions that one tariff, retail plan or carrier plan ever had, and when each was in force. */
export interface RateDeck {
  readonly versions: readonly ImportedDeck[];
  /** Who imported each version, and whether it may be put in force. */
  readonly reviews: readonly Review[];
  /** How versions were made that came from no file, by version. */
  readonly origins: readonly { readonly version: number; readonly origin: string }[];
  readonly activationCount: number;
  /** By validFrom, never overlapping; a version that was withdrawn before it began is not among them. */
  readonly stretches: readonly Stretch[];
}

type RateDeckDecision = Decision<RateDeckEvent, RateDeckRefusal>;

export const rateDeck: Decider<RateDeck, RateDeckCommand, RateDeckEvent, RateDeckRefusal> = {
  name: 'rate-deck',
  initial: { versions: [], reviews: [], origins: [], activationCount: 0, stretches: [] },

  decide(command, deck) {
    switch (command.type) {
      case 'RecordImport':
        return recordImport(command, deck);
      case 'Approve':
      case 'Reject':
        return decideReview(command, deck);
      case 'NoteOrigin':
        return noteOrigin(command, deck);
      case 'Activate':
        return activate(command, deck);
      case 'RollBack':
        return rollBack(command, deck);
      case 'Withdraw':
        return withdraw(command, deck);
      default:
        return unreachable(command);
    }
  },

  evolve(deck, event) {
    switch (event.type) {
      case 'DeckImported':
        return { ...deck, versions: [...deck.versions, event.deck], reviews: reviewsAfter(deck.reviews, event) };
      case 'DeckApproved':
      case 'DeckRejected':
        return { ...deck, reviews: reviewsAfter(deck.reviews, event) };
      case 'DeckActivated':
        return { ...withStretch(deck, event), activationCount: event.activation, reviews: reviewsAfter(deck.reviews, event) };
      case 'DeckMade':
        return { ...deck, origins: [...deck.origins.filter(({ version }) => version !== event.deck.version), { version: event.deck.version, origin: event.origin }] };
      case 'DeckRolledBack':
        return deck;
      case 'DeckSuperseded':
      case 'DeckWithdrawn':
      case 'DeckContinued':
        return withStretch(deck, event);
      default:
        return unreachable(event);
    }
  },
};

/** The version with this content, if the deck has one. */
export function versionOf(deck: RateDeck, digest: string): ImportedDeck | undefined {
  return deck.versions.find((version) => version.digest === digest);
}

/** The version that prices a call of that instant, if any does. */
export function inForceAt(deck: RateDeck, at: InstantUs): Stretch | undefined {
  return deck.stretches.find(({ validFrom, validUntil }) => validFrom <= at && (validUntil === null || at < validUntil));
}

/** The same content again is the version that is there already, so a file that is imported twice changes nothing. */
function recordImport({ deck: imported, by, at }: RateDeckCommand & { type: 'RecordImport' }, deck: RateDeck): RateDeckDecision {
  if (imported.rateCount === 0) return reject({ code: 'deck_empty' });
  if (versionOf(deck, imported.digest) !== undefined) return accept();
  return accept({ type: 'DeckImported', deck: { ...imported, version: deck.versions.length + 1 }, by, at });
}

/** The same content made in another way has another origin; the last one is shown. */
function noteOrigin({ digest, origin, by, at }: RateDeckCommand & { type: 'NoteOrigin' }, deck: RateDeck): RateDeckDecision {
  const imported = versionOf(deck, digest);
  if (imported === undefined) return reject({ code: 'unknown_deck', digest });
  if (deck.origins.some((known) => known.version === imported.version && known.origin === origin)) return accept();
  return accept({ type: 'DeckMade', deck: imported, origin, by, at });
}

/**
 * Puts a version in force from `validFrom` until the next one that is already scheduled. Whatever was in force at that
 * instant ends there. A version that is in force at that instant anyway needs no second word; one that nobody has
 * approved is approved in the same step, unless that is refused.
 */
function activate(command: RateDeckCommand & { type: 'Activate' }, deck: RateDeck): RateDeckDecision {
  const { digest, validFrom, by, at } = command;
  const imported = versionOf(deck, digest);
  if (imported === undefined) return reject({ code: 'unknown_deck', digest });
  const { version, baseVersion } = imported;
  const before = inForceAt(deck, validFrom);
  if (before?.deck.version === version) return accept();
  const review = reviewBefore(command, imported, deck);
  if (!review.accepted) return review;
  if (before?.validFrom === validFrom) return reject({ code: 'deck_start_taken', version: before.deck.version, validFrom });
  if (baseVersion !== 0 && before?.deck.version !== baseVersion && !wasInForce(deck, version)) {
    return reject({ code: 'deck_base_superseded', baseVersion, versionInForce: before?.deck.version ?? 0 });
  }
  return accept<RateDeckEvent>(...review.events, ...putInForce(deck, imported, validFrom, { by, at }));
}

function putInForce(deck: RateDeck, imported: ImportedDeck, validFrom: InstantUs, said: Said): RateDeckEvent[] {
  const before = inForceAt(deck, validFrom);
  const validUntil = deck.stretches.find((stretch) => stretch.validFrom > validFrom)?.validFrom ?? null;
  const activated = { type: 'DeckActivated', deck: imported, activation: deck.activationCount + 1, validFrom, validUntil, ...said } as const;
  if (before === undefined) return [activated];
  return [{ ...before, type: 'DeckSuperseded', byVersion: imported.version, validUntil: validFrom, ...said }, activated];
}

/** Ends the version in force, and puts the one that was in force before it in force again, from now on. */
function rollBack({ reason, by, at }: RateDeckCommand & { type: 'RollBack' }, deck: RateDeck): RateDeckDecision {
  const current = inForceAt(deck, at);
  if (current === undefined) return reject({ code: 'nothing_to_roll_back' });
  const before = deck.stretches.findLast((stretch) => stretch.validFrom < current.validFrom && stretch.deck.version !== current.deck.version);
  if (before === undefined) return reject({ code: 'nothing_to_roll_back' });
  if (!isApproved(deck, before.deck.version)) return reject({ code: 'deck_rejected', digest: before.deck.digest });
  if (current.validFrom === at) return reject({ code: 'deck_start_taken', version: current.deck.version, validFrom: at });
  return accept<RateDeckEvent>(
    ...putInForce(deck, before.deck, at, { by, at }),
    { type: 'DeckRolledBack', deck: before.deck, activation: deck.activationCount + 1, from: current.deck, reason, by, at },
  );
}

/**
 * Ends a version now, and nothing takes its place until another is activated. Withdrawn before it began, it never
 * begins, and the version before it goes on instead.
 */
function withdraw({ digest, by, at }: RateDeckCommand & { type: 'Withdraw' }, deck: RateDeck): RateDeckDecision {
  const imported = versionOf(deck, digest);
  if (imported === undefined) return reject({ code: 'unknown_deck', digest });
  const stretch = deck.stretches.find((each) => {
    return each.deck.version === imported.version && (each.validUntil === null || each.validUntil > at);
  });
  if (stretch === undefined) return reject({ code: 'not_in_force', digest });
  if (stretch.validFrom < at) return accept<RateDeckEvent>({ ...stretch, type: 'DeckWithdrawn', validUntil: at, by, at });
  const withdrawn = { ...stretch, type: 'DeckWithdrawn', validUntil: stretch.validFrom, by, at } as const;
  const before = deck.stretches.find((each) => each.validUntil === stretch.validFrom);
  if (before === undefined) return accept<RateDeckEvent>(withdrawn);
  return accept<RateDeckEvent>(withdrawn, { ...before, type: 'DeckContinued', validUntil: stretch.validUntil, by, at });
}

function wasInForce(deck: RateDeck, version: number): boolean {
  return deck.stretches.some((stretch) => stretch.deck.version === version);
}

/** A stretch withdrawn before it began is empty, and is not kept. */
function withStretch(deck: RateDeck, { deck: imported, activation, validFrom, validUntil }: Stretch): RateDeck {
  const others = deck.stretches.filter((stretch) => stretch.activation !== activation);
  const stretches = validUntil === validFrom ? others : [...others, { deck: imported, activation, validFrom, validUntil }];
  return { ...deck, stretches: stretches.sort((a, b) => a.validFrom - b.validFrom) };
}
