import { setImmediate } from 'node:timers/promises';
import type { DeckInForce, ReplicaState } from '@tollwire/rate-decks';
import type { SourceDeck } from '../domain/source.ts';

/** Reads the carrier decks that are in force, one chunk at a time, with room for other work in between. */
export async function loadCarrierDecks(state: ReplicaState): Promise<SourceDeck[]> {
  const decks: SourceDeck[] = [];
  for (const deck of state.decks) decks.push({ source: sourceOf(deck), columns: await columnsOf(state, deck) });
  return decks;
}

function sourceOf(deck: DeckInForce): SourceDeck['source'] {
  const { carrierCode, ownerId: carrierPlanId, digest, currency, validFromUs, validUntilUs } = deck;
  return { carrierCode, carrierPlanId, digest, currency, validFromUs, validUntilUs };
}

async function columnsOf(state: ReplicaState, deck: DeckInForce): Promise<SourceDeck['columns']> {
  const prefix: string[] = [];
  const blocked: boolean[] = [];
  const ratePerMinNanos = new Float64Array(deck.rateCount);
  const validFromUs = new Float64Array(deck.rateCount);
  const validUntilUs = new Float64Array(deck.rateCount);
  for await (const chunk of state.chunks(deck)) {
    for (const [row, digits] of chunk.prefix.entries()) {
      const at = prefix.push(digits) - 1;
      blocked.push(chunk.blocked[row] ?? false);
      ratePerMinNanos[at] = Number(chunk.ratePerMinNanos[row] ?? 0n);
      validFromUs[at] = Number(chunk.validFromUs[row] ?? 0n);
      validUntilUs[at] = Number(chunk.validUntilUs[row] ?? 0n) || Infinity;
    }
    await setImmediate();
  }
  return { prefix, ratePerMinNanos, validFromUs, validUntilUs, blocked };
}
