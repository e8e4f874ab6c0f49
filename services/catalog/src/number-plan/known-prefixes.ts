import type { PrefixIndex} from '@tollwire/telecom';
import { PrefixIndexBuilder } from '@tollwire/telecom';

/** How many prefixes are taken in between two pauses. */
const SLICE = 4_000;

/** The prefixes of the number plan, as far as an import must know them. */
export class KnownPrefixes {
  readonly #index: PrefixIndex;
  /** What prefixes begin with that begin with no other. */
  readonly #starts: ReadonlySet<string>;

  private constructor(index: PrefixIndex, starts: ReadonlySet<string>) {
    this.#index = index;
    this.#starts = starts;
  }

  /** The prefixes with their ids. Pauses in between, because the world has a hundred thousand. */
  static *of(ids: ReadonlyMap<string, number>): Generator<void, KnownPrefixes> {
    const builder = new PrefixIndexBuilder(ids.size);
    const starts = new Set<string>();
    let root = '-';
    for (const [at, prefix] of [...ids.keys()].sort().entries()) {
      builder.add(prefix, { amount: 0, words: [ids.get(prefix) ?? 0, 0, 0] });
      if (!prefix.startsWith(root)) {
        root = prefix;
        for (let length = 1; length < prefix.length; length += 1) starts.add(prefix.slice(0, length));
      }
      if (at % SLICE === SLICE - 1) yield;
    }
    return new KnownPrefixes(builder.build(), starts);
  }

  /** Whether numbers with this prefix can exist: it begins with a known prefix, or is the beginning of one. */
  isKnown(prefix: string): boolean {
    return this.#index.longest(prefix) !== -1 || this.#starts.has(prefix);
  }

  /** The id of the longest known prefix that `prefix` begins with; null where it only is the beginning of some. */
  longestId(prefix: string): number | null {
    const at = this.#index.longest(prefix);
    return at === -1 ? null : this.#index.wordAt(at, 0);
  }
}
