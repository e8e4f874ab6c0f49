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
export const transferCodes = [
  'card_value', 'top_up', 'payment', 'payment_reversal', 'voucher', 'call_charge', 'call_correction', 'call_tax', 'call_tax_correction',
  'call_cost', 'call_cost_correction', 'commission', 'commission_reversal', 'breakage', 'breakage_return',
] as const;
export type TransferCode = (typeof transferCodes)[number];

/**
 * The chart of accounts. Those of cards and customers are checked before money is spent; every other one is a house account,
 * which is the sum of its transfers, ends in its currency, and has no row of its own.
 */
export const ledgerAccount = {
  card: (cardId: string) => `card:${cardId}`,
  customer: (customerId: string) => `customer:${customerId}`,
  /** What calls have earned, without the tax on them. */
  revenue: (currency: string) => `revenue:${currency}`,
  /** What is owed to the tax office. */
  tax: (currency: string) => `tax:${currency}`,
  /** Where the money on cards and prepaid accounts came from. */
  funding: (currency: string) => `funding:${currency}`,
  /** What is owed to a carrier for calls. */
  carrier: (carrierCode: string, currency: string) => `carrier:${carrierCode}:${currency}`,
  /** What calls have cost at carriers. */
  cost: (currency: string) => `cost:${currency}`,
  /** What is owed to a reseller. */
  reseller: (resellerId: number, currency: string) => `reseller:${resellerId}:${currency}`,
  /** What commissions have cost. */
  commission: (currency: string) => `commission:${currency}`,
  /** Credit that expired cards had left. */
  breakage: (currency: string) => `breakage:${currency}`,
} as const;

/** The currency of a house account by its name; null for a name that no house account has. */
export function houseCurrencyOf(account: string): string | null {
  const [, currency = null] = /^(?:(?:revenue|tax|funding|cost|commission|breakage)|carrier:.{1,64}|reseller:\d{1,10}):([A-Z]{3})$/.exec(account) ?? [];
  return currency;
}

/** Whether a ledger account is that of a card. */
export function isCardAccount(accountId: string): boolean {
  return accountId.startsWith(ledgerAccount.card(''));
}

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
  readonly code: 'card_value' | 'top_up' | 'payment' | 'voucher';
  readonly postedBy: string | null;
}

/** The transfer that puts money on the account of a card or customer. `amountNanos` must be above zero. */
export function fundingTransfer({ id, accountId, currency, amountNanos, code, postedBy }: Funding): Transfer {
  assert(amountNanos > 0n, 'a transfer moves more than nothing');
  return { id, debit: ledgerAccount.funding(currency), credit: accountId, amountNanos, currency, code, callKey: null, postedBy };
}

/** Money that moves between two accounts for another reason than a call. */
interface Movement {
  readonly id: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly postedBy: string | null;
}

/** What a reseller earns on a payment; `amountNanos` above zero. */
export function commissionTransfer({ resellerId, ...moved }: Movement & { readonly resellerId: number }): Transfer {
  const [debit, credit] = [ledgerAccount.commission(moved.currency), ledgerAccount.reseller(resellerId, moved.currency)];
  return { ...moved, debit, credit, code: 'commission', callKey: null };
}

/** What a reseller gives back with a payment that was taken back; `amountNanos` above zero. */
export function commissionReversal({ resellerId, ...moved }: Movement & { readonly resellerId: number }): Transfer {
  const [debit, credit] = [ledgerAccount.reseller(resellerId, moved.currency), ledgerAccount.commission(moved.currency)];
  return { ...moved, debit, credit, code: 'commission_reversal', callKey: null };
}

/** A payment, or a part of it, that goes back; `amountNanos` above zero. */
export function paymentReversal({ accountId, ...moved }: Movement & { readonly accountId: string }): Transfer {
  return { ...moved, debit: accountId, credit: ledgerAccount.funding(moved.currency), code: 'payment_reversal', callKey: null };
}

/** Credit of an expired card that goes to breakage, or comes back from there; `amountNanos` above zero. */
export function breakageTransfer(moved: Movement & { readonly accountId: string; readonly code: 'breakage' | 'breakage_return' }): Transfer {
  const { accountId, ...rest } = moved;
  const house = ledgerAccount.breakage(moved.currency);
  const [debit, credit] = moved.code === 'breakage' ? [accountId, house] : [house, accountId];
  return { ...rest, debit, credit, callKey: null };
}
