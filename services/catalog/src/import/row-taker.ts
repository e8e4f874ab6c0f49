import { RateColumns, type RateTerms } from '../domain/rate-columns.ts';
import type { FileRecord } from './file-record.ts';
import type { RowReader } from './rate-row.ts';
import type { RowErrorCode } from './row-errors.ts';

/** What is wrong with a row, or with one of its prefixes. */
export interface RowError {
  readonly line: number;
  readonly column: string;
  readonly code: RowErrorCode;
  readonly value: string;
}

/** The rates of some rows, and what is wrong with others. */
export interface TakenRows {
  readonly rates: RateColumns;
  readonly errors: readonly RowError[];
  readonly rowCount: number;
}

const VALUE_MAX = 100;
/** A row of more cells is no row of a deck. */
const CELLS_MAX = 200;

/** Takes the rows of a file one by one. */
export class RowTaker {
  readonly #read: RowReader;
  readonly #cellsMax: number;
  readonly #errors: RowError[] = [];
  #rates: RateColumns;
  #rowCount = 0;

  /**
   * `rowsExpected` is a guess: there is room for as many rates, and more is made where it does not do. A row that has something
   * beyond `cellsMax` cells is none.
   */
  constructor(read: RowReader, rowsExpected: number, cellsMax = CELLS_MAX) {
    this.#read = read;
    this.#cellsMax = cellsMax;
    this.#rates = new RateColumns(rowsExpected);
  }

  get rowCount(): number {
    return this.#rowCount;
  }

  take({ line, cells, text }: FileRecord): void {
    if (cells === null || cells.length > CELLS_MAX || (cells.length > this.#cellsMax && cells.slice(this.#cellsMax).some((cell) => cell.trim() !== ''))) {
      this.#rowCount += 1;
      this.#errors.push({ line, column: '', code: 'row_malformed', value: storable(text).slice(0, VALUE_MAX) });
      return;
    }
    const row = this.#read(cells);
    // Spreadsheets write rows that are empty as separators alone: they are blank lines. Rows that say something are not even looked at.
    if (row.prefixes.length === 0 && cells.every((cell) => cell.trim() === '')) return;
    this.#rowCount += 1;
    for (const fault of row.faults) this.#errors.push({ line, ...fault, value: storable(fault.value) });
    this.#take(row.prefixes, row.terms, line);
    if (row.more.length > 0) for (const terms of row.more) this.#take(row.prefixes, terms, line);
  }

  /** Everything that was taken so far. */
  taken(): TakenRows {
    return { rates: this.#rates, errors: this.#errors, rowCount: this.#rowCount };
  }

  #take(prefixes: readonly string[], terms: RateTerms, line: number): void {
    if (this.#rates.size + prefixes.length > this.#rates.capacity) this.#grow(prefixes.length);
    for (const prefix of prefixes) this.#rates.add(prefix, terms, line);
  }

  #grow(by: number): void {
    const larger = new RateColumns(2 * this.#rates.size + by);
    larger.append(this.#rates);
    this.#rates = larger;
  }
}

/** PostgreSQL's text has no NUL. */
function storable(value: string): string {
  return value.replaceAll('\u0000', '');
}
