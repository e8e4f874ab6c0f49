import { present } from '@tollwire/core';
import { localClockOf } from '@tollwire/telecom';
import { dateReader } from './date-cell.ts';
import type { FileOptions } from './file-options.ts';
import type { RowErrorCode } from './row-errors.ts';

/** When a rate is valid, in µs: from (0: with the version), and until (exclusive; 0: open end). Or what is wrong with which cell. */
export type ValidityCells =
  | { readonly validFromUs: number; readonly validUntilUs: number }
  | { readonly column: 'valid_from' | 'valid_until'; readonly code: RowErrorCode };

/** Makes the reader of a row's dates. Each is read once for each different text. */
export function validityReader(
  { dateOrder, zone, validFromUs: otherwise }: Pick<FileOptions, 'dateOrder' | 'zone' | 'validFromUs'>, serialFromMs: number | null,
  cached: (read: (text: string) => number | undefined) => (text: string) => number | undefined,
): (from: string, until: string) => ValidityCells {
  const clock = present(localClockOf(zone), 'the zone that was checked when the import began');
  const instantUs = cached(dateReader({ order: dateOrder, clock, serialFromMs }));
  return (from, until) => {
    const validFromUs = from === '' ? otherwise : instantUs(from);
    if (validFromUs === undefined || validFromUs === Infinity) return { column: 'valid_from', code: 'date_malformed' };
    const end = instantUs(until);
    if (end === undefined) return { column: 'valid_until', code: 'date_malformed' };
    // What carriers write for an open end: 31/12/9999.
    const validUntilUs = end === Infinity ? 0 : end;
    return validUntilUs !== 0 && validUntilUs <= validFromUs ? { column: 'valid_until', code: 'validity_empty' } : { validFromUs, validUntilUs };
  };
}
