import { perSecSixtiethsOf, sixtiethsOf } from './price-in-doubles.ts';
import type { Step } from './schedule.ts';

/** Numbers of a step: where it begins, its increment, what a second costs in sixtieths of a nano, its entry fee in such. */
const NUMBERS = 4;
/** In place of what a second costs, where the rate of a prefix says that. */
const OWN_RATE = -1;

/** Steps of one kind of rate: those that a prefix prices, and after them those that have a price of their own. */
export interface KindOfSteps {
  readonly own: readonly Step[];
  readonly further: readonly Step[];
}

/**
 * Steps of all kinds of rates in one array of doubles, for prices that are asked for by the million. A call is walked
 * stretch by stretch, and what it comes to is counted as `Runs` counts.
 */
export class PreparedSteps {
  readonly #numbers: Float64Array;
  /** By kind, where its steps begin; one more than there are kinds. */
  readonly #starts: Uint32Array;
  /** Of the call so far, in sixtieths of a nano; NaN where the price of a second is no whole number of them. */
  sixtieths = 0;
  /** Seconds charged so far. */
  billedSec = 0;

  constructor(kinds: readonly KindOfSteps[]) {
    const rows = kinds.map(({ own, further }) => [...own.map((step) => numbersOf(step, OWN_RATE)), ...further.map((step) => numbersOf(step, perSecSixtiethsOf(step)))]);
    this.#numbers = Float64Array.from(rows.flat(2));
    this.#starts = new Uint32Array(kinds.length + 1);
    for (const [kind, { length }] of rows.entries()) this.#starts[kind + 1] = (this.#starts[kind] ?? 0) + length * NUMBERS;
  }

  /** Memory held, in bytes. */
  get bytes(): number {
    return this.#numbers.byteLength + this.#starts.byteLength;
  }

  /** Another call, of which nothing is charged yet. */
  begin(): void {
    this.sixtieths = 0;
    this.billedSec = 0;
  }

  /**
   * Charges the call on to `untilSec`, and to the end of the increment that begins before it, by the steps of a kind of rate and a
   * rate in nanos per minute, which is as many sixtieths of a nano per second. Nothing where it is charged that far.
   */
  walk(kind: number, ratePerMinNanos: number, untilSec: number): void {
    let at = this.billedSec;
    if (at >= untilSec) return;
    let sum = this.sixtieths;
    const last = (this.#starts[kind + 1] ?? 0) - NUMBERS;
    let step = this.#starts[kind] ?? 0;
    while (step < last && this.#number(step + NUMBERS) <= at) step += NUMBERS;
    for (; at < untilSec; step += NUMBERS) {
      const fromSec = this.#number(step);
      const stepUntil = step < last ? this.#number(step + NUMBERS) : Infinity;
      const end = Math.min(incrementEnd(fromSec, this.#number(step + 1), Math.min(untilSec, stepUntil)), stepUntil);
      const perSec = this.#number(step + 2);
      sum += (perSec === OWN_RATE ? ratePerMinNanos : perSec) * (end - at);
      if (at === fromSec) sum += this.#number(step + 3);
      at = end;
    }
    this.sixtieths = sum;
    this.billedSec = at;
  }

  #number(place: number): number {
    return this.#numbers[place] ?? NaN;
  }
}

/** The end of the increment that `sec` lies in, of those that count from `fromSec`. */
function incrementEnd(fromSec: number, incrementSec: number, sec: number): number {
  return incrementSec === 1 ? sec : fromSec + Math.ceil((sec - fromSec) / incrementSec) * incrementSec;
}

function numbersOf({ fromSec, incrementSec, entryFeeNanos }: Step, perSec: number): number[] {
  return [fromSec, incrementSec, perSec, sixtiethsOf(entryFeeNanos)];
}
