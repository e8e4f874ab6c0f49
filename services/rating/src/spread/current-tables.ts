import { deckKey, noTables, type RatedDeck, type RatingTables } from '../domain/tables.ts';
import { type CatalogState, compile } from './compile.ts';
import { directOwnerId } from './direct-rates.ts';

/** The tables that prices are answered from now. A swap is one assignment: whoever holds the old ones ends with those. */
export class CurrentTables {
  readonly #onError: (error: unknown) => void;
  #tables: RatingTables = noTables;
  #loaded = false;

  /** @param onError told of a deck whose content cannot be compiled; the others are taken without it. */
  constructor(onError: (error: unknown) => void) {
    this.#onError = onError;
  }

  get now(): RatingTables {
    return this.#tables;
  }

  /** Whether what the catalog has in force, as far as this service knows it, has been compiled. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Compiles news beside the tables in use, then swaps them in. `direct`: what carriers quote beside their decks. */
  async take(state: CatalogState, direct: readonly RatedDeck[] = []): Promise<void> {
    this.#tables = await compile(state, this.#tables, this.#onError, direct);
    this.#loaded = true;
  }

  /** Which version of each deck prices calls that begin at an instant, as tariff:3; of direct rates there are none. */
  versionsAt(us: number): Record<string, number> {
    const decks = [...this.#tables.sellDecks.values(), ...this.#tables.buyDecks.values()].flat();
    const counting = decks.filter(({ ownerId, validFromUs, validUntilUs }) => ownerId !== directOwnerId && validFromUs <= us && us < validUntilUs);
    return Object.fromEntries(counting.map(({ kind, ownerId, version }) => [deckKey(kind, ownerId), version]));
  }

  /** What is loaded, for readiness. */
  describe(): { deckCount: number; rateCount: number; bytes: number } {
    const decks = [...this.#tables.sellDecks.values(), ...this.#tables.buyDecks.values()].flat();
    const rates = [...new Map(decks.map((deck) => [deck.digest, deck.rates])).values()];
    return {
      deckCount: decks.length,
      rateCount: rates.reduce((sum, { size }) => sum + size, 0),
      bytes: rates.reduce((sum, { bytes }) => sum + bytes, 0),
    };
  }
}
