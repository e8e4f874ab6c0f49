/** Contents that many rates share, each once, numbered from 1 in the order in which they came; 0 stands for none. */
export class Interned<T extends object> {
  readonly #keyOf: (item: T) => string;
  readonly #items: T[] = [];
  readonly #numbers = new Map<string, number>();
  /** A reader hands the same object over for many rows: its key is worked out once. */
  readonly #seen = new WeakMap<T, number>();

  /** `keyOf` names a content: two are the same if and only if their keys are. */
  constructor(keyOf: (item: T) => string) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#items.length;
  }

  /** All contents, that of number 1 first. */
  get items(): readonly T[] {
    return this.#items;
  }

  /** The number of a content, a new one where it has none yet. */
  numberOf(item: T | undefined): number {
    if (item === undefined) return 0;
    const seen = this.#seen.get(item);
    if (seen !== undefined) return seen;
    const key = this.#keyOf(item);
    const number = this.#numbers.get(key) ?? this.#items.push(item);
    this.#numbers.set(key, number);
    this.#seen.set(item, number);
    return number;
  }

  /** The number that a content has already; undefined where it has none. */
  find(item: T): number | undefined {
    return this.#seen.get(item) ?? this.#numbers.get(this.#keyOf(item));
  }

  /** The content of a number; undefined for 0. */
  at(number: number): T | undefined {
    return number === 0 ? undefined : this.#items[number - 1];
  }
}
