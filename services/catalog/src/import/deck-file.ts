import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { RateColumns } from '../domain/rate-columns.ts';
import { csvRecords, type Delimiter, delimiterOf } from './csv-records.ts';
import { type ColumnPlaces, currencyFault } from './deck-columns.ts';
import { layoutOf } from './file-layout.ts';
import { defaultOptions, type FileOptions } from './file-options.ts';
import type { FileRecord } from './file-record.ts';
import { rowReader } from './rate-row.ts';
import { type RowError, RowTaker } from './row-taker.ts';
import { decoded, encoded, encodingOf, lastLineEnd, type LineEnd, lineEndOf, type TextEncoding, withLineFeeds, withoutByteOrderMark } from './text-encoding.ts';

/** How a file is written. What is not said is found in its beginning. */
export interface FileFormat {
  readonly options: FileOptions;
  /** Of the plan that the rates are for. */
  readonly currency: string;
  /** Null before the first piece has been seen. */
  readonly kind: 'text' | 'workbook' | null;
  /** Of a workbook, what has come of it. */
  readonly fileBytes: number;
  readonly encoding: TextEncoding | null;
  /** What ends its lines; absent before the first end has been seen. */
  readonly lineEnd?: LineEnd;
  readonly delimiter: Delimiter | null;
  /** Where the columns stand; null before the header has been seen. */
  readonly places: ColumnPlaces | null;
}

/** How far a file has been read. */
export interface FileProgress {
  readonly format: FileFormat;
  /** Bytes of a record, or of a file's beginning, that is not complete yet. */
  readonly rest: Buffer;
  readonly nextLine: number;
}

export interface ReadPiece {
  readonly progress: FileProgress;
  readonly rates: RateColumns;
  readonly errors: readonly RowError[];
  readonly rowCount: number;
}

/** A file of which nothing has been seen. */
export function unseen(options: FileOptions = defaultOptions, currency = ''): FileFormat {
  return { options, currency, kind: null, fileBytes: 0, encoding: null, delimiter: options.delimiter, places: null };
}

/** A record longer than this is no row of a deck; it bounds what an import keeps between pieces. */
const REST_BYTES_MAX = 64 * 1024;
/** What stands above a header, and the header, in bytes. */
const HEAD_BYTES_MAX = 256 * 1024;
/** How many rows are read between two pauses: some milliseconds of work. */
const SLICE = 1_000;

/**
 * Reads the next piece of a deck's text file: rates, and the rows that are none. Refuses the file as a whole when it has
 * no column for the prefix or the rate, or a line without end. Pauses in between.
 */
export function* readPiece(
  before: FileProgress,
  piece: Uint8Array,
  isLast: boolean,
  isKnownPrefix: (prefix: string) => boolean,
): Generator<void, Result<ReadPiece, CodedRefusal>> {
  const written = before.rest.length === 0 ? Buffer.from(piece) : Buffer.concat([before.rest, piece]);
  const lineEnd = before.format.lineEnd ?? lineEndOf(written, isLast);
  const bytes = lineEnd === 'cr' ? withLineFeeds(written) : written;
  const split = recordsOf(before, bytes, isLast);
  yield;
  if (split.rest.length > REST_BYTES_MAX) {
    return refuse({ code: 'deck_malformed', field: 'csv', detail: `Line ${before.nextLine + split.lineCount} has no end; see that the file is text.` });
  }
  const found = placesOf(before.format, split.records, isLast || bytes.length > HEAD_BYTES_MAX);
  if (!found.ok) return found;
  if (found.value === null) return waiting(before, bytes, isLast);
  const { places, firstRow } = found.value;
  const foreign = currencyFault(places, before.format.currency);
  if (foreign !== undefined) return refuse(foreign);
  const { encoding, delimiter, rest } = split;
  const format = { ...before.format, ...(lineEnd === undefined ? {} : { lineEnd }), encoding, delimiter, places, kind: 'text' as const };
  const { options, currency } = format;
  const decimalComma = options.decimalComma ?? delimiter !== ',';
  // Where commas part the cells, one too many is a decimal comma: 0,1 would be read as 0.
  const cellsMax = delimiter === ',' ? places.width : undefined;
  const taker = new RowTaker(rowReader({ places, options, currency, isKnownPrefix, decimalComma, serialFromMs: null }), split.records.length, cellsMax);
  for (let at = firstRow; at < split.records.length; at += 1) {
    const record = split.records[at];
    if (record !== undefined) taker.take(record);
    if (at % SLICE === SLICE - 1) yield;
  }
  return ok({ progress: { format, rest, nextLine: before.nextLine + split.lineCount }, ...taker.taken() });
}

interface SplitPiece {
  readonly encoding: TextEncoding;
  readonly delimiter: Delimiter;
  readonly records: readonly FileRecord[];
  readonly rest: Buffer;
  readonly lineCount: number;
}

/** The records that end within the bytes. They are cut at a line's end, so that no character is torn apart. */
function recordsOf({ format, nextLine }: FileProgress, bytes: Buffer, isLast: boolean): SplitPiece {
  const encoding = format.encoding ?? encodingOf(bytes);
  const end = isLast ? bytes.length : lastLineEnd(bytes, encoding);
  const text = decoded(bytes.subarray(0, end), encoding);
  const whole = nextLine === 1 ? withoutByteOrderMark(text) : text;
  const delimiter = format.delimiter ?? delimiterOf(whole, format.options.titles);
  const { records, rest, lineCount } = csvRecords(whole, delimiter, nextLine, isLast);
  return { encoding, delimiter, records, lineCount, rest: Buffer.concat([encoded(rest, encoding), bytes.subarray(end)]) };
}

function placesOf(format: FileFormat, records: readonly FileRecord[], isWhole: boolean): ReturnType<typeof layoutOf> {
  return format.places === null ? layoutOf(format.options, records, isWhole) : ok({ places: format.places, firstRow: 0 });
}

/** Nothing is taken before the layout is known; a file may be empty, or its beginning still to come. */
function waiting(before: FileProgress, bytes: Buffer, isLast: boolean): Result<ReadPiece, CodedRefusal> {
  if (bytes.length > HEAD_BYTES_MAX) return refuse({ code: 'deck_malformed', field: 'csv', detail: 'The file begins with too much that is no row.' });
  return ok({ progress: { ...before, rest: isLast ? Buffer.alloc(0) : bytes }, rates: new RateColumns(0), errors: [], rowCount: 0 });
}
