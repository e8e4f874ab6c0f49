import type { SaxesTagPlain } from 'saxes';
import type { FileRecord } from './file-record.ts';
import { BadWorkbook, localName, readXml, type Workbook } from './workbook.ts';

const SHEET_BYTES_MAX = 1_536 * 1024 * 1024;
const STRINGS_BYTES_MAX = 512 * 1024 * 1024;
/** What shared strings may hold together, in characters: they are all in memory. */
const STRINGS_CHARACTERS_MAX = 128 * 1024 * 1024;
const CELL_CHARACTERS_MAX = 32_767;
/** Cells after this column are not looked at one by one: a row with something there is too wide for a deck. */
const CELLS_MAX = 201;

/** The strings that cells refer to by their numbers. */
export async function sharedStrings(workbook: Workbook): Promise<readonly string[]> {
  if (workbook.stringsPart === undefined) return [];
  const strings: string[] = [];
  const text = new TextIn();
  let characters = 0;
  await readXml(workbook, workbook.stringsPart, STRINGS_BYTES_MAX, {
    open: ({ name }) => text.open(localName(name)),
    text: (part) => text.add(part),
    close: (name) => {
      text.close(localName(name));
      if (localName(name) !== 'si') return;
      const string = text.take();
      characters += string.length;
      if (characters > STRINGS_CHARACTERS_MAX) throw new BadWorkbook('Its cells hold too much text.');
      strings.push(string);
    },
  });
  return strings;
}

/** Collects the text of `t` elements, without the readings (`rPh`) that Japanese text has beside it. */
class TextIn {
  #text = '';
  #isWithin = false;
  #isReading = false;

  open(name: string): void {
    if (name === 't') this.#isWithin = true;
    if (name === 'rPh') this.#isReading = true;
  }

  add(part: string): void {
    if (!this.#isWithin || this.#isReading) return;
    if (this.#text.length + part.length > CELL_CHARACTERS_MAX) throw new BadWorkbook('A cell holds more text than a cell can.');
    this.#text += part;
  }

  close(name: string): void {
    if (name === 't') this.#isWithin = false;
    if (name === 'rPh') this.#isReading = false;
  }

  take(): string {
    const text = this.#text;
    this.#text = '';
    return text;
  }
}

/**
 * Reads a sheet's rows as they come; empty ones are left out, others keep their number. `take` is given some at a time,
 * and ends the reading by answering true. Numbers are told as the decimals that people see, dates as the days that the
 * sheet counts.
 */
export async function readRows(workbook: Workbook, part: string, strings: readonly string[], take: (rows: readonly FileRecord[]) => boolean): Promise<void> {
  const rows = new RowsIn(strings);
  await readXml(workbook, part, SHEET_BYTES_MAX, {
    open: (tag) => rows.open(tag),
    text: (text) => rows.add(text),
    close: (name) => rows.close(localName(name)),
    piece: () => take(rows.taken()),
  });
}

class RowsIn {
  readonly #strings: readonly string[];
  readonly #inline = new TextIn();
  #rows: FileRecord[] = [];
  #line = 0;
  #cells: string[] = [];
  #place = 0;
  #type = 'n';
  #value = '';
  #isValue = false;
  #isWithinRow = false;

  constructor(strings: readonly string[]) {
    this.#strings = strings;
  }

  open({ name, attributes }: SaxesTagPlain): void {
    switch (localName(name)) {
      case 'row':
        this.#line = lineOf(attributes['r'], this.#line + 1);
        this.#cells = [];
        this.#place = -1;
        this.#isWithinRow = true;
        break;
      case 'c':
        this.#place = attributes['r'] === undefined ? this.#place + 1 : placeOf(attributes['r']);
        this.#type = attributes['t'] ?? 'n';
        this.#value = '';
        break;
      case 'v':
        this.#isValue = true;
        break;
      default:
        this.#inline.open(localName(name));
    }
  }

  add(text: string): void {
    if (this.#isValue) {
      if (this.#value.length + text.length > CELL_CHARACTERS_MAX) throw new BadWorkbook('A cell holds more text than a cell can.');
      this.#value += text;
    } else if (this.#isWithinRow) this.#inline.add(text);
  }

  close(name: string): void {
    if (name === 'v') this.#isValue = false;
    else if (name === 'c') this.#endCell();
    else if (name === 'row') this.#endRow();
    else this.#inline.close(name);
  }

  taken(): readonly FileRecord[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }

  #endCell(): void {
    const text = this.#type === 'inlineStr' ? this.#inline.take() : this.#valueText();
    if (text === '') return;
    const place = Math.min(this.#place, CELLS_MAX - 1);
    while (this.#cells.length < place) this.#cells.push('');
    this.#cells[place] = text;
  }

  #valueText(): string {
    if (this.#type === 's') return this.#strings[Number(this.#value)] ?? '';
    return this.#type === 'n' ? decimalText(this.#value) : this.#value;
  }

  #endRow(): void {
    this.#isWithinRow = false;
    if (this.#cells.some((cell) => cell.trim() !== '')) this.#rows.push({ line: this.#line, cells: this.#cells, text: this.#cells.join(' ').slice(0, 100) });
  }
}

/** A row says its own number, or follows the one before. */
function lineOf(reference: string | undefined, next: number): number {
  if (reference === undefined) return next;
  if (!/^\d{1,7}$/.test(reference)) throw new BadWorkbook(`A row has the number "${reference.slice(0, 20)}".`);
  return Number(reference);
}

/** `B7` is in the second column. */
function placeOf(reference: string): number {
  let place = 0;
  for (let at = 0; at < reference.length; at += 1) {
    const letter = reference.charCodeAt(at) - 64;
    if (letter < 1 || letter > 26) break;
    place = place * 26 + letter;
  }
  return place - 1;
}

const DIGITS = 15;

/**
 * A number as a spreadsheet shows it: of 15 digits, as all of them compute (so that 0.1 + 0.2 is 0.3), and without an
 * exponent. What is no number stays as it is.
 */
export function decimalText(text: string): string {
  if (/^\d{1,15}$/.test(text) || /^\d{1,6}\.\d{1,9}$/.test(text)) return text;
  const number = Number(text);
  if (text === '' || !Number.isFinite(number) || Math.abs(number) >= 10 ** DIGITS) return text;
  const whole = Math.trunc(Math.abs(number));
  const decimals = DIGITS - (whole === 0 ? 0 : String(whole).length);
  const fixed = number.toFixed(decimals);
  return fixed.includes('.') ? fixed.replace(/\.?0+$/, '') : fixed;
}
