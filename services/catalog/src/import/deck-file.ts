import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { RateColumns } from '../domain/rate-columns.ts';
import { csvRecords, type Delimiter, delimiterOf } from './csv-records.ts';
import { columnPlaces, type ColumnPlaces, defaultColumns, isDataRow } from './deck-columns.ts';
import { type RowErrorCode, rowReader } from './rate-row.ts';

/** How a file is written. What is not given is found in its first line. */
export interface FileFormat {
  /** The columns' names as given; empty: see the first line. */
  readonly columns: readonly string[];
  readonly delimiter: Delimiter | null;
  /** Where the columns stand; null before the first line has been seen. */
  readonly places: ColumnPlaces | null;
}

/** How far a file has been read. */
export interface FileProgress {
  readonly format: FileFormat;
  /** Bytes of a record that is not complete yet. */
  readonly rest: Buffer;
  readonly nextLine: number;
}

/** A row that is not taken. */
export interface RowError {
  readonly line: number;
  readonly column: string;
  readonly code: RowErrorCode;
  readonly value: string;
}

export interface ReadPiece {
  readonly progress: FileProgress;
  readonly rates: RateColumns;
  readonly errors: readonly RowError[];
  readonly rowCount: number;
}

/** A record longer than this is no row of a deck; it bounds what an import keeps between pieces. */
const REST_BYTES_MAX = 64 * 1024;
const NEWLINE = 10;
const BYTE_ORDER_MARK = '\ufeff';
const VALUE_MAX = 100;

/**
 * Reads the next piece of a deck's file: rates, and the rows that are none. Refuses the file as a whole when it has no
 * column for the prefix or the rate, or a line without end.
 */
export function readPiece(
  before: FileProgress,
  csv: Uint8Array,
  isLast: boolean,
  isKnownPrefix: (prefix: string) => boolean,
): Result<ReadPiece, CodedRefusal> {
  const bytes = before.rest.length === 0 ? Buffer.from(csv) : Buffer.concat([before.rest, csv]);
  // Cut at a line's end, so that no character is torn apart.
  const end = isLast ? bytes.length : bytes.lastIndexOf(NEWLINE) + 1;
  let text = bytes.toString('utf8', 0, end);
  if (before.nextLine === 1 && text.startsWith(BYTE_ORDER_MARK)) text = text.slice(1);
  const delimiter = before.format.delimiter ?? (text === '' ? null : delimiterOf(text.slice(0, text.indexOf('\n') >>> 0)));
  const piece = csvRecords(text, delimiter ?? ',', before.nextLine, isLast);
  const rest = Buffer.concat([Buffer.from(piece.rest), bytes.subarray(end)]);
  if (rest.length > REST_BYTES_MAX) return refuse({ code: 'deck_malformed', field: 'csv', detail: `Line ${before.nextLine + piece.lineCount} has no end.` });

  const header = headerOf(before.format, piece.records[0]?.cells ?? null);
  if (!header.ok) return header;
  const { places, isHeaderRow } = header.value;
  const rows = isHeaderRow ? piece.records.slice(1) : piece.records;
  const progress = { format: { ...before.format, delimiter, places }, rest, nextLine: before.nextLine + piece.lineCount };
  const rates = new RateColumns(rows.length);
  const errors: RowError[] = [];
  const read = rowReader({ places: places ?? {}, decimalComma: delimiter !== ',', isKnownPrefix });
  for (const { line, cells, text: written } of rows) {
    const rate = cells === null ? { column: '', code: 'row_malformed' as const, value: written.slice(0, VALUE_MAX) } : read(cells);
    if ('code' in rate) errors.push({ line, ...rate, value: storable(rate.value) });
    else rates.push(rate, line);
  }
  return ok({ progress, rates, errors, rowCount: rows.length });
}

function headerOf(
  { columns, places }: FileFormat,
  first: readonly string[] | null,
): Result<{ places: ColumnPlaces | null; isHeaderRow: boolean }, CodedRefusal> {
  if (places !== null || first === null) return ok({ places, isHeaderRow: false });
  // Files come with a header even where the columns were named by hand.
  const isHeaderRow = !isDataRow(first) && (columns.length === 0 || columnPlaces(first).ok);
  const found = columnPlaces(columns.length > 0 ? columns : isHeaderRow ? first : defaultColumns);
  return found.ok ? ok({ places: found.value, isHeaderRow }) : found;
}

/** PostgreSQL's text has no NUL. */
function storable(value: string): string {
  return value.replaceAll('\u0000', '');
}
