import { ANY_TIME, countsBefore, holds, localTimeOf } from '@tollwire/telecom';
import type { E164, PrefixIndex } from '@tollwire/telecom';
import type { Carrier } from './carriers.ts';
import { expectedPrice } from './expected-price.ts';
import type { RoutingPlan } from './routing-plan.ts';
import { BY_THE_SECOND, type OfferCharges, type Source, type Timing } from './source.ts';

/** What `bestOffers` says of a carrier that has no offer. */
export const noRate = -1;
/** The carrier has a rate, but none of a source that the plan is linked to. */
export const notInPlan = -2;

/** The arrays that a built index is made of, one element per rate, in the order of the prefix index. */
export interface IndexColumns {
  readonly prefixes: PrefixIndex;
  readonly rate: Float64Array;
  readonly sourceNumber: Uint16Array;
  /** Which validity window a rate has; rates share few. */
  readonly window: Uint32Array;
  readonly windowFrom: Float64Array;
  readonly windowUntil: Float64Array;
  /** By validity window: when within it the rate counts; undefined: at any time. */
  readonly timings: readonly (Timing | undefined)[];
  /** Which charges a rate has; rates share few. */
  readonly charge: Uint32Array;
  readonly charges: readonly OfferCharges[];
}

/** Bytes of the charges that rates share, in an object: an estimate. */
const CHARGES_BYTES = 100;

/**
 * Every carrier's offers in one index, so that one walk over the prefixes of a number, longest first, finds the
 * best offer of each carrier. 32 bytes a rate and a little for windows, charges and buckets.
 */
export class CarrierIndex {
  readonly carriers: readonly Carrier[];
  readonly sources: readonly Source[];
  readonly #columns: IndexColumns;
  readonly #carrierOfSource: Uint16Array;
  readonly #best: Int32Array;
  readonly #masks = new WeakMap<RoutingPlan, Uint8Array>();

  constructor(carriers: readonly Carrier[], sources: readonly Source[], columns: IndexColumns) {
    const numberOf = new Map(carriers.map((carrier) => [carrier.carrierCode, carrier.number]));
    this.carriers = carriers;
    this.sources = sources;
    this.#columns = columns;
    this.#carrierOfSource = Uint16Array.from(sources, (source) => numberOf.get(source.carrierCode) ?? 0);
    this.#best = new Int32Array(carriers.length);
  }

  /** The same offers over the same carriers, whose terms or standing are other now. */
  withCarriers(carriers: readonly Carrier[]): CarrierIndex {
    return new CarrierIndex(carriers, this.sources, this.#columns);
  }

  /**
   * The position of each carrier's best offer by carrier number: the longest prefix that has a rate at the instant (valid,
   * and its time window holds) and is from a source that the plan may use, of equal prefixes the cheapest source; `noRate` or
   * `notInPlan` where there is none. Of a source's rates for one prefix that counts which rating would charge. The answer
   * is overwritten by the next call.
   */
  bestOffers(e164: E164, atUs: number, plan: RoutingPlan): Int32Array {
    const { prefixes, rate, sourceNumber } = this.#columns;
    const best = this.#best.fill(noRate);
    const mask = this.#maskOf(plan);
    let open = best.length;
    let openLength = 0;
    for (let at = prefixes.longest(e164); at >= 0; ) {
      const length = prefixes.lengthAt(at);
      if (open === 0 && length < openLength) break;
      const source = sourceNumber[at] ?? 0;
      let offer = noRate;
      // The rates of one source for one prefix stand side by side.
      do {
        if (this.#countsAt(at, atUs) && (offer < 0 || this.#countsBefore(at, offer))) offer = at;
        at = prefixes.next(at);
      } while (at >= 0 && sourceNumber[at] === source && prefixes.lengthAt(at) === length);
      if (offer < 0) continue;
      const carrier = this.#carrierOfSource[source] ?? 0;
      const found = best[carrier] ?? noRate;
      if (mask[source] === 0) {
        if (found === noRate) best[carrier] = notInPlan;
      } else if (found < 0) {
        best[carrier] = offer;
        open -= 1;
        openLength = length;
      } else if (prefixes.lengthAt(found) === length && (rate[offer] ?? 0) < (rate[found] ?? 0)) {
        best[carrier] = offer;
      }
    }
    return best;
  }

  /** The rate per minute of an offer, in nanos; infinite where the destination is blocked. */
  rateOf(offer: number): number {
    return this.#columns.rate[offer] ?? Infinity;
  }

  /** What a call of so many seconds costs by an offer, in nanos; infinite where the destination is blocked. */
  priceOf(offer: number, durationSec: number): number {
    const rate = this.rateOf(offer);
    return rate === Infinity ? Infinity : expectedPrice(rate, this.#columns.charges[this.#columns.charge[offer] ?? 0] ?? BY_THE_SECOND, durationSec);
  }

  /** How many digits an offer's prefix has. */
  prefixLengthOf(offer: number): number {
    return this.#columns.prefixes.lengthAt(offer);
  }

  sourceOf(offer: number): Source {
    const source = this.sources[this.#columns.sourceNumber[offer] ?? 0];
    if (source === undefined) throw new RangeError(`There is no offer ${offer}`);
    return source;
  }

  /** The digits of an offer's prefix, for a number that it was found by. */
  prefixOf(offer: number, e164: E164): string {
    return e164.slice(0, this.#columns.prefixes.lengthAt(offer));
  }

  get rateCount(): number {
    return this.#columns.rate.length;
  }

  /** Memory held by the arrays, in bytes. */
  get bytes(): number {
    const { prefixes, rate, sourceNumber, window, windowFrom, windowUntil, charge, charges } = this.#columns;
    const columns = [rate, sourceNumber, window, windowFrom, windowUntil, charge];
    return prefixes.bytes + columns.reduce((sum, { byteLength }) => sum + byteLength, 0) + charges.length * CHARGES_BYTES;
  }

  #countsAt(at: number, atUs: number): boolean {
    const { window, windowFrom, windowUntil, timings } = this.#columns;
    const validity = window[at] ?? 0;
    if (!(atUs >= (windowFrom[validity] ?? Infinity) && atUs < (windowUntil[validity] ?? 0))) return false;
    const timing = timings[validity];
    return timing === undefined || holds(timing.window, localTimeOf(timing.zone, atUs));
  }

  #countsBefore(one: number, other: number): boolean {
    const { window, timings } = this.#columns;
    return countsBefore(timings[window[one] ?? 0]?.window ?? ANY_TIME, timings[window[other] ?? 0]?.window ?? ANY_TIME);
  }

  #maskOf(plan: RoutingPlan): Uint8Array {
    let mask = this.#masks.get(plan);
    if (mask === undefined) {
      mask = Uint8Array.from(this.sources, (source) => (plan.mayUse(source) ? 1 : 0));
      this.#masks.set(plan, mask);
    }
    return mask;
  }
}
