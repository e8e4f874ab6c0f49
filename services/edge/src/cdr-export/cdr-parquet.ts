import { type CallRecord, cdrParquetColumns, cdrParquetElements } from '@tollwire/contracts';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { type AnsweringCdr, type ExportQuestion, type Page, pageOf } from './cdr-pages.ts';

const schema: SchemaElement[] = [{ name: 'cdr', num_children: cdrParquetElements.length }, ...cdrParquetElements];

/** Pages in a row group: enough for columns to be packed well, few enough to be held. */
const pagesPerGroup = 10;

/** In the file's own metadata: where the next file begins; empty in the last. */
export const nextCursorKey = 'tollwire.next_cursor';

/**
 * The calls that a question finds as a Parquet file, newest first, a row group at a time as it is read, so that memory
 * grows by some kilobytes for ten thousand calls. With `rowsMax` the file ends with the page that reaches it, and its
 * metadata names the cursor of the next. Refused, before the first byte, where the first page is; a later page that is
 * refused ends the stream with an error: such a file has no end, and is asked for again from the same cursor.
 */
export async function cdrParquet(cdr: AnsweringCdr, question: ExportQuestion, rowsMax: number): Promise<AsyncGenerator<Uint8Array>> {
  const first = await pageOf(cdr, question, question.cursor ?? '');
  return groups(cdr, question, rowsMax, first);
}

async function* groups(cdr: AnsweringCdr, question: ExportQuestion, rowsMax: number, first: Page): AsyncGenerator<Uint8Array> {
  const bytes = new ByteWriter();
  const parquet = new ParquetWriter({ writer: bytes, schema, createdBy: 'tollwire' });
  let page = first;
  let rows = 0;
  let calls: CallRecord[] = [];
  for (let pages = 1; ; pages += 1) {
    calls.push(...page.calls);
    rows += page.calls.length;
    const isLast = page.nextCursor === '' || (rowsMax > 0 && rows >= rowsMax);
    if (isLast || pages % pagesPerGroup === 0) {
      if (calls.length > 0) await parquet.write({ columnData: cdrParquetColumns(calls), rowGroupSize: calls.length });
      yield taken(bytes);
      calls = [];
    }
    if (isLast) break;
    page = await pageOf(cdr, question, page.nextCursor);
  }
  parquet.kvMetadata = [{ key: nextCursorKey, value: page.nextCursor }];
  await parquet.finish();
  yield taken(bytes);
}

/** What was written since the last time. The writer goes on counting from the beginning of the file. */
function taken(bytes: ByteWriter): Uint8Array {
  const written = bytes.getBytes().slice();
  bytes.index = 0;
  return written;
}
