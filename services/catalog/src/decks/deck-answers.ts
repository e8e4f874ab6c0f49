import { type CatalogService, type CodedRefusal, type DeckKind as WireDeckKind } from '@tollwire/contracts';
import { type InstantUs, ok, present, refuse, type Result } from '@tollwire/core';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { Aggregates, CatalogDeps } from '../catalog.deps.ts';
import { type DeckKind, type RateDeck, versionOf } from '../domain/rate-deck.ts';
import { deckKindOf } from '../wire/deck-kind.ts';
import { byField } from '../wire/fields.ts';
import { instantUsOf } from '../wire/instant.ts';
import { deckActivatedOf, deckVersionOf, deckWithdrawnOf } from '../wire/messages.ts';
import { metaOf } from '../wire/meta.ts';
import { deckRefusalOf } from '../wire/refusals.ts';
import { deckIdOf } from './deck-projections.ts';
import { type ListedActivation, type ListedDeck, readActivations, readActivationsAfter, readChunk, readDecks } from './deck-reads.ts';

type DeckMethods = 'activateDeck' | 'withdrawDeck' | 'listDecks' | 'listDeckActivations' | 'fetchDeckChunk';

/** Activations in one answer: some 300 KB. */
const LISTED_MAX = 1_000;

/** 1 January 2200 in µs: a later start is a slip of the unit. */
const VALID_FROM_MAX_US = 7_258_118_400_000_000n;

/** Answers what is about versions of decks once they are imported. */
export function deckAnswers({ database, clock, fourEyes }: CatalogDeps, { decks }: Aggregates): Pick<ServiceImplementation<typeof CatalogService>, DeckMethods> {
  return {
    async activateDeck({ digest, validFromUs, ...request }, context) {
      const [owner, by] = [deckFields(request), byField(request.by)];
      if (!owner.ok) return owner;
      if (!by.ok) return by;
      if (validFromUs < 0n || validFromUs > VALID_FROM_MAX_US) {
        return refuse({ code: 'field_out_of_range', field: 'validFromUs', detail: 'Give an instant from 1970 to 2200, or none for now.' });
      }
      const at = clock.nowUs();
      const validFrom = validFromUs === 0n ? at : instantUsOf(validFromUs);
      const { onlyIfApproved } = request;
      const command = { type: 'Activate', digest, validFrom, onlyIfApproved, fourEyes, by: by.value, at } as const;
      const handled = await decks.handle(deckIdOf(owner.value), command, metaOf(context));
      return handled.ok ? ok(replyOf(handled.value.state, digest)) : refuse(deckRefusalOf(handled.refusal));
    },

    async withdrawDeck({ digest, ...request }, context) {
      const [owner, by] = [deckFields(request), byField(request.by)];
      if (!owner.ok) return owner;
      if (!by.ok) return by;
      const command = { type: 'Withdraw', digest, by: by.value, at: clock.nowUs() } as const;
      const handled = await decks.handle(deckIdOf(owner.value), command, metaOf(context));
      return handled.ok ? ok(replyOf(handled.value.state, digest)) : refuse(deckRefusalOf(handled.refusal));
    },

    async listDecks(request) {
      const owner = deckFields(request);
      if (!owner.ok) return owner;
      const { kind, ownerId } = owner.value;
      const [versions, activations] = await Promise.all([readDecks(database, kind, ownerId), readActivations(database, owner.value)]);
      const now = clock.nowUs();
      return ok({
        decks: versions.map((deck) => {
          const last = activations.findLast((activation) => activation.deck.version === deck.version);
          return {
            deck: deckVersionOf(deck),
            status: statusOf(last, now, deck.review),
            importedAtUs: BigInt(deck.importedAt),
            activatedAtUs: BigInt(last?.activatedAt ?? 0),
            validFromUs: BigInt(last?.validFrom ?? 0),
            validUntilUs: BigInt(last?.validUntil ?? 0),
            importedBy: deck.importedBy,
            reviewedBy: deck.reviewedBy ?? '',
            reviewedAtUs: BigInt(deck.reviewedAt ?? 0),
            reviewNote: deck.reviewNote ?? '',
            origin: deck.origin ?? '',
          };
        }),
      });
    },

    async listDeckActivations(request) {
      const owner = deckFields(request);
      if (!owner.ok) return owner;
      const activations = await readActivationsAfter(database, owner.value, request.afterActivation, LISTED_MAX);
      return ok({ activations: activations.map(recordedOf) });
    },

    async fetchDeckChunk({ digest, chunk }) {
      const content = await readChunk(database, digest, chunk);
      return content === undefined ? refuse({ code: 'unknown_deck', field: 'digest', detail: 'No version has this digest and chunk.' }) : ok({ content });
    },
  };
}

/** Whose deck a request is about. */
export function deckFields(request: { readonly kind: WireDeckKind; readonly ownerId: number }): Result<{ kind: DeckKind; ownerId: number }, CodedRefusal> {
  const kind = deckKindOf(request.kind);
  if (kind === undefined) return refuse({ code: 'field_missing', field: 'kind', detail: 'Give kind as tariff, retail or carrier.' });
  return ok({ kind, ownerId: request.ownerId });
}

function recordedOf({ activatedAt, withdrawnAt, withdrawnBy, ...activation }: ListedActivation) {
  const ended = withdrawnAt === null ? {} : { withdrawn: deckWithdrawnOf({ ...activation, withdrawnAt, by: withdrawnBy ?? '' }) };
  return { activated: deckActivatedOf(activation), recordedAtUs: BigInt(activatedAt), ...ended };
}

function statusOf(last: ListedActivation | undefined, now: InstantUs, review: ListedDeck['review']): string {
  // What is not in force any more may have been rejected since.
  if (last === undefined || (review === 'rejected' && last.validUntil !== null && last.validUntil <= now)) return review ?? 'imported';
  if (last.withdrawnAt !== null) return 'withdrawn';
  if (last.validUntil !== null && last.validUntil <= now) return 'superseded';
  return last.validFrom > now ? 'scheduled' : 'active';
}

/** The version that was asked for, as it is answered. */
export function replyOf(deck: RateDeck, digest: string) {
  return { deck: deckVersionOf(present(versionOf(deck, digest), 'the version that was asked for')) };
}
