import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { columnPlaces, type ColumnPlaces, type ColumnTitles, defaultColumns, isAmbiguous, isDataRow, knownTitles, numberedPlaces, passedOver } from './deck-columns.ts';
import type { FileRecord } from './file-record.ts';
import type { FileOptions } from './file-options.ts';

/** Where the columns stand, and which of the first records is the first of the deck's rows. */
export interface FoundLayout {
  readonly places: ColumnPlaces;
  readonly firstRow: number;
}

/** Carriers put their name, the date and a greeting above the header. */
export const HEAD_ROWS_MAX = 50;

/**
 * Finds the layout in a file's first records: as was said, else under a header among the first 50 of them, else as
 * prefix, rate, valid_from. Null where that takes more records than there are yet, and they are not all.
 */
export function layoutOf(options: FileOptions, records: readonly FileRecord[], isWhole: boolean): Result<FoundLayout | null, CodedRefusal> {
  const { columns, titles, header } = options;
  const windowNames = Object.keys(options.windows);
  const [first] = records;
  if (first === undefined) return ok(null);
  if (columns.length > 0) return namedLayout(columns, windowNames, first);
  const numbered = numberedPlaces(titles);
  if (typeof header === 'number') return headerAt(header, { titles, windowNames }, records, isWhole);
  if (numbered !== undefined) return ok({ places: numbered, firstRow: leadingWithoutDigits(numbered, records) });
  if (header === 'none' || isPlainRow(first)) return withoutHeader();
  return headerAmong({ titles, windowNames }, records, isWhole);
}

/** Files come with a header even where the columns were named by hand. */
function namedLayout(columns: readonly string[], windowNames: readonly string[], first: FileRecord): Result<FoundLayout, CodedRefusal> {
  const places = columnPlaces(columns, {}, windowNames);
  const isHeader = first.cells !== null && !isDataRow(first.cells) && columnPlaces(first.cells, {}, windowNames).ok;
  return places.ok ? ok({ places: places.value, firstRow: isHeader ? 1 : 0 }) : places;
}

/** Under which titles columns are looked for. */
interface Sought {
  readonly titles: ColumnTitles;
  readonly windowNames: readonly string[];
}

function headerAt(line: number, { titles, windowNames }: Sought, records: readonly FileRecord[], isWhole: boolean): Result<FoundLayout | null, CodedRefusal> {
  const at = records.findIndex((record) => record.line >= line);
  const cells = records[at]?.cells;
  if (at === -1 && !isWhole) return ok(null);
  if (cells === undefined || cells === null || records[at]?.line !== line) {
    return refuse({ code: 'deck_malformed', field: 'headerLine', detail: `Line ${line}, said to be the header, cannot be read as one.` });
  }
  const places = columnPlaces(cells, titles, windowNames);
  return places.ok ? ok(underHeader(cells, places.value, at)) : places;
}

function headerAmong({ titles, windowNames }: Sought, records: readonly FileRecord[], isWhole: boolean): Result<FoundLayout | null, CodedRefusal> {
  const head = records.slice(0, HEAD_ROWS_MAX);
  for (const [at, { cells }] of head.entries()) {
    const places = columnPlaces(cells ?? [], titles, windowNames);
    if (places.ok) return ok(underHeader(cells ?? [], places.value, at));
    if (isAmbiguous(places.refusal)) return places;
  }
  if (!isWhole && records.length < HEAD_ROWS_MAX) return ok(null);
  if (Object.keys(titles).length === 0 && isDataRow(head[0]?.cells ?? [])) return withoutHeader();
  const likeliest = head.reduce((best, row) => (knownTitles(row.cells ?? []) > knownTitles(best.cells ?? []) ? row : best), head[0] ?? noRecord);
  const refused = columnPlaces(likeliest.cells ?? [], titles, windowNames);
  return refused.ok ? ok(null) : refused;
}

function underHeader(cells: readonly string[], places: ColumnPlaces, at: number): FoundLayout {
  return { places: { ...places, width: cells.length, passedOver: passedOver(cells, places) }, firstRow: at + 1 };
}

const noRecord: FileRecord = { line: 1, cells: [], text: '' };

function withoutHeader(): Result<FoundLayout, CodedRefusal> {
  const places = columnPlaces(defaultColumns);
  return places.ok ? ok({ places: places.value, firstRow: 0 }) : places;
}

/** Whether a row is what a file without header begins with: a prefix, and a rate beside it. */
function isPlainRow({ cells }: FileRecord): boolean {
  return /^\s*\d{1,15}\s*$/.test(cells?.[0] ?? '') && /^\s*\d+(?:[.,]\d+)?\s*$/.test(cells?.[1] ?? '');
}

/** Where columns are given by number, rows above the data are known by that neither prefix nor rate has a digit. */
function leadingWithoutDigits(places: ColumnPlaces, records: readonly FileRecord[]): number {
  const [prefix = -1, rate = -1] = [places.prefix ?? places.country_code, places.rate];
  const at = records.findIndex(({ cells }) => /\d/.test(cells?.[prefix] ?? '') || /\d/.test(cells?.[rate] ?? ''));
  return at === -1 ? records.length : at;
}
