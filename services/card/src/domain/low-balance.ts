/** Of whom thresholds are kept: of one account, else of its class, which is its card type or all accounts of customers. */
export const lowBalanceScope = {
  account: (accountId: string) => accountId,
  cardType: (cardTypeId: number) => `card_type:${cardTypeId}`,
  allAccounts: 'accounts',
} as const;

/** The thresholds that a balance falls below in one step, the highest first: from at or above each to below it. */
export function thresholdsCrossed(thresholds: readonly bigint[], beforeNanos: bigint, afterNanos: bigint): bigint[] {
  return thresholds.filter((threshold) => beforeNanos >= threshold && afterNanos < threshold).toSorted((a, b) => (a < b ? 1 : a > b ? -1 : 0));
}
