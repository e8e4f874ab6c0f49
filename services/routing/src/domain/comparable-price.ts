import { exchanged, type ExchangeRates, explainExchange, rational } from '@tollwire/telecom';

/** A price in another currency than the carrier's own, to compare it by. */
export interface ConvertedPrice {
  readonly priceNanos: number;
  readonly currency: string;
  /** The exchange rates that were used, for people. */
  readonly by: string;
}

/** A price of a carrier in another currency, by the exchange rates that hold at the instant, as rating converts what carriers take: rounded once, to a nano. Undefined where none lead there. */
export function convertedPrice(priceNanos: number, from: string, to: string, atUs: number, rates: ExchangeRates): ConvertedPrice | undefined {
  const exchange = rates.at(from, to, atUs);
  if (exchange === undefined) return undefined;
  return { priceNanos: Number(exchanged(rational(BigInt(priceNanos)), exchange.rates)), currency: to, by: explainExchange(exchange.rates) };
}
