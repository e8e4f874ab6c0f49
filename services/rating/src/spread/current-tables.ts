import { noTables, type RatingTables } from '../domain/tables.ts';
import { type CatalogState, compile } from './compile.ts';

/** The tables that prices are answered from now. A swap is one assignment: whoever holds the old ones ends with those. */
export class CurrentTables {
  #tables: RatingTables = noTables;
  #loaded = false;

  get now(): RatingTables {
    return this.#tables;
  }

  /** Whether what the catalog has in force, as far as this service knows it, has been compiled. */
  get loaded(): boolean {
    return this.#loaded;
  }

  /** Compiles news beside the tables in use, then swaps them in. Where it rejects, those in use stay. */
  async take(state: CatalogState): Promise<void> {
    this.#tables = await compile(state, this.#tables);
    this.#loaded = true;
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
