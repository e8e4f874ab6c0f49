import { assert } from '@tollwire/core';
import { nanosOf, normalizeE164 } from '@tollwire/telecom';
import { rateAttempts } from '../domain/attempts.ts';
import type { EndedCall, RatedCall } from '../domain/rate-call.ts';
import type { PlanRef, RatingTables } from '../domain/tables.ts';
import type { StatedCall } from './document.schema.ts';
import { decimal, type PricedSide, pricedSideOf } from './price-side.ts';
import type { PricedAttempt, PricedBuy } from './priced-call.ts';
import { buyFactsOf } from './resolved.ts';

/** What the carriers of a call charge: the one that connected it, and each whose attempt failed; undefined where the call names none. */
export function pricedBuyOf(call: StatedCall, ended: EndedCall, rated: RatedCall, plan: PlanRef, tables: RatingTables): PricedBuy | undefined {
  const failed = call.attempts.filter(({ answered }) => !answered).map(({ carrier }) => carrier);
  if (call.carrier === undefined && failed.length === 0) return undefined;
  const attempts = attemptsOf(failed, ended, plan, tables);
  const connected = connectedOf(call.carrier, ended, rated, plan, tables);
  const total = totalOf([...(connected.price === undefined ? [] : [connected.price]), ...attempts], connected.refusal !== undefined);
  return { ...connected, attempts, ...(total === undefined ? {} : { total }) };
}

type Connected = Pick<PricedBuy, 'carrier' | 'price' | 'refusal'>;

function connectedOf(carrier: string | undefined, ended: EndedCall, { buy, buyRefusal, durationSec, calledE164 }: RatedCall, plan: PlanRef, tables: RatingTables): Connected {
  if (carrier === undefined) return {};
  const number = normalizeE164(calledE164);
  const at = ended.answeredAt ?? ended.startedAt;
  const facts = buy === undefined || !number.ok ? undefined : buyFactsOf(tables, plan, carrier, number.value, at, durationSec);
  if (buy === undefined || facts === undefined) return { carrier, refusal: buyRefusal ?? 'no_buy_rate' };
  const talk = { answered: ended.answeredAt !== undefined, durationSec, allowanceSec: 0, failedAttemptCount: buy.derivation?.failedAttemptCount ?? 0 };
  const price = pricedSideOf(facts, talk);
  assert(price.amount === decimal(buy.amount.nanos), `carrier ${carrier} charges ${price.amount} and ${decimal(buy.amount.nanos)}`);
  return { carrier, price };
}

function attemptsOf(carriers: readonly string[], ended: EndedCall, plan: PlanRef, tables: RatingTables): PricedAttempt[] {
  const number = normalizeE164(ended.calledNumber);
  if (!number.ok) return carriers.map((carrier) => ({ carrier, refusal: number.refusal.code }));
  const startedAt = ended.answeredAt ?? ended.startedAt;
  return rateAttempts(carriers.map((carrierCode) => ({ carrierCode, startedAt })), plan, number.value, tables).map(({ carrierCode, cost }) => {
    if (typeof cost === 'string') return { carrier: carrierCode, refusal: cost };
    return { carrier: carrierCode, amount: decimal(cost.amount.nanos), currency: cost.amount.currency };
  });
}

interface Charged {
  readonly amount?: string;
  readonly currency?: string;
}

/** The sum of amounts in one currency; undefined where one is missing, or is in another. */
function totalOf(charges: readonly Charged[], isMissing: boolean): PricedBuy['total'] {
  const [currency] = charges.map((each) => each.currency);
  if (isMissing || currency === undefined || charges.some((each) => each.amount === undefined || each.currency !== currency)) return undefined;
  return { amount: decimal(charges.reduce((sum, { amount = '' }) => sum + nanosIn(amount), 0n)), currency };
}

/** Sell less buy; undefined where the buy side is not known in the currency of the sell side. */
export function marginOf(sell: PricedSide, buy: PricedBuy | undefined): string | undefined {
  if (buy?.total === undefined || buy.total.currency !== sell.currency) return undefined;
  return decimal(nanosIn(sell.net) - nanosIn(buy.total.amount));
}

function nanosIn(amount: string): bigint {
  const read = nanosOf(amount);
  assert(read.ok, `${amount} is an amount`);
  return read.value;
}
