import type { RateProfile, TimeWindow } from '@tollwire/telecom';
import { chargeColumns, chargesOf } from './charge-cells.ts';
import type { ColumnPlaces, DeckColumn } from './deck-columns.ts';
import { stepsOfText } from './step-text.ts';
import { windowsOfText } from './window-text.ts';

/** Windows by the names that the file has for them, in lower case. */
export type NamedWindows = Readonly<Record<string, readonly (TimeWindow | undefined)[]>>;

/** What a row says beyond an amount per minute: one profile for each window; undefined within the list is none. Or the column at fault. */
export type ProfileCells = readonly (RateProfile | undefined)[] | { readonly column: DeckColumn };

export interface ProfileReaderOptions {
  readonly places: ColumnPlaces;
  readonly windows: NamedWindows;
  /** Reads an amount for as long as the row's rates are for as one per minute; undefined where it is none. */
  readonly rateOf: (text: string, unit: string) => bigint | undefined;
  /** Reads a fee. */
  readonly feeOf: (text: string) => bigint | undefined;
}

const columns = ['timing', 'steps', ...chargeColumns] as const;
/** A file has few different profiles; one of bad cells has as many as rows. */
const KNOWN_MAX = 10_000;
const PLAIN: ProfileCells = [undefined];

/** A window by the name that the file has for it, else as its text says; undefined where it says none. */
export function windowsNamed(windows: NamedWindows, text: string): readonly (TimeWindow | undefined)[] | undefined {
  if (text === '') return [undefined];
  const name = text.toLowerCase();
  return Object.hasOwn(windows, name) ? windows[name] : windowsOfText(text);
}

/**
 * Makes the reader of the columns timing, steps and charges of a row; undefined where the file has none of them. Where `windows`
 * are given, those count in place of the timing. The cells of a row are read once for each different texts.
 */
export function profileReader(how: ProfileReaderOptions): ((cell: (column: DeckColumn) => string, windows?: readonly (TimeWindow | undefined)[]) => ProfileCells) | undefined {
  const there = columns.filter((column) => how.places[column] !== undefined);
  if (there.length === 0 && how.places.windowRates === undefined) return undefined;
  const known = new Map<string, ProfileCells>();
  return (cell, windows) => {
    const texts = there.map((column) => cell(column));
    if (windows === undefined && texts.every((text) => text === '')) return PLAIN;
    const key = JSON.stringify([windows ?? null, cell('rate_unit'), texts]);
    const before = known.get(key);
    if (before !== undefined) return before;
    const read = profilesOf(how, cell, windows);
    if (known.size < KNOWN_MAX) known.set(key, read);
    return read;
  };
}

function profilesOf(how: ProfileReaderOptions, cell: (column: DeckColumn) => string, given: readonly (TimeWindow | undefined)[] | undefined): ProfileCells {
  const windows = given ?? windowsNamed(how.windows, cell('timing'));
  if (windows === undefined) return { column: 'timing' };
  const furtherSteps = stepsOfText(cell('steps'), (text) => how.rateOf(text, cell('rate_unit')), how.feeOf);
  if (furtherSteps === undefined) return { column: 'steps' };
  const terms = chargesOf(cell, how.feeOf);
  if ('column' in terms) return terms;
  const isPlain = furtherSteps.length === 0 && Object.keys(terms).length === 0;
  return windows.map((window) => (isPlain && window === undefined ? undefined : { window, furtherSteps, terms }));
}
