import { type E164, PrefixIndex } from '@tollwire/telecom';

/** Things that are found by the longest prefix of a number; of equal prefixes the last one counts. */
export class ByPrefix<T extends { readonly prefix: string }> {
  readonly #all: readonly T[];
  readonly #index: PrefixIndex;

  constructor(all: readonly T[]) {
    this.#all = all.toSorted((left, right) => (left.prefix < right.prefix ? -1 : Number(left.prefix > right.prefix)));
    this.#index = PrefixIndex.build(this.#all.map(({ prefix }) => prefix));
  }

  longest(e164: E164): T | undefined {
    return this.#all[this.#index.longest(e164)];
  }
}
