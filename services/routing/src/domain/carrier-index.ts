import { ANY_TIME, countsBefore, holds, localTimeOf } from '@tollwire/telecom';
import type { E164, ExchangeRates, PrefixIndex } from '@tollwire/telecom';
import type { Carrier } from './carriers.ts';
import { expectedPrice } from './expected-price.ts';
import type { RoutingPlan } from './routing-plan.ts';
import { BY_THE_SECOND, type OfferCharges, type Source, type Timing } from './source.ts';

/** What `bestOffers` says of a carrier that has no offer. */
export const noRate = -1;
/** The carrier has a rate, but none of a source that the plan is linked to. */
export const notInPlan = -2;

/** What a built index is made of. */
export interface IndexParts {
  /** With each prefix the nanos per minute (infinite: the destination is blocked), and the words below. */
  readonly rates: PrefixIndex;
  readonly windowFrom: Float64Array;
  readonly windowUntil: Float64Array;
  /** By validity window: when within it the rate counts; undefined: at any time. */
  readonly timings: readonly (Timing | undefined)[];
  readonly charges: readonly OfferCharges[];
}

/** The words of a rate: the number of its source, of its validity window and of its charges; rates share few of either. */
const SOURCE = 0;
const WINDOW = 1;
const CHARGE = 2;

/** Bytes of the charges that rates share, in an object: an estimate. */
const CHARGES_BYTES = 100;

/**
 * Every carrier's offers in one index, so that one walk over the prefixes of a number, longest first, finds the
 * best offer of each carrier. 32 bytes a rate and a little for windows, charges and buckets.
 */
export class CarrierIndex {
  readonly carriers: readonly Carrier[];
  readonly sources: readonly Source[];
  readonly #parts: IndexParts;
  readonly #carrierOfSource: Uint16Array;
  readonly #best: Int32Array;
  readonly #masks = new WeakMap<RoutingPlan, Uint8Array>();

  constructor(carriers: readonly Carrier[], sources: readonly Source[], parts: IndexParts) {
    const numberOf = new Map(carriers.map((carrier) => [carrier.carrierCode, carrier.number]));
    this.carriers = carriers;
    this.sources = sources;
    this.#parts = parts;
    this.#carrierOfSource = Uint16Array.from(sources, (source) => numberOf.get(source.carrierCode) ?? 0);
    this.#best = new Int32Array(carriers.length);
  }

  /** The same offers over the same carriers, whose terms or standing are other now. */
  withCarriers(carriers: readonly Carrier[]): CarrierIndex {
    return new CarrierIndex(carriers, this.sources, this.#parts);
  }

  /**
   * The position of each carrier's best offer by carrier number: the longest prefix that has a rate at the instant (valid,
   * and its time window holds) and is from a source that the plan may use, of equal prefixes the cheapest source, in several currencies by the
   * exchange rates of the instant; `noRate` or `notInPlan` where there is none. Of a source's rates for one prefix, and of sources, that counts
   * which rating would charge. The answer is overwritten by the next call.
   */
  bestOffers(e164: E164, atUs: number, plan: RoutingPlan, exchangeRates: ExchangeRates): Int32Array {
    const { rates } = this.#parts;
    const best = this.#best.fill(noRate);
    const mask = this.#maskOf(plan);
    let open = best.length;
    let openLength = 0;
    for (let at = rates.longest(e164); at >= 0; ) {
      const length = rates.lengthAt(at);
      if (open === 0 && length < openLength) break;
      const source = rates.wordAt(at, SOURCE);
      let offer = noRate;
      // The rates of one source for one prefix stand side by side.
      do {
        if (this.#countsAt(at, atUs) && (offer < 0 || this.#countsBefore(at, offer))) offer = at;
        at = rates.next(at);
      } while (at >= 0 && rates.wordAt(at, SOURCE) === source && rates.lengthAt(at) === length);
      if (offer < 0) continue;
      const carrier = this.#carrierOfSource[source] ?? 0;
      const found = best[carrier] ?? noRate;
      if (mask[source] === 0) {
        if (found === noRate) best[carrier] = notInPlan;
      } else if (found < 0) {
        best[carrier] = offer;
        open -= 1;
        openLength = length;
      } else if (rates.lengthAt(found) === length && this.#isCheaper(offer, found, atUs, exchangeRates)) {
        best[carrier] = offer;
      }
    }
    return best;
  }

  /** The rate per minute of an offer, in nanos; infinite where the destination is blocked. */
  rateOf(offer: number): number {
    return this.#parts.rates.amountAt(offer);
  }

  /** What a call of so many seconds costs by an offer, in nanos; infinite where the destination is blocked. */
  priceOf(offer: number, durationSec: number): number {
    const rate = this.rateOf(offer);
    const { rates, charges } = this.#parts;
    return rate === Infinity ? Infinity : expectedPrice(rate, charges[rates.wordAt(offer, CHARGE)] ?? BY_THE_SECOND, durationSec);
  }

  /** How many digits an offer's prefix has. */
  prefixLengthOf(offer: number): number {
    return this.#parts.rates.lengthAt(offer);
  }

  sourceOf(offer: number): Source {
    const { rates } = this.#parts;
    const source = offer >= 0 && offer < rates.size ? this.sources[rates.wordAt(offer, SOURCE)] : undefined;
    if (source === undefined) throw new RangeError(`There is no offer ${offer}`);
    return source;
  }

  /** The digits of an offer's prefix, for a number that it was found by. */
  prefixOf(offer: number, e164: E164): string {
    return e164.slice(0, this.#parts.rates.lengthAt(offer));
  }

  get rateCount(): number {
    return this.#parts.rates.size;
  }

  /** Memory held by the arrays, in bytes. */
  get bytes(): number {
    const { rates, windowFrom, windowUntil, charges } = this.#parts;
    return rates.bytes + windowFrom.byteLength + windowUntil.byteLength + charges.length * CHARGES_BYTES;
  }

  #countsAt(at: number, atUs: number): boolean {
    const { rates, windowFrom, windowUntil, timings } = this.#parts;
    const validity = rates.wordAt(at, WINDOW);
    if (!(atUs >= (windowFrom[validity] ?? Infinity) && atUs < (windowUntil[validity] ?? 0))) return false;
    const timing = timings[validity];
    return timing === undefined || holds(timing.window, localTimeOf(timing.zone, atUs));
  }

  /** A blocked destination is dearer than any. */
  #isCheaper(one: number, other: number, atUs: number, exchangeRates: ExchangeRates): boolean {
    const [rate, otherRate] = [this.rateOf(one), this.rateOf(other)];
    if (rate === Infinity || otherRate === Infinity) return rate < otherRate;
    return exchangeRates.isWorthLess(rate, this.sourceOf(one).currency, otherRate, this.sourceOf(other).currency, atUs);
  }

  #countsBefore(one: number, other: number): boolean {
    const { rates, timings } = this.#parts;
    const windowOf = (at: number) => timings[rates.wordAt(at, WINDOW)]?.window ?? ANY_TIME;
    return countsBefore(windowOf(one), windowOf(other));
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
