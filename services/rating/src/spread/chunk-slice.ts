import { type DeckChunk, rateProfileOf } from '@tollwire/contracts';
import type { RateColumns, RateProfile } from '@tollwire/telecom';

/** A chunk's columns as a table is compiled of them; undefined where a profile makes no sense. */
export function columnsOfChunk({ profiles, ...columns }: DeckChunk): RateColumns | undefined {
  const read: RateProfile[] = [];
  for (const message of profiles) {
    const profile = rateProfileOf(message);
    if (profile === undefined) return undefined;
    read.push(profile);
  }
  return { ...columns, profiles: read };
}

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
    profiles: columns.profiles,
    profile: columns.profile.slice(from, until),
    timeZone: columns.timeZone,
  };
}
