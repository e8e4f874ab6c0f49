import { publicEventOf, publicEvents } from '@tollwire/contracts';
import type { PublicEvent } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import type { ReversalKind } from '../domain/payment.ts';
import { moneyOf } from './money.ts';
import { chargedOfKey } from './party.ts';

const source = 'tollwire/card';

/** Money was taken for a card or account by a provider of payments. `party` is a party key. */
export function paymentReceivedOf(paid: {
  readonly provider: string;
  readonly paymentId: string;
  readonly party: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly commissionNanos: bigint;
  readonly resellerId: number | null;
  readonly at: InstantUs;
  readonly traceparent?: string | undefined;
}): PublicEvent {
  const { provider, paymentId, currency, at, traceparent } = paid;
  return publicEventOf(publicEvents.PaymentReceived, {
    ...{ source, timeUs: at, parts: [provider, paymentId], traceparent },
    data: {
      ...{ provider, paymentId, party: chargedOfKey(paid.party), resellerId: paid.resellerId ?? 0, receivedAtUs: BigInt(at) },
      amount: moneyOf(paid.amountNanos, currency),
      commission: moneyOf(paid.commissionNanos, currency),
    },
  });
}

/** A payment, or a part of it, went back. */
export function paymentReversedOf(reversed: {
  readonly provider: string;
  readonly paymentId: string;
  readonly reversalId: string;
  readonly kind: ReversalKind;
  readonly party: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly commissionNanos: bigint;
  readonly at: InstantUs;
  readonly traceparent?: string | undefined;
}): PublicEvent {
  const { provider, paymentId, reversalId, kind, currency, at, traceparent } = reversed;
  return publicEventOf(publicEvents.PaymentReversed, {
    ...{ source, timeUs: at, parts: [provider, reversalId], traceparent },
    data: {
      ...{ provider, paymentId, reversalId, kind, party: chargedOfKey(reversed.party), reversedAtUs: BigInt(at) },
      amount: moneyOf(reversed.amountNanos, currency),
      commission: moneyOf(reversed.commissionNanos, currency),
    },
  });
}

/** A voucher was redeemed; its code stays untold. */
export function voucherRedeemedOf(redeemed: {
  readonly batchId: string;
  readonly serial: number;
  readonly party: string;
  readonly currency: string;
  readonly valueNanos: bigint;
  readonly at: InstantUs;
  readonly traceparent?: string | undefined;
}): PublicEvent {
  const { batchId, serial, at, traceparent } = redeemed;
  return publicEventOf(publicEvents.VoucherRedeemed, {
    ...{ source, timeUs: at, parts: [batchId, String(serial)], traceparent },
    data: { batchId, serial, party: chargedOfKey(redeemed.party), value: moneyOf(redeemed.valueNanos, redeemed.currency), redeemedAtUs: BigInt(at) },
  });
}

/** The credit of a ledger account fell below a threshold. */
export function balanceLowOf(low: {
  readonly accountId: string;
  readonly currency: string;
  readonly thresholdNanos: bigint;
  readonly balanceNanos: bigint;
  readonly nth: string;
  readonly at: InstantUs;
}): PublicEvent {
  const { accountId, currency, thresholdNanos, nth, at } = low;
  const value = accountId.slice(accountId.indexOf(':') + 1);
  return publicEventOf(publicEvents.BalanceLow, {
    ...{ source, timeUs: at, parts: [accountId, String(thresholdNanos), nth] },
    data: {
      account: accountId.startsWith('card:') ? { case: 'cardId', value } : { case: 'customerId', value },
      threshold: moneyOf(thresholdNanos, currency),
      balance: moneyOf(low.balanceNanos, currency),
      atUs: BigInt(at),
    },
  });
}

/** Credit of an expired card, and the instant at which it went or came back. */
export interface Breakage {
  readonly cardId: string;
  readonly nth: number;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly at: InstantUs;
}

/** What an expired card had left went to breakage. */
export function creditForfeitedOf({ cardId, nth, currency, amountNanos, at }: Breakage): PublicEvent {
  const data = { cardId, amount: moneyOf(amountNanos, currency), forfeitedAtUs: BigInt(at) };
  return publicEventOf(publicEvents.CreditForfeited, { source, timeUs: at, parts: [cardId, String(nth)], data });
}

/** What had gone to breakage is on its card again. */
export function creditRestoredOf({ cardId, nth, currency, amountNanos, at }: Breakage): PublicEvent {
  const data = { cardId, amount: moneyOf(amountNanos, currency), restoredAtUs: BigInt(at) };
  return publicEventOf(publicEvents.CreditRestored, { source, timeUs: at, parts: [cardId, String(nth)], data });
}
