import { Misuse } from '../cli/stop.ts';
import { payerPath } from '../client/payer-path.ts';

/** What the command line says, as it was written. */
export interface AccountOptions {
  readonly card?: string | undefined;
  readonly account?: string | undefined;
  readonly ledger?: string | undefined;
  readonly amount?: string | undefined;
  readonly currency?: string | undefined;
  readonly id?: string | undefined;
  readonly provider?: string | undefined;
  readonly payment?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly at?: string | undefined;
}

/** Who is meant, as a body names it. */
export function payerBody(options: AccountOptions): { cardId: string } | { accountCode: string } {
  const { card, account } = options;
  payerPath(options);
  return card === undefined ? { accountCode: account ?? '' } : { cardId: card };
}

/** Where a statement is: of a card, an account, or any account of the ledger. */
export function statementPath(options: AccountOptions): string {
  const { ledger } = options;
  return ledger === undefined ? `${payerPath(options)}/statement` : `/v1/ledger/${encodeURIComponent(ledger)}/statement`;
}

/** The stretch of a statement as a query, each part with its `&`. A time of `--at` is the end: what stood then. */
export function stretchQuery({ from, until, at }: AccountOptions): string {
  const end = until ?? at;
  return [['from', from], ['until', end]].flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${encodeURIComponent(value)}&`])).join('');
}

/** An amount as a body has it; stops where it is not said. */
export function amountBody({ amount, currency }: AccountOptions): { amount: string; currency: string } {
  if (amount === undefined || currency === undefined) throw new Misuse('Say how much: --amount 10.00 --currency EUR');
  return { amount, currency };
}

/** The payment that a proposed credit is, as a body has it; nothing where it is none. */
export function paymentBody({ provider, payment }: AccountOptions): { payment?: { provider: string; paymentId: string } } {
  if (payment === undefined && provider === undefined) return {};
  return { payment: { provider: needed('--provider NAME', provider), paymentId: needed('--payment PAYMENT', payment) } };
}

/** What an option must say. */
export function needed(option: string, value: string | undefined): string {
  if (value === undefined) throw new Misuse(`Say ${option}; --help shows how.`);
  return value;
}
