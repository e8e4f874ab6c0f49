import type { RateColumns } from './rate-columns.ts';

/** The rates of one prefix on both sides, by their positions: the file's in the order of date and line, the base's in the order of date. */
export interface WindowSources {
  readonly file: RateColumns;
  readonly base: RateColumns;
  readonly fileAts: readonly number[];
  readonly baseAts: readonly number[];
  readonly amends: boolean;
}

/** A rate of a side, with the end that it has in the new content. */
interface KeptRate {
  readonly rates: RateColumns;
  readonly at: number;
  readonly untilUs: number;
}

/** What becomes of the rates of one prefix, in the order of date and window. */
export interface MergedWindows {
  readonly rates: readonly KeptRate[];
  readonly carriedCount: number;
  /** Positions in the file of rates whose window and date an earlier line has. */
  readonly duplicates: readonly number[];
}

/**
 * Merges the rates of one prefix, each window by itself: see `deckContent`. The result does not depend on the order of the file
 * but for which of two lines with the same window and date comes first.
 */
export function mergedWindows({ file, base, fileAts, baseAts, amends }: WindowSources): MergedWindows {
  const ofFile = Map.groupBy(fileAts, (at) => file.windowKeyAt(at));
  const firstFromUs = file.validFromUs[fileAts[0] ?? 0] ?? 0;
  const carried = baseAts.flatMap((at): KeptRate[] => {
    const named = ofFile.get(base.windowKeyAt(at))?.[0];
    const untilUs = named === undefined ? (amends ? Infinity : firstFromUs) : (file.validFromUs[named] ?? 0);
    if ((base.validFromUs[at] ?? 0) >= untilUs) return [];
    return [{ rates: base, at, untilUs: earlierEnd(base.validUntilUs[at] ?? 0, untilUs) }];
  });
  const duplicates: number[] = [];
  const taken: KeptRate[] = [];
  for (const ats of ofFile.values()) {
    const dates = [...Map.groupBy(ats, (at) => file.validFromUs[at] ?? 0)];
    for (const [index, [, [first = 0, ...repeated]]] of dates.entries()) {
      taken.push({ rates: file, at: first, untilUs: earlierEnd(file.validUntilUs[first] ?? 0, dates[index + 1]?.[0] ?? Infinity) });
      duplicates.push(...repeated);
    }
  }
  return { rates: [...carried, ...taken].sort(inDeckOrder), carriedCount: carried.length, duplicates };
}

/** By date, then by window: what counts at any time comes first. */
function inDeckOrder(one: KeptRate, other: KeptRate): number {
  const byDate = (one.rates.validFromUs[one.at] ?? 0) - (other.rates.validFromUs[other.at] ?? 0);
  if (byDate !== 0) return byDate;
  const [left, right] = [one.rates.windowKeyAt(one.at), other.rates.windowKeyAt(other.at)];
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Of an end (0: open) and an instant (Infinity: none), the earlier as an end. */
export function earlierEnd(untilUs: number, orUs: number): number {
  if (orUs === Infinity) return untilUs;
  return untilUs === 0 ? orUs : Math.min(untilUs, orUs);
}
