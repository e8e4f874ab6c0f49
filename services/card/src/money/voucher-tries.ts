import type { TryLimit } from '../tries/failed-tries.ts';

/** Tries that may fail within a quarter of an hour, for one card or account and for one place whence it is tried. */
const triesMax = 5;
export const triesWindowSec = 15 * 60;

/** How codes are counted that were no vouchers: for the account they are tried on, and for whence they are tried. */
export function voucherLimitsOf(accountId: string, triedFrom: string): TryLimit[] {
  const subjects = [`voucher:${accountId}`, ...(triedFrom === '' ? [] : [voucherTriesFrom(triedFrom)])];
  return subjects.map((subject) => ({ subject, triesMax }));
}

/** What the tries from one place are counted under. */
export function voucherTriesFrom(place: string): string {
  return `voucher:from:${place}`;
}
