/** Numbers of a validity: from, until. */
const BOUNDS = 2;
/** How many validities are remembered to be named again: 4,096. */
const REMEMBERED_BITS = 12;

/** The validities of a deck. Rates begin and end at few instants, so a rate names its validity by a number. */
export class Validities {
  readonly #bounds: Float64Array;

  constructor(bounds: Float64Array) {
    this.#bounds = bounds;
  }

  /** Inclusive, in µs. */
  fromUsOf(validity: number): number {
    return this.#bounds[validity * BOUNDS] ?? 0;
  }

  /** Exclusive, in µs, or Infinity. */
  untilUsOf(validity: number): number {
    return this.#bounds[validity * BOUNDS + 1] ?? 0;
  }

  holdsAt(validity: number, us: number): boolean {
    return this.fromUsOf(validity) <= us && us < this.untilUsOf(validity);
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.#bounds.byteLength;
  }
}

/** Numbers validities as they come. */
export class ValiditiesBuilder {
  #bounds = new Float64Array(BOUNDS * 16);
  #size = 0;
  /** Validities by a hash of them, from 1. One that is forgotten is kept twice: dates that all differ cost 16 bytes a row, and no search. */
  readonly #remembered = new Uint32Array(2 ** REMEMBERED_BITS);

  /** The number of a validity; `untilUs` may be Infinity. */
  numberOf(fromUs: number, untilUs: number): number {
    const slot = slotOf(fromUs, untilUs);
    const known = (this.#remembered[slot] ?? 0) - 1;
    if (known >= 0 && this.#bounds[known * BOUNDS] === fromUs && this.#bounds[known * BOUNDS + 1] === untilUs) return known;
    const validity = this.#size;
    if ((validity + 1) * BOUNDS > this.#bounds.length) this.#grow();
    this.#bounds[validity * BOUNDS] = fromUs;
    this.#bounds[validity * BOUNDS + 1] = untilUs;
    this.#size += 1;
    this.#remembered[slot] = this.#size;
    return validity;
  }

  /** The builder is spent. */
  build(): Validities {
    return new Validities(this.#bounds.slice(0, this.#size * BOUNDS));
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
