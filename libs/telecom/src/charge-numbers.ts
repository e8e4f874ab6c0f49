/** Of charges that were seen lately, as many as a deck has different ones. */
const RECENT = 64;

/** The charges that rates of a deck have in common. */
export interface CommonCharges {
  readonly connectFeeNanos: number;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
}

/**
 * Numbers different charges 0, 1, 2 … in the order in which they come first. A deck of a million rates has a few: those seen
 * lately are found without writing a key for each rate.
 */
export class ChargeNumbers {
  readonly #numbers = new Map<string, number>();
  readonly #recent = new Array<(CommonCharges & { readonly further: number; readonly number: number }) | undefined>(RECENT).fill(undefined);

  /** The number of charges; `further` is a number of the caller's for what they say beyond. One that equals `size` before the call is new. */
  numberOf({ connectFeeNanos, initialIncrementSec, incrementSec }: CommonCharges, further: number): number {
    const slot = (connectFeeNanos + 7 * initialIncrementSec + 13 * incrementSec + 29 * further) % RECENT;
    const recent = this.#recent[slot];
    if (
      recent !== undefined && recent.connectFeeNanos === connectFeeNanos && recent.initialIncrementSec === initialIncrementSec
      && recent.incrementSec === incrementSec && recent.further === further
    ) return recent.number;
    const key = `${connectFeeNanos}/${initialIncrementSec}/${incrementSec}/${further}`;
    const number = this.#numbers.get(key) ?? this.#numbers.size;
    this.#numbers.set(key, number);
    this.#recent[slot] = { connectFeeNanos, initialIncrementSec, incrementSec, further, number };
    return number;
  }

  get size(): number {
    return this.#numbers.size;
  }
}
