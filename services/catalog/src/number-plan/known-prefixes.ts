/** How many prefixes are taken in between two pauses. */
const SLICE = 4_000;

/** The prefixes of the number plan, as far as an import must know them. */
export class KnownPrefixes {
  readonly #ids: ReadonlyMap<string, number>;
  /** Prefixes that begin with no other; whatever begins with one of them is known. */
  readonly #roots = new Set<string>();
  /** What the roots begin with. */
  readonly #starts = new Set<string>();
  #rootDigitsMax = 0;
  #digitsMax = 0;

  private constructor(ids: ReadonlyMap<string, number>) {
    this.#ids = ids;
  }

  /** The prefixes with their ids. Pauses in between, because the world has a hundred thousand. */
  static *of(ids: ReadonlyMap<string, number>): Generator<void, KnownPrefixes> {
    const known = new KnownPrefixes(ids);
    for (const [at, prefix] of [...ids.keys()].sort().entries()) {
      known.#add(prefix);
      if (at % SLICE === SLICE - 1) yield;
    }
    return known;
  }

  /** Roots come before whatever begins with them, because prefixes are added in digit order. */
  #add(prefix: string): void {
    this.#digitsMax = Math.max(this.#digitsMax, prefix.length);
    if (this.#beginsWithRoot(prefix)) return;
    this.#roots.add(prefix);
    this.#rootDigitsMax = Math.max(this.#rootDigitsMax, prefix.length);
    for (let length = 1; length < prefix.length; length += 1) this.#starts.add(prefix.slice(0, length));
  }

  /** Whether numbers with this prefix can exist: it begins with a known prefix, or is the beginning of one. */
  isKnown(prefix: string): boolean {
    return this.#beginsWithRoot(prefix) || this.#starts.has(prefix);
  }

  /** The id of the longest known prefix that `prefix` begins with; null where it only is the beginning of some. */
  longestId(prefix: string): number | null {
    for (let length = Math.min(prefix.length, this.#digitsMax); length > 0; length -= 1) {
      const id = this.#ids.get(prefix.slice(0, length));
      if (id !== undefined) return id;
    }
    return null;
  }

  #beginsWithRoot(prefix: string): boolean {
    const longest = Math.min(prefix.length, this.#rootDigitsMax);
    for (let length = 1; length <= longest; length += 1) {
      if (this.#roots.has(prefix.slice(0, length))) return true;
    }
    return false;
  }
}
