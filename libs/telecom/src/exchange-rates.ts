import { type Exchange, exchangeFactor, type ExchangeRate, type UsedExchangeRate } from './exchange-rate.ts';
import { compare, rational, times } from './rational.ts';

/** The pair that a rate is of, in its direction. */
const pairKey = (base: string, quote: string): string => `${base}/${quote}`;

/**
 * Exchange rates with their history, and the way from one currency into another at an instant. Immutable.
 *
 * The way is the one with the fewest conversions: a rate of the pair, else the inverse of a rate of the opposite pair, else
 * two such steps by way of a third currency; of several third currencies the one that comes first in the alphabet.
 */
export class ExchangeRates {
  /** Of each pair, oldest first; of rates for one instant only the one that was recorded last. */
  readonly #byPair: ReadonlyMap<string, readonly ExchangeRate[]>;
  /** Of each currency those that a rate leads to, in either direction, in the order of the alphabet. */
  readonly #neighbours: ReadonlyMap<string, readonly string[]>;

  /** @param rates in the order in which they were recorded: a later one for the same instant corrects an earlier one. */
  constructor(rates: readonly ExchangeRate[]) {
    const counting = new Map(rates.map((rate) => [`${pairKey(rate.base, rate.quote)} ${rate.validFromUs}`, rate]));
    const byBeginning = [...counting.values()].sort((one, other) => one.validFromUs - other.validFromUs);
    this.#byPair = Map.groupBy(byBeginning, ({ base, quote }) => pairKey(base, quote));
    const sides = rates.flatMap(({ base, quote }) => [{ of: base, to: quote }, { of: quote, to: base }]);
    const grouped = Map.groupBy(sides, ({ of }) => of);
    this.#neighbours = new Map([...grouped].map(([of, all]) => [of, [...new Set(all.map(({ to }) => to))].sort()]));
  }

  /** How many rates count, each for a time of its own. */
  get size(): number {
    return [...this.#byPair.values()].reduce((sum, { length }) => sum + length, 0);
  }

  /** How to convert between two different currencies at an instant; undefined where no rates that hold then lead there. */
  at(from: string, to: string, atUs: number): Exchange | undefined {
    const direct = this.#step(from, to, atUs);
    if (direct !== undefined) return { from, to, rates: [direct] };
    for (const third of this.#neighbours.get(from) ?? []) {
      const first = this.#step(from, third, atUs);
      const second = first && this.#step(third, to, atUs);
      if (first !== undefined && second !== undefined) return { from, to, rates: [first, second] };
    }
    return undefined;
  }

  /** Whether whole nanos of one currency are worth less than those of another one at an instant, exactly; not, where no rates that hold then lead there. */
  isWorthLess(amount: number, currency: string, than: number, thanCurrency: string, atUs: number): boolean {
    if (currency === thanCurrency) return amount < than;
    const exchange = this.at(currency, thanCurrency, atUs);
    return exchange !== undefined && compare(times(rational(BigInt(amount)), exchangeFactor(exchange.rates)), rational(BigInt(than))) < 0;
  }

  /** By a rate of the pair, else by the inverse of one of the opposite pair. */
  #step(from: string, to: string, atUs: number): UsedExchangeRate | undefined {
    const direct = this.#holding(from, to, atUs);
    if (direct !== undefined) return { ...direct, isInverse: false };
    const opposite = this.#holding(to, from, atUs);
    return opposite && { ...opposite, isInverse: true };
  }

  #holding(base: string, quote: string, atUs: number): ExchangeRate | undefined {
    return this.#byPair.get(pairKey(base, quote))?.findLast(({ validFromUs }) => validFromUs <= atUs);
  }
}

/** A system in which nobody has said what any currency is worth. */
export const NO_EXCHANGE_RATES = new ExchangeRates([]);
