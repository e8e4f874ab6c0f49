import type { MessageInitShape } from '@bufbuild/protobuf';
import {
  type DeckDiffRowSchema, type DestinationDiffSchema, type DiffSumSchema, type DiffTermsSchema, RateChange as WireChange, rateProfileMessageOf,
} from '@tollwire/contracts';
import { formatNanos } from '@tollwire/telecom';
import { type DiffSums, type RateChange, rateChanges } from '../domain/deck-diff.ts';
import { type DiffRow, type DiffTerms, percentOf } from '../domain/diff-rows.ts';
import { referencePriceNanos } from '../domain/reference-price.ts';
import { windowText } from '../import/window-text.ts';
import type { Place } from '../number-plan/places.ts';

const wireChanges: Readonly<Record<RateChange, WireChange>> = {
  created: WireChange.CREATED,
  increased: WireChange.INCREASED,
  decreased: WireChange.DECREASED,
  closed: WireChange.CLOSED,
  changed: WireChange.CHANGED,
  unchanged: WireChange.UNCHANGED,
};

/** The change that a message names, or undefined where it names none. */
export function rateChangeOf(change: WireChange): RateChange | undefined {
  return rateChanges.find((each) => wireChanges[each] === change);
}

/** Every change with its rows and sums; those that nothing became are left out. */
export function sumsOf(sums: DiffSums): MessageInitShape<typeof DiffSumSchema>[] {
  return rateChanges.flatMap((change) => {
    const { rowCount, oldRateSumNanos, newRateSumNanos } = sums[change];
    if (rowCount === 0) return [];
    return [{ change: wireChanges[change], rowCount: BigInt(rowCount), oldRateSum: formatNanos(oldRateSumNanos), newRateSum: formatNanos(newRateSumNanos) }];
  });
}

export function destinationOf({ place, sums }: { readonly place: Place; readonly sums: DiffSums }): MessageInitShape<typeof DestinationDiffSchema> {
  return { ...place, sums: sumsOf(sums) };
}

export function diffRowOf(change: RateChange, row: DiffRow, place: Place): MessageInitShape<typeof DeckDiffRowSchema> {
  return {
    ...place,
    change: wireChanges[change],
    prefix: row.prefix,
    ...(row.before === undefined ? {} : { before: termsOf(row.before) }),
    ...(row.after === undefined ? {} : { after: termsOf(row.after) }),
    percent: percentOf(row),
    effectiveFromUs: BigInt(row.effectiveFromUs),
    effectiveUntilUs: BigInt(row.effectiveUntilUs),
  };
}

/** What a rate says, with what the reference call costs by it. */
export function termsOf({ profile, name, ...terms }: DiffTerms): MessageInitShape<typeof DiffTermsSchema> {
  return {
    ...terms,
    ...(profile === undefined ? {} : { profile: rateProfileMessageOf(profile) }),
    destination: name?.destination ?? '',
    country: name?.country ?? '',
    referencePriceNanos: terms.blocked ? 0n : referencePriceNanos({ ...terms, profile }),
    timing: windowText(profile?.window),
  };
}
