import { assert } from '@tollwire/core';
import { type ExchangeRates, type Nanos, nanosOf, NO_ALLOWANCE, normalizeE164 } from '@tollwire/telecom';
import { inBuyCurrency, rateAttempts } from '../domain/attempts.ts';
import { type Conversion, marginOf as engineMargin } from '../domain/margin.ts';
import type { EndedCall, RatedCall } from '../domain/rate-call.ts';
import type { PlanRef, RatingTables } from '../domain/tables.ts';
import { connectingCarrierOf, type StatedCall } from './document.schema.ts';
import { decimal, type PricedSide, pricedSideOf, usedRateData } from './price-side.ts';
import type { PricedAttempt, PricedBuy, PricedCall, PricedConversion } from './priced-call.ts';
import { buyFactsOf } from './resolved.ts';

/** What the carriers of a call charge: the one that connected it, and each whose attempt failed; undefined where the call names none. */
export function pricedBuyOf(call: StatedCall, ended: EndedCall, rated: RatedCall, plan: PlanRef, tables: RatingTables): PricedBuy | undefined {
  const failed = call.attempts.filter(({ answered }) => !answered).map(({ carrier }) => carrier);
  const carrier = connectingCarrierOf(call);
  if (carrier === undefined && failed.length === 0) return undefined;
  const attempts = attemptsOf(failed, ended, rated.buy, plan, tables);
  const connected = connectedOf(carrier, ended, rated, plan, tables);
  const [first] = [...attempts.filter(({ amount = '0' }) => nanosIn(amount) > 0n), ...attempts.filter(({ amount }) => amount !== undefined)];
  const currency = connected.price?.currency ?? first?.currency;
  const total = totalOf(currency, [...(connected.price === undefined ? [] : [connected.price]), ...attempts.map(inBuy)], connected.refusal !== undefined);
  return { ...connected, attempts, ...(total === undefined ? {} : { total }) };
}

type Connected = Pick<PricedBuy, 'carrier' | 'price' | 'refusal'>;

function connectedOf(carrier: string | undefined, ended: EndedCall, { buy, buyRefusal, durationSec, calledE164, routedBy = calledE164 }: RatedCall, plan: PlanRef, tables: RatingTables): Connected {
  if (carrier === undefined) return {};
  const number = normalizeE164(routedBy);
  const at = ended.answeredAt ?? ended.startedAt;
  const facts = buy === undefined || !number.ok ? undefined : buyFactsOf(tables, plan, carrier, number.value, at, durationSec);
  if (buy === undefined || facts === undefined) return { carrier, refusal: buyRefusal ?? 'no_buy_rate' };
  const talk = { answered: ended.answeredAt !== undefined, durationSec, allowance: NO_ALLOWANCE, failedAttemptCount: buy.derivation?.failedAttemptCount ?? 0 };
  const price = pricedSideOf(facts, talk);
  assert(price.amount === decimal(buy.amount.nanos), `carrier ${carrier} charges ${price.amount} and ${decimal(buy.amount.nanos)}`);
  return { carrier, price };
}

function attemptsOf(carriers: readonly string[], ended: EndedCall, buy: RatedCall['buy'], plan: PlanRef, tables: RatingTables): PricedAttempt[] {
  const number = normalizeE164(ended.routingNumber ?? ended.calledNumber);
  if (!number.ok) return carriers.map((carrier) => ({ carrier, refusal: number.refusal.code }));
  const startedAt = ended.answeredAt ?? ended.startedAt;
  const rated = rateAttempts(carriers.map((carrierCode) => ({ carrierCode, startedAt })), plan, number.value, tables);
  return inBuyCurrency(buy, rated, tables.exchangeRates, startedAt).map(({ carrierCode, cost }) => {
    if (typeof cost === 'string') return { carrier: carrierCode, refusal: cost };
    const { amount, converted } = cost;
    return { carrier: carrierCode, amount: decimal(amount.nanos), currency: amount.currency, ...(converted === undefined ? {} : { converted: conversionOf(converted) }) };
  });
}

/** What an attempt is charged in the currency of the buy side, where it got there. */
function inBuy({ amount, currency, converted }: PricedAttempt): Charged {
  return converted ?? { ...(amount === undefined ? {} : { amount }), ...(currency === undefined ? {} : { currency }) };
}

function conversionOf({ amount, rates }: Conversion): PricedConversion {
  return { amount: decimal(amount.nanos), currency: amount.currency, exchange: rates.map(usedRateData) };
}

interface Charged {
  readonly amount?: string;
  readonly currency?: string;
}

/** The sum of amounts in one currency; undefined where one is missing, or costs something in another. */
function totalOf(currency: string | undefined, charges: readonly Charged[], isMissing: boolean): PricedBuy['total'] {
  if (isMissing || currency === undefined || charges.some(({ amount }) => amount === undefined)) return undefined;
  const charged = charges.filter(({ amount = '' }) => nanosIn(amount) > 0n);
  if (charged.some((each) => each.currency !== currency)) return undefined;
  return { amount: decimal(charged.reduce((sum, { amount = '' }) => sum + nanosIn(amount), 0n)), currency };
}

/** Sell less buy by the engine's margin; empty where the buy side is not known. */
export function marginOf(sell: PricedSide, buy: PricedBuy | undefined, rates: ExchangeRates, atUs: number): Pick<PricedCall, 'buy' | 'margin' | 'marginRefusal'> {
  if (buy?.total === undefined) return buy === undefined ? {} : { buy, ...unconverted(buy) };
  const [net, total] = [{ nanos: nanosIn(sell.net), currency: sell.currency }, { nanos: nanosIn(buy.total.amount), currency: buy.total.currency }];
  const margin = engineMargin(net, total, rates, atUs);
  if (typeof margin === 'string') return { buy, marginRefusal: margin };
  const converted = margin.buy.rates.length === 0 ? {} : { converted: conversionOf(margin.buy) };
  return { buy: { ...buy, ...converted }, margin: decimal(margin.amount.nanos) };
}

/** There is no total although each price is known: one of them is in a currency that nothing converts. */
function unconverted({ attempts, refusal }: PricedBuy): Pick<PricedCall, 'marginRefusal'> {
  return refusal === undefined && attempts.every((attempt) => attempt.refusal === undefined) ? { marginRefusal: 'no_exchange_rate' } : {};
}

function nanosIn(amount: string): Nanos {
  const read = nanosOf(amount);
  assert(read.ok, `${amount} is an amount`);
  return read.value;
}
