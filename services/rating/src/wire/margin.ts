import { create, fromJsonString, type MessageInitShape, toJsonString } from '@bufbuild/protobuf';
import { CallRatedSchema, type Money as MoneyMessage, usedRateMessageOf, usedRatesOf } from '@tollwire/contracts';
import { nanos } from '@tollwire/telecom';
import { isMarginRefusal, type Margin, type MarginRefusal } from '../domain/margin.ts';
import type { Money, RatedSide } from '../domain/price-at.ts';

/** The margin of a call, or why there is none, as messages tell it. */
export function marginMessageOf(margin: Margin | MarginRefusal | undefined): Pick<MessageInitShape<typeof CallRatedSchema>, 'margin' | 'marginRefusal'> {
  if (margin === undefined) return {};
  if (typeof margin === 'string') return { marginRefusal: margin };
  return { margin: { amount: margin.amount, buy: margin.buy.amount, exchange: margin.buy.rates.map(usedRateMessageOf) } };
}

/** What a margin says beyond its amount, as text for a column, JSON of the public CallRated; null where both sides are in one currency. */
export function marginFactsText(margin: Margin | MarginRefusal | undefined): string | null {
  if (margin === undefined || (typeof margin === 'object' && margin.buy.rates.length === 0)) return null;
  return toJsonString(CallRatedSchema, create(CallRatedSchema, marginMessageOf(margin)));
}

/** The margin of a row: from its amount, its sides, and the facts that `marginFactsText` wrote; undefined where nothing is known of one. */
export function marginOfFacts(amount: bigint | null, facts: string | null, sell: RatedSide, buy: RatedSide | undefined): Margin | MarginRefusal | undefined {
  const told = facts === null ? undefined : fromJsonString(CallRatedSchema, facts);
  if (told !== undefined && isMarginRefusal(told.marginRefusal)) return told.marginRefusal;
  const converted = told === undefined ? buy?.amount : moneyOf(told.margin?.buy);
  const rates = usedRatesOf(told?.margin?.exchange ?? []);
  if (amount === null || converted === undefined || rates === undefined) return undefined;
  return { amount: { nanos: nanos(amount), currency: sell.amount.currency }, buy: { amount: converted, rates } };
}

/** An amount of a message. */
export function moneyOf(money: MoneyMessage | undefined): Money | undefined {
  return money && { nanos: nanos(money.nanos), currency: money.currency };
}
