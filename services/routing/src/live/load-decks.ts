import { setImmediate } from 'node:timers/promises';
import { rateProfileOf } from '@tollwire/contracts';
import type { RateProfile } from '@tollwire/contracts';
import type { DeckInForce, ReplicaState } from '@tollwire/rate-decks';
import { zoneOf } from '@tollwire/telecom';
import type { SourceDeck, Timing } from '../domain/source.ts';

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
  const timing = new Uint16Array(deck.rateCount);
  const timings = new Timings();
  for await (const chunk of state.chunks(deck)) {
    const numbers = chunk.profiles.map((profile) => timings.numberOf(profile, chunk.timeZone));
    for (const [row, digits] of chunk.prefix.entries()) {
      const at = prefix.push(digits) - 1;
      blocked.push(chunk.blocked[row] ?? false);
      ratePerMinNanos[at] = Number(chunk.ratePerMinNanos[row] ?? 0n);
      validFromUs[at] = Number(chunk.validFromUs[row] ?? 0n);
      validUntilUs[at] = Number(chunk.validUntilUs[row] ?? 0n) || Infinity;
      timing[at] = numbers[(chunk.profile[row] ?? 0) - 1] ?? 0;
    }
    await setImmediate();
  }
  return { prefix, ratePerMinNanos, validFromUs, validUntilUs, blocked, timing, timings: timings.all };
}

/** The distinct timings of a deck: profiles differ in more than their windows. */
class Timings {
  readonly all: Timing[] = [];
  readonly #numbers = new Map<string, number>();

  /** Counted from 1; 0 for a profile that counts at any time. Throws on one that makes no sense, as rating leaves its deck out. */
  numberOf(message: RateProfile, timeZone: string): number {
    const profile = rateProfileOf(message);
    const zone = zoneOf(timeZone);
    if (profile === undefined || !zone.ok) throw new Error(`A profile of the deck makes no sense, or its time zone "${timeZone}" is unknown`);
    const { window } = profile;
    if (window === undefined) return 0;
    const key = JSON.stringify(window);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.push({ window, zone: zone.value });
    this.#numbers.set(key, number);
    return number;
  }
}
