import type { CodedRefusal, Money } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { currencyOf } from '@tollwire/telecom';

/** An amount with its currency, read and checked. */
export interface Amount {
  readonly nanos: bigint;
  readonly currency: string;
}

/** A billion units: far above any price or top-up, and far below where sums would leave PostgreSQL's bigint. */
const amountNanosMax = 10n ** 18n;

/** The amount of a message. Refuses a missing one, a currency that is none, and an amount below zero or above a billion. */
export function amountOf(money: Money | undefined, field: string): Result<Amount, CodedRefusal> {
  if (money === undefined) return refuse({ code: 'field_missing', field, detail: `Give ${field} with its currency.` });
  const currency = currencyOf(money.currency);
  if (!currency.ok) return refuse({ code: 'currency_malformed', field: `${field}.currency` });
  if (money.nanos < 0n || money.nanos > amountNanosMax) {
    return refuse({ code: 'amount_malformed', field: `${field}.nanos`, detail: 'The amount must be 0 to a billion.' });
  }
  return ok({ nanos: money.nanos, currency: currency.value });
}

/** An amount as a message has it. */
export function moneyOf(nanos: bigint, currency: string): { nanos: bigint; currency: string } {
  return { nanos, currency };
}
