import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { serialFrom1900Ms, serialFrom1904Ms } from './date-cell.ts';
import type { FileFormat } from './deck-file.ts';
import { type ColumnPlaces, currencyFault } from './deck-columns.ts';
import { type FoundLayout, HEAD_ROWS_MAX, layoutOf } from './file-layout.ts';
import type { FileRecord } from './file-record.ts';
import { rowReader } from './rate-row.ts';
import { RowTaker, type TakenRows } from './row-taker.ts';
import { readRows, sharedStrings } from './sheet-rows.ts';
import { BadWorkbook, openWorkbook, type SheetEntry, type Workbook } from './workbook.ts';

/** Rows that are taken together: what is kept of them is written as one piece. */
const BATCH_ROWS = 20_000;

export interface ReadWorkbookHow {
  readonly format: FileFormat;
  readonly isKnownPrefix: (prefix: string) => boolean;
  /** A deck of more rates is refused. */
  readonly ratesMax: number;
  readonly tooLarge: CodedRefusal;
}

/** The rows of a sheet, in batches, and where its columns stand. */
export interface ReadSheet {
  readonly batches: readonly TakenRows[];
  readonly places: ColumnPlaces | null;
}

/**
 * Reads the deck of a workbook, in batches of rows: of the sheet that was said, else of the first visible one that has a
 * header. Refuses a file that is no workbook, has no such sheet, or no column for the prefix or the rate.
 */
export async function readWorkbook(file: Buffer, how: ReadWorkbookHow): Promise<Result<ReadSheet, CodedRefusal>> {
  try {
    const workbook = await openWorkbook(file);
    const sheets = sheetsOf(workbook, how.format.options.sheet);
    if (!sheets.ok) return sheets;
    const strings = await sharedStrings(workbook);
    let refused: Result<ReadSheet, CodedRefusal> = refuse(malformed('It has no sheet that can be seen.'));
    for (const [at, sheet] of sheets.value.entries()) {
      const reading = new SheetReading(workbook, how);
      await readRows(workbook, sheet.part, strings, (rows) => reading.take(rows));
      const read = reading.result();
      if (read.ok) return read;
      if (at === 0 || refused.refusal.code !== 'deck_malformed') refused = read;
    }
    return refused;
  } catch (error) {
    if (error instanceof BadWorkbook) return refuse(malformed(error.message));
    throw error;
  }
}

/** The sheets to look at: the one that is named or numbered, or all that can be seen. */
function sheetsOf({ sheets }: Workbook, named: string): Result<readonly SheetEntry[], CodedRefusal> {
  if (named === '') return ok(sheets.filter(({ isHidden }) => !isHidden));
  const found = sheets.find(({ name }) => name.trim() === named) ?? (/^\d{1,4}$/.test(named) ? sheets[Number(named) - 1] : undefined);
  if (found !== undefined) return ok([found]);
  const names = sheets.map(({ name }) => name).join(', ').slice(0, 500);
  return refuse({ code: 'deck_malformed', field: 'sheet', facts: { sheets: names }, detail: `The workbook has no sheet "${named}"; it has ${names}.` });
}

/** One sheet as it is read: first its layout, then its rows. */
class SheetReading {
  readonly #workbook: Workbook;
  readonly #how: ReadWorkbookHow;
  readonly #batches: TakenRows[] = [];
  #head: FileRecord[] = [];
  #taker: RowTaker | undefined;
  #read: ReturnType<typeof rowReader> | undefined;
  #rateCount = 0;
  #refusal: CodedRefusal | undefined;
  #places: ColumnPlaces | null = null;

  constructor(workbook: Workbook, how: ReadWorkbookHow) {
    this.#workbook = workbook;
    this.#how = how;
  }

  /** Takes some rows; true when the others need not be read. */
  take(rows: readonly FileRecord[]): boolean {
    if (this.#read === undefined) {
      this.#head.push(...rows);
      if (this.#head.length > HEAD_ROWS_MAX) this.#begin();
    } else for (const row of rows) this.#takeRow(row);
    return this.#refusal !== undefined;
  }

  result(): Result<ReadSheet, CodedRefusal> {
    if (this.#read === undefined && this.#refusal === undefined) this.#begin();
    this.#endBatch();
    return this.#refusal === undefined ? ok({ batches: this.#batches, places: this.#places }) : refuse(this.#refusal);
  }

  #begin(): void {
    const found = layoutOf(this.#how.format.options, this.#head, true);
    if (!found.ok || found.value === null) {
      this.#refusal = found.ok ? malformed('The sheet is empty.') : found.refusal;
      return;
    }
    this.#refusal = currencyFault(found.value.places, this.#how.format.currency);
    if (this.#refusal !== undefined) return;
    this.#places = found.value.places;
    this.#read = this.#readerOf(found.value);
    for (const row of this.#head.slice(found.value.firstRow)) this.#takeRow(row);
    this.#head = [];
  }

  #readerOf({ places }: FoundLayout): ReturnType<typeof rowReader> {
    const { format: { options, currency }, isKnownPrefix } = this.#how;
    const serialFromMs = this.#workbook.countsFrom1904 ? serialFrom1904Ms : serialFrom1900Ms;
    return rowReader({ places, options, currency, isKnownPrefix, serialFromMs, decimalComma: options.decimalComma ?? true });
  }

  #takeRow(row: FileRecord): void {
    if (this.#read === undefined) return;
    this.#taker ??= new RowTaker(this.#read, BATCH_ROWS);
    this.#taker.take(row);
    if (this.#taker.rowCount >= BATCH_ROWS) this.#endBatch();
  }

  #endBatch(): void {
    if (this.#taker === undefined) return;
    const taken = this.#taker.taken();
    this.#taker = undefined;
    this.#rateCount += taken.rates.size;
    if (this.#rateCount > this.#how.ratesMax) this.#refusal = this.#how.tooLarge;
    else this.#batches.push(taken);
  }
}

function malformed(detail: string): CodedRefusal {
  return { code: 'deck_malformed', field: 'csv', detail: `The workbook cannot be read. ${detail}` };
}
