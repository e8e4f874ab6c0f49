import type { RateColumns } from '@tollwire/telecom';

/** Rows `from` (inclusive) to `until` (exclusive, or the end) of columns. */
export function sliceOf(columns: RateColumns, from: number, until: number): RateColumns {
  return {
    prefix: columns.prefix.slice(from, until),
    ratePerMinNanos: columns.ratePerMinNanos.slice(from, until),
    connectFeeNanos: columns.connectFeeNanos.slice(from, until),
    initialIncrementSec: columns.initialIncrementSec.slice(from, until),
    incrementSec: columns.incrementSec.slice(from, until),
    validFromUs: columns.validFromUs.slice(from, until),
    validUntilUs: columns.validUntilUs.slice(from, until),
    blocked: columns.blocked.slice(from, until),
    countryPrefixId: columns.countryPrefixId.slice(from, until),
  };
}
