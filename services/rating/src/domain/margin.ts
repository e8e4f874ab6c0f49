import { attemptsPrice, exchanged, type ExchangeRates, type Nanos, nanos, priceOf, rational, type Schedule, type UsedExchangeRate } from '@tollwire/telecom';
import { AMOUNT_NANOS_MAX, type Money, type RatedSide } from './price-at.ts';

/** An amount in another currency, and the rates by which it got there; none where it was in that currency already. */
export interface Conversion {
  readonly amount: Money;
  readonly rates: readonly UsedExchangeRate[];
}

const marginRefusals = ['no_exchange_rate', 'amount_malformed'] as const;
/** Why there is no margin although there is a buy price. */
export type MarginRefusal = (typeof marginRefusals)[number];

/** Whether a text is one of the reasons for which there is no margin. */
export function isMarginRefusal(text: string): text is MarginRefusal {
  return marginRefusals.some((refusal) => refusal === text);
}

/** What is left of the sell price, before tax, when carriers are paid. */
export interface Margin {
  readonly amount: Money;
  /** All that carriers take, in the currency of the sell side, and how it got there. */
  readonly buy: Conversion;
}

/** An amount in another currency at an instant, rounded once to a nano; refused where no exchange rates lead there. */
export function convertedAt({ nanos: amount, currency }: Money, to: string, rates: ExchangeRates, atUs: number): Conversion | MarginRefusal {
  if (currency === to) return { amount: { nanos: amount, currency }, rates: [] };
  const exchange = rates.at(currency, to, atUs);
  if (exchange === undefined) return 'no_exchange_rate';
  const inOther = exchanged(rational(amount), exchange.rates);
  return inOther > AMOUNT_NANOS_MAX ? 'amount_malformed' : { amount: { nanos: inOther, currency: to }, rates: exchange.rates };
}

/** A conversation, as far as the net price of its sell side depends on it. */
interface Conversation {
  readonly answered: boolean;
  readonly durationSec: number;
}

/** The sell price before tax, rounded as the price is. A price that the sender has set is taken as it is. */
export function netOf({ amount, derivation }: RatedSide, { answered, durationSec }: Conversation): Nanos {
  const schedule = derivation?.schedule;
  if (schedule === undefined || schedule.terms.taxPpm === 0) return amount.nanos;
  const untaxed: Schedule = { ...schedule, terms: { ...schedule.terms, taxPpm: 0 } };
  const talk = answered ? priceOf(untaxed, durationSec, derivation?.freeSec).amount : 0n;
  return nanos(talk + attemptsPrice(untaxed, derivation?.failedAttemptCount ?? 0));
}

/** The sell price before tax less all that carriers take, converted by the exchange rates of an instant: the call's start. */
export function marginOf(sellNet: Money, buy: Money, rates: ExchangeRates, atUs: number): Margin | MarginRefusal {
  const converted = convertedAt(buy, sellNet.currency, rates, atUs);
  if (typeof converted === 'string') return converted;
  const left = nanos(sellNet.nanos - converted.amount.nanos);
  return left < -AMOUNT_NANOS_MAX ? 'amount_malformed' : { amount: { nanos: left, currency: sellNet.currency }, buy: converted };
}
