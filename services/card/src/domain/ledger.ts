import { assert } from '@tollwire/core';

/**
 * A movement of money, named by who ordered it: `amountNanos` leaves `debit` and arrives at `credit`. Both sides are one
 * row, so the sum over all accounts is zero whatever is posted; a row is never changed, a correction is a new one.
 */
export interface Transfer {
  readonly id: string;
  readonly debit: string;
  readonly credit: string;
  /** Above zero: the direction is told by the two accounts, never by a sign. */
  readonly amountNanos: bigint;
  readonly currency: string;
  readonly code: TransferCode;
  /** The call that it is for; null where it is for none. */
  readonly callKey: string | null;
  /** Who ordered it; null where nobody did, because it follows from a call. */
  readonly postedBy: string | null;
}

/** Why money moved. */
export type TransferCode = 'card_value' | 'top_up' | 'call_charge' | 'call_correction';

/** Accounts of cards and customers are checked before money is spent; a house account is the sum of its transfers. */
export const ledgerAccount = {
  card: (cardId: string) => `card:${cardId}`,
  customer: (customerId: string) => `customer:${customerId}`,
  /** What calls have earned. */
  revenue: (currency: string) => `revenue:${currency}`,
  /** Where the money on cards and prepaid accounts came from. */
  funding: (currency: string) => `funding:${currency}`,
} as const;

/** The transfer of a signed difference to what a call costs; null for none. */
export function callTransfer(call: {
  readonly callKey: string;
  readonly revision: number;
  readonly accountId: string;
  readonly currency: string;
  readonly postedNanos: bigint;
}): Transfer | null {
  const { postedNanos, accountId, currency, callKey } = call;
  if (postedNanos === 0n) return null;
  const revenue = ledgerAccount.revenue(currency);
  const id = `call:${callKey}:${call.revision}`;
  return postedNanos > 0n
    ? { id, debit: accountId, credit: revenue, amountNanos: postedNanos, currency, code: 'call_charge', callKey, postedBy: null }
    : { id, debit: revenue, credit: accountId, amountNanos: -postedNanos, currency, code: 'call_correction', callKey, postedBy: null };
}

/** Money that comes from outside onto the account of a card or customer. */
export interface Funding {
  readonly id: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly code: 'card_value' | 'top_up';
  readonly postedBy: string | null;
}

/** The transfer that puts money on the account of a card or customer. `amountNanos` must be above zero. */
export function fundingTransfer({ id, accountId, currency, amountNanos, code, postedBy }: Funding): Transfer {
  assert(amountNanos > 0n, 'a transfer moves more than nothing');
  return { id, debit: ledgerAccount.funding(currency), credit: accountId, amountNanos, currency, code, callKey: null, postedBy };
}
