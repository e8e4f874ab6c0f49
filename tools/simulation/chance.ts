/** Everything that is left to chance in a simulation, drawn from one seed. */
export class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed | 0;
  }

  /** A whole number from 0 to below `end` (mulberry32). */
  below(end: number): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296) * end);
  }

  /** Whether something happens that happens in so many of a thousand cases. */
  in1000(cases: number): boolean {
    return this.below(1_000) < cases;
  }

  /** One of the items; undefined where there are none. */
  oneOf<T>(items: readonly T[]): T | undefined {
    return items[this.below(items.length)];
  }

  /** Up to so many of the items, in any order. */
  someOf<T>(items: readonly T[], most: number): T[] {
    const left = [...items];
    return Array.from({ length: Math.min(left.length, 1 + this.below(most)) }, () => left.splice(this.below(left.length), 1)).flat();
  }

  /** One of the items, each as often as its weight has it. */
  weighed<T extends { readonly weight: number }>(items: readonly T[]): T | undefined {
    let at = this.below(items.reduce((sum, { weight }) => sum + weight, 0));
    return items.find(({ weight }) => (at -= weight) < 0);
  }
}
