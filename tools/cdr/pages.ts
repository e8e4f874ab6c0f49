import { Stop } from '../cli/stop.ts';

/** The rows of a CSV text as they come in, whole ones only: a line break within quotes ends none. */
export class RowReader {
  #rest = '';

  /** The rows that are whole by now, each with its line break. */
  push(text: string): string[] {
    const all = this.#rest + text;
    const rows: string[] = [];
    let begin = 0;
    let isQuoted = false;
    for (let at = 0; at < all.length; at += 1) {
      if (all[at] === '"') isQuoted = !isQuoted;
      else if (all[at] === '\n' && !isQuoted) {
        rows.push(all.slice(begin, at + 1));
        begin = at + 1;
      }
    }
    this.#rest = all.slice(begin);
    return rows;
  }
}

/** The last cell of a row: the cursor to go on from, in the row that ends a page; empty in every other. */
export function cursorIn(row: string): string {
  return /,([\w-]*)\r?\n$/.exec(row)?.[1] ?? '';
}

/** How a stream of an export is opened, from a cursor on; empty: from the beginning. */
export type OpensExport = (cursor: string) => AsyncIterable<Uint8Array>;

const attemptsMax = 5;

/**
 * An export in whole pages, each handed over once. Where the stream breaks, the rows of the page that was not whole are
 * dropped and it is opened again after the last whole one; it rejects after five breaks without a page between them.
 */
export async function* wholePages(open: OpensExport, from: string): AsyncGenerator<string> {
  let cursor = from;
  let isBegun = false;
  for (let attempts = 1; ; attempts += 1) {
    let rows: string[] = [];
    let isHeader = true;
    try {
      const reader = new RowReader();
      const decoder = new TextDecoder();
      for await (const chunk of open(cursor)) {
        for (const row of reader.push(decoder.decode(chunk, { stream: true }))) {
          // An export that was opened again begins with the header that was handed over before.
          if (!isHeader || !isBegun) rows.push(row);
          const next = isHeader ? '' : cursorIn(row);
          isHeader = false;
          if (next === '') continue;
          yield rows.join('');
          [rows, cursor, isBegun, attempts] = [[], next, true, 0];
        }
      }
      yield rows.join('');
      return;
    } catch (error) {
      if (attempts >= attemptsMax || error instanceof Stop) throw error;
    }
  }
}
