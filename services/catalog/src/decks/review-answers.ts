import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CatalogService, DeckHistoryEntrySchema } from '@tollwire/contracts';
import { ok, present, refuse, unreachable } from '@tollwire/core';
import { load } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { Aggregates, CatalogDeps } from '../catalog.deps.ts';
import type { RateDeckEvent } from '../domain/rate-deck.ts';
import { byField, noteField } from '../wire/fields.ts';
import { deckVersionOf } from '../wire/messages.ts';
import { metaOf } from '../wire/meta.ts';
import { deckRefusalOf } from '../wire/refusals.ts';
import { deckFields, replyOf } from './deck-answers.ts';
import { deckIdOf, deckStreamPrefix } from './deck-projections.ts';

type ReviewMethods = 'approveDeck' | 'rejectDeck' | 'rollBackDeck' | 'listDeckHistory';

/** Answers what people decide about versions of decks, and tells what they decided. */
export function reviewAnswers(
  { database, clock, fourEyes }: CatalogDeps,
  { decks }: Aggregates,
): Pick<ServiceImplementation<typeof CatalogService>, ReviewMethods> {
  return {
    async approveDeck({ digest, ...request }, context) {
      const [owner, note, by] = [deckFields(request), noteField(request.note, 'note'), byField(request.by)];
      if (!owner.ok) return owner;
      if (!note.ok) return note;
      if (!by.ok) return by;
      const command = { type: 'Approve', digest, note: note.value, fourEyes, by: by.value, at: clock.nowUs() } as const;
      const handled = await decks.handle(deckIdOf(owner.value), command, metaOf(context));
      return handled.ok ? ok(replyOf(handled.value.state, digest)) : refuse(deckRefusalOf(handled.refusal));
    },

    async rejectDeck({ digest, ...request }, context) {
      const [owner, note, by] = [deckFields(request), noteField(request.note, 'note', { isNeeded: true }), byField(request.by)];
      if (!owner.ok) return owner;
      if (!note.ok) return note;
      if (!by.ok) return by;
      const command = { type: 'Reject', digest, note: note.value, by: by.value, at: clock.nowUs() } as const;
      const handled = await decks.handle(deckIdOf(owner.value), command, metaOf(context));
      return handled.ok ? ok(replyOf(handled.value.state, digest)) : refuse(deckRefusalOf(handled.refusal));
    },

    async rollBackDeck(request, context) {
      const [owner, reason, by] = [deckFields(request), noteField(request.reason, 'reason', { isNeeded: true }), byField(request.by)];
      if (!owner.ok) return owner;
      if (!reason.ok) return reason;
      if (!by.ok) return by;
      const command = { type: 'RollBack', reason: reason.value, by: by.value, at: clock.nowUs() } as const;
      const handled = await decks.handle(deckIdOf(owner.value), command, metaOf(context));
      if (!handled.ok) return refuse(deckRefusalOf(handled.refusal));
      const told = present(handled.value.events.find((event) => event.type === 'DeckRolledBack'), 'what was rolled back');
      return ok({ from: deckVersionOf(told.from), to: deckVersionOf(told.deck) });
    },

    async listDeckHistory(request) {
      const owner = deckFields(request);
      if (!owner.ok) return owner;
      const { events } = await load<RateDeckEvent>(database, `${deckStreamPrefix}${deckIdOf(owner.value)}`);
      return ok({ entries: events.map(entryOf) });
    },
  };
}

function entryOf(event: RateDeckEvent): MessageInitShape<typeof DeckHistoryEntrySchema> {
  const { version, digest } = event.deck;
  const said = { version, digest, atUs: BigInt(event.at), by: event.by };
  switch (event.type) {
    case 'DeckImported':
      return { ...said, what: 'imported' };
    case 'DeckApproved':
      return { ...said, what: 'approved', note: event.note };
    case 'DeckRejected':
      return { ...said, what: 'rejected', note: event.note };
    case 'DeckMade':
      return { ...said, what: 'made', note: event.origin };
    case 'DeckRolledBack':
      return { ...said, what: 'rolled_back', note: event.reason, activation: event.activation };
    case 'DeckActivated':
      return { ...said, what: 'activated', ...stretchOf(event) };
    case 'DeckSuperseded':
      return { ...said, what: 'superseded', ...stretchOf(event) };
    case 'DeckWithdrawn':
      return { ...said, what: 'withdrawn', ...stretchOf(event) };
    case 'DeckContinued':
      return { ...said, what: 'continued', ...stretchOf(event) };
    default:
      return unreachable(event);
  }
}

function stretchOf({ activation, validFrom, validUntil }: { activation: number; validFrom: number; validUntil: number | null }) {
  return { activation, validFromUs: BigInt(validFrom), validUntilUs: BigInt(validUntil ?? 0) };
}
