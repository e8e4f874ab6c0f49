/** Numbers of a row: an amount (as a double, two of them), its terms, its validity. */
const NUMBERS = 4;
const TERMS = 2;
const VALIDITY = 3;
/** Numbers of a validity in doubles: from, until. */
const BOUNDS = 2;

/**
 * The rows of a compiled deck, 16 bytes each, so that what a price needs of a row is in one line of the processor's cache.
 * Rates of a deck begin and end at few instants, so a row names its validity, which is kept once.
 */
export class RateRows {
  readonly #rates: Float64Array;
  readonly #numbers: Uint32Array;
  readonly #bounds: Float64Array;

  constructor(rates: Float64Array, bounds: Float64Array) {
    this.#rates = rates;
    this.#numbers = new Uint32Array(rates.buffer, rates.byteOffset, rates.length * 2);
    this.#bounds = bounds;
  }

  /** Nanos per minute; exact, because a row takes no rate of 2⁵³ nanos or more. */
  rateAt(row: number): number {
    return this.#rates[row * (NUMBERS / 2)] ?? 0;
  }

  /** The number of the terms that it shares with others. */
  termsAt(row: number): number {
    return this.#numbers[row * NUMBERS + TERMS] ?? 0;
  }

  /** Inclusive, in µs. */
  fromUsAt(row: number): number {
    return this.#bounds[this.#validityAt(row)] ?? 0;
  }

  /** Exclusive, in µs, or Infinity. */
  untilUsAt(row: number): number {
    return this.#bounds[this.#validityAt(row) + 1] ?? 0;
  }

  isValidAt(row: number, us: number): boolean {
    const validity = this.#validityAt(row);
    return (this.#bounds[validity] ?? 0) <= us && us < (this.#bounds[validity + 1] ?? 0);
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.#rates.byteLength + this.#bounds.byteLength;
  }

  #validityAt(row: number): number {
    return (this.#numbers[row * NUMBERS + VALIDITY] ?? 0) * BOUNDS;
  }
}

/** How many validities are remembered to be named again: 4,096. */
const REMEMBERED_BITS = 12;

/** Takes rows one at a time, up to a capacity. */
export class RateRowsBuilder {
  readonly #rates: Float64Array;
  readonly #numbers: Uint32Array;
  #bounds = new Float64Array(BOUNDS * 16);
  #validities = 0;
  /** Validities by a hash of them, from 1. One that is forgotten is kept twice: dates that all differ cost 16 bytes a row, and no search. */
  readonly #remembered = new Uint32Array(2 ** REMEMBERED_BITS);

  constructor(capacity: number) {
    this.#rates = new Float64Array(capacity * (NUMBERS / 2));
    this.#numbers = new Uint32Array(this.#rates.buffer);
  }

  /** Puts a row at its place; `untilUs` may be Infinity. */
  set(row: number, { rate, terms, fromUs, untilUs }: { readonly rate: number; readonly terms: number; readonly fromUs: number; readonly untilUs: number }): void {
    this.#rates[row * (NUMBERS / 2)] = rate;
    this.#numbers[row * NUMBERS + TERMS] = terms;
    this.#numbers[row * NUMBERS + VALIDITY] = this.#validityOf(fromUs, untilUs);
  }

  /** The first `size` rows; the builder is spent. */
  build(size: number): RateRows {
    const end = size * (NUMBERS / 2);
    const rates = end === this.#rates.length ? this.#rates : this.#rates.slice(0, end);
    return new RateRows(rates, this.#bounds.slice(0, this.#validities * BOUNDS));
  }

  #validityOf(fromUs: number, untilUs: number): number {
    const slot = slotOf(fromUs, untilUs);
    const known = (this.#remembered[slot] ?? 0) - 1;
    if (known >= 0 && this.#bounds[known * BOUNDS] === fromUs && this.#bounds[known * BOUNDS + 1] === untilUs) return known;
    const validity = this.#validities;
    if ((validity + 1) * BOUNDS > this.#bounds.length) this.#grow();
    this.#bounds[validity * BOUNDS] = fromUs;
    this.#bounds[validity * BOUNDS + 1] = untilUs;
    this.#validities += 1;
    this.#remembered[slot] = this.#validities;
    return validity;
  }

  #grow(): void {
    const bounds = new Float64Array(this.#bounds.length * 2);
    bounds.set(this.#bounds);
    this.#bounds = bounds;
  }
}

/** Multiplicative: the high bits depend on all bits below them. */
function slotOf(fromUs: number, untilUs: number): number {
  const until = untilUs === Infinity ? 0 : Math.imul(untilUs % 2 ** 32, 0x85ebca6b);
  return Math.imul((fromUs % 2 ** 32) ^ until, 0x9e3779b1) >>> (32 - REMEMBERED_BITS);
}
