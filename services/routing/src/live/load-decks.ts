import { setImmediate } from 'node:timers/promises';
import { type DeckChunk, type RateProfile, rateProfileOf } from '@tollwire/contracts';
import type { DeckInForce, ReplicaState } from '@tollwire/rate-decks';
import { ChargeNumbers, profileKey, type RateProfile as ProfileTerms, zoneOf } from '@tollwire/telecom';
import { BY_THE_SECOND, type OfferCharges, type SourceDeck, type Timing } from '../domain/source.ts';

/** Of what the catalog has in force, the carriers' decks. */
export type DecksInForce = Pick<ReplicaState, 'decks' | 'chunks'>;

/** Reads the carrier decks that are in force, one chunk at a time, with room for other work in between. */
export async function loadCarrierDecks(state: DecksInForce): Promise<SourceDeck[]> {
  const decks: SourceDeck[] = [];
  for (const deck of state.decks) decks.push({ source: sourceOf(deck), columns: await columnsOf(state, deck) });
  return decks;
}

function sourceOf(deck: DeckInForce): SourceDeck['source'] {
  const { carrierCode, ownerId: carrierPlanId, digest, currency, validFromUs, validUntilUs } = deck;
  return { carrierCode, carrierPlanId, digest, currency, validFromUs, validUntilUs };
}

/** Less than a millisecond of work. */
const ROWS_BETWEEN_YIELDS = 2_000;

async function columnsOf(state: DecksInForce, deck: DeckInForce): Promise<SourceDeck['columns']> {
  const prefix: string[] = [];
  const blocked: boolean[] = [];
  const ratePerMinNanos = new Float64Array(deck.rateCount);
  const validFromUs = new Float64Array(deck.rateCount);
  const validUntilUs = new Float64Array(deck.rateCount);
  const timing = new Uint16Array(deck.rateCount);
  const charge = new Uint32Array(deck.rateCount);
  const timings = new Timings();
  const charges = new Charges();
  for await (const chunk of state.chunks(deck)) {
    const profiles = chunk.profiles.map((profile) => profileOf(profile, chunk.timeZone));
    const numbers = profiles.map((profile) => timings.numberOf(profile));
    await setImmediate();
    for (const [row, digits] of chunk.prefix.entries()) {
      if (row % ROWS_BETWEEN_YIELDS === ROWS_BETWEEN_YIELDS - 1) await setImmediate();
      const at = prefix.push(digits) - 1;
      blocked.push(chunk.blocked[row] ?? false);
      ratePerMinNanos[at] = Number(chunk.ratePerMinNanos[row] ?? 0n);
      validFromUs[at] = Number(chunk.validFromUs[row] ?? 0n);
      validUntilUs[at] = Number(chunk.validUntilUs[row] ?? 0n) || Infinity;
      const profile = (chunk.profile[row] ?? 0) - 1;
      timing[at] = numbers[profile] ?? 0;
      charge[at] = charges.numberOf(chunk, row, profiles[profile]);
    }
    await setImmediate();
  }
  return { prefix, ratePerMinNanos, validFromUs, validUntilUs, blocked, timing, timings: timings.all, charge, charges: charges.all };
}

/** A profile that makes sense, with the zone of its clocks. */
interface ZonedProfile {
  readonly profile: ProfileTerms;
  readonly zone: Timing['zone'];
  /** What it says beside its window; undefined: nothing. */
  readonly further: ProfileTerms | undefined;
  readonly furtherKey: string;
}

/** Throws on one that makes no sense, as rating leaves its deck out. */
function profileOf(message: RateProfile, timeZone: string): ZonedProfile {
  const profile = rateProfileOf(message);
  const zone = zoneOf(timeZone);
  if (profile === undefined || !zone.ok) throw new Error(`A profile of the deck makes no sense, or its time zone "${timeZone}" is unknown`);
  const further = saysNothing(profile) ? undefined : { ...profile, window: undefined };
  return { profile, zone: zone.value, further, furtherKey: further === undefined ? '' : profileKey(further) };
}

/** The distinct timings of a deck: profiles differ in more than their windows. */
class Timings {
  readonly all: Timing[] = [];
  readonly #numbers = new Map<string, number>();

  /** Counted from 1; 0 for a profile that counts at any time. */
  numberOf({ profile: { window }, zone }: ZonedProfile): number {
    if (window === undefined) return 0;
    const key = JSON.stringify(window);
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    const number = this.all.push({ window, zone });
    this.#numbers.set(key, number);
    return number;
  }
}

type ChargeColumns = Pick<DeckChunk, 'connectFeeNanos' | 'initialIncrementSec' | 'incrementSec'>;

/** The distinct charges of a deck: rates share few. */
class Charges {
  readonly all: OfferCharges[] = [];
  readonly #numbers = new ChargeNumbers();
  readonly #further = new Map<string, number>();

  constructor() {
    this.#numbers.numberOf(BY_THE_SECOND, 0);
  }

  /** Counted from 1; 0 for a rate by the second with nothing beside it. */
  numberOf(chunk: ChargeColumns, row: number, profile: ZonedProfile | undefined): number {
    const own = {
      connectFeeNanos: Number(chunk.connectFeeNanos[row] ?? 0n),
      initialIncrementSec: chunk.initialIncrementSec[row] ?? 0,
      // An increment that was left out is proto3's 0: charged by the second.
      incrementSec: Math.max(1, chunk.incrementSec[row] ?? 0),
    };
    const number = this.#numbers.numberOf(own, profile?.further === undefined ? 0 : this.#furtherNumber(profile.furtherKey));
    if (number > this.all.length) this.all.push({ ...own, profile: profile?.further });
    return number;
  }

  #furtherNumber(key: string): number {
    const number = this.#further.get(key) ?? this.#further.size + 1;
    this.#further.set(key, number);
    return number;
  }
}

function saysNothing({ furtherSteps, terms }: ProfileTerms): boolean {
  return furtherSteps.length === 0 && Object.keys(terms).length === 0;
}
