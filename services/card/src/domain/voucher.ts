import type { InstantUs } from '@tollwire/core';

/** What a voucher is worth, until when, and for whom. */
export interface VoucherTerms {
  readonly batchId: string;
  readonly currency: string;
  readonly valueNanos: bigint;
  /** Exclusive; null: never. */
  readonly expiresAt: InstantUs | null;
  /** Only for cards of this reseller; null: for every card and account. */
  readonly resellerId: number | null;
  readonly voidedAt: InstantUs | null;
  /** Worth more, with its batch, than one person may make alone, and nobody else has approved it yet. */
  readonly awaitsApproval: boolean;
}

/** Who redeems a voucher. */
export interface Redeemer {
  readonly currency: string;
  /** Of the card; null for an account. */
  readonly resellerId: number | null;
}

export type VoucherRefusal =
  | { readonly code: 'voucher_void' | 'voucher_not_approved' | 'voucher_of_other_reseller' }
  | { readonly code: 'voucher_expired'; readonly facts: { readonly expiredAtUs: string } }
  | { readonly code: 'currency_mismatch'; readonly facts: { readonly voucherCurrency: string; readonly accountCurrency: string } };

/** Why a voucher that nobody has redeemed may not be redeemed by this one now; null where it may. */
export function voucherRefusal(voucher: VoucherTerms, redeemer: Redeemer, at: InstantUs): VoucherRefusal | null {
  const { expiresAt, resellerId, currency } = voucher;
  if (voucher.voidedAt !== null) return { code: 'voucher_void' };
  if (voucher.awaitsApproval) return { code: 'voucher_not_approved' };
  if (expiresAt !== null && at >= expiresAt) return { code: 'voucher_expired', facts: { expiredAtUs: String(expiresAt) } };
  if (resellerId !== null && resellerId !== redeemer.resellerId) return { code: 'voucher_of_other_reseller' };
  if (currency !== redeemer.currency) return { code: 'currency_mismatch', facts: { voucherCurrency: currency, accountCurrency: redeemer.currency } };
  return null;
}
