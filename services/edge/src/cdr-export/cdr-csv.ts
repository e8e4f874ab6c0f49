import { type CallRecord, cdrCsvCells, cdrCsvNames } from '@tollwire/contracts';
import { type AnsweringCdr, type ExportQuestion, type Page, pageOf } from './cdr-pages.ts';

/**
 * The calls that a question finds as CSV, newest first, a page at a time as it is read: memory does not grow with them.
 * Refused, before the first byte, where the first page is. A later page that is refused ends the stream with an error; who
 * reads goes on from the last cursor.
 */
export async function cdrCsv(cdr: AnsweringCdr, question: ExportQuestion): Promise<AsyncGenerator<string>> {
  const first = await pageOf(cdr, question, question.cursor ?? '');
  return pages(cdr, question, first);
}

async function* pages(cdr: AnsweringCdr, question: ExportQuestion, first: Page): AsyncGenerator<string> {
  yield `${[...cdrCsvNames, 'cursor'].join(',')}\r\n`;
  for (let page = first; ; page = await pageOf(cdr, question, page.nextCursor)) {
    const { calls, nextCursor } = page;
    yield calls.map((call, at) => rowOf(call, at === calls.length - 1 ? nextCursor : '')).join('');
    if (nextCursor === '') return;
  }
}

function rowOf(call: CallRecord, cursor: string): string {
  return `${[...cdrCsvCells(call), cursor].join(',')}\r\n`;
}
