import { Misuse } from '../cli/stop.ts';

/** Who pays, as options name it. */
export interface PayerOptions {
  readonly card?: string | undefined;
  readonly account?: string | undefined;
}

/** Where what is about one card or account code is; stops where neither is named, or both. */
export function payerPath({ card, account }: PayerOptions): string {
  if (card !== undefined && account === undefined) return `/v1/cards/${encodeURIComponent(card)}`;
  if (account !== undefined && card === undefined) return `/v1/accounts/${encodeURIComponent(account)}`;
  throw new Misuse('Say whose: either --card ID or --account CODE.');
}
