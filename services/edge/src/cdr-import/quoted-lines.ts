import { closingQuote } from './csv-line.ts';
import type { Line } from './lines.ts';

/** What a quoted field may hold of line breaks, and a row in all: more is a quote that somebody forgot to close. */
const rowLinesMax = 100;
const rowCharactersMax = 1_048_576;

/** Whether a line ends within a quoted field; `broken` where something follows a closing quote. */
type Ending = 'within' | 'between' | 'broken';

/** A row that goes on, by the lines that it is made of so far. */
interface OpenRow {
  readonly lines: Line[];
  characterCount: number;
}

/**
 * The rows of a CSV file: a line, or several where a line break is quoted (RFC 4180), under the number of the first. A quote that
 * does not close within 100 lines, a mebibyte or the file, or closes where a field does not end, spoils the line that it stands in alone: that one is handed
 * on as it is, for its reader to refuse, and reading goes on with the line behind it.
 */
export async function* quotedRowsOf(batches: AsyncIterable<readonly Line[]>, delimiter: string): AsyncGenerator<Line[]> {
  const rows = new QuotedRows(delimiter);
  for await (const lines of batches) {
    for (const line of lines) rows.take(line);
    if (rows.whole.length > 0) yield rows.whole.splice(0);
  }
  rows.end();
  if (rows.whole.length > 0) yield rows.whole;
}

class QuotedRows {
  readonly whole: Line[] = [];
  readonly #delimiter: string;
  #open: OpenRow | undefined;

  constructor(delimiter: string) {
    this.#delimiter = delimiter;
  }

  take(line: Line): void {
    const open = this.#open;
    if (open === undefined) this.#begin(line);
    else this.#goOn(open, line);
  }

  /** No line follows. */
  end(): void {
    while (this.#open !== undefined) this.#giveUp(this.#open);
  }

  #begin(line: Line): void {
    if (!line.isTooLong && line.text.includes('"') && endingOf(line.text, this.#delimiter, false) === 'within') this.#open = { lines: [line], characterCount: line.text.length };
    else this.whole.push(line);
  }

  #goOn(open: OpenRow, line: Line): void {
    open.lines.push(line);
    open.characterCount += line.text.length + 1;
    const ending = line.isTooLong ? 'broken' : endingOf(line.text, this.#delimiter, true);
    if (ending === 'between' && open.characterCount <= rowCharactersMax) {
      this.#open = undefined;
      this.whole.push({ ...line, line: open.lines[0]?.line ?? line.line, text: open.lines.map(({ text }) => text).join('\n') });
    } else if (ending === 'broken' || open.lines.length >= rowLinesMax || open.characterCount > rowCharactersMax) this.#giveUp(open);
  }

  /** The first line stands by itself; those behind it are looked at anew. */
  #giveUp({ lines: [first, ...behind] }: OpenRow): void {
    this.#open = undefined;
    if (first !== undefined) this.whole.push(first);
    for (const line of behind) this.take(line);
  }
}

function endingOf(text: string, delimiter: string, isWithin: boolean): Ending {
  let at = 0;
  let within = isWithin;
  for (;;) {
    if (within || text[at] === '"') {
      const end = closingQuote(text, within ? at : at + 1);
      if (end === undefined) return 'within';
      if (end + 1 === text.length) return 'between';
      if (text[end + 1] !== delimiter) return 'broken';
      at = end + 2;
      within = false;
    } else {
      const next = text.indexOf(delimiter, at);
      if (next === -1) return 'between';
      at = next + 1;
    }
  }
}
