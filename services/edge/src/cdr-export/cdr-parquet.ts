import type { CallRecord } from '@tollwire/contracts';
import { ByteWriter, ParquetWriter, type SchemaElement } from 'hyparquet-writer';
import { type AnsweringCdr, type ExportQuestion, type Page, pageOf } from './cdr-pages.ts';

/** What a cell of a column may hold. */
type Cell = string | number | bigint | undefined;

interface Column {
  readonly element: SchemaElement;
  readonly of: (call: CallRecord) => Cell;
}

const text = (name: string, of: (call: CallRecord) => string | undefined): Column => ({ element: { name, type: 'BYTE_ARRAY', converted_type: 'UTF8',
  repetition_type: 'OPTIONAL' }, of: (call) => of(call) || undefined });
const whole = (name: string, of: (call: CallRecord) => number): Column => ({ element: { name, type: 'INT32', repetition_type: 'REQUIRED' }, of });
const instant = (name: string, of: (call: CallRecord) => bigint): Column => ({ element: { name, type: 'INT64', converted_type: 'TIMESTAMP_MICROS',
  repetition_type: 'OPTIONAL' }, of: (call) => of(call) || undefined });
/** Exact: nanos are the unscaled value of a decimal with nine places. */
const amount = (name: string, of: (call: CallRecord) => bigint | undefined): Column => ({ element: { name, type: 'INT64', converted_type: 'DECIMAL',
  precision: 18, scale: 9, repetition_type: 'OPTIONAL' }, of });

/** The columns in their order, named as those of the CSV; new ones are added at the end. */
const columns: readonly Column[] = [
  text('switch', ({ call }) => call?.switchId),
  text('call_id', ({ call }) => call?.callId),
  whole('leg', ({ call }) => call?.leg ?? 0),
  text('status', ({ status }) => status),
  text('card', ({ charged }) => (charged?.party.case === 'cardId' ? charged.party.value : undefined)),
  text('account', ({ charged }) => (charged?.party.case === 'accountCode' ? charged.party.value : undefined)),
  text('cli', ({ cli }) => cli),
  text('called_number', ({ calledNumber }) => calledNumber),
  text('called_e164', ({ calledE164 }) => calledE164),
  instant('started_at', ({ startedAtUs }) => startedAtUs),
  instant('ringing_at', ({ ringingAtUs }) => ringingAtUs),
  instant('answered_at', ({ answeredAtUs }) => answeredAtUs),
  instant('ended_at', ({ endedAtUs }) => endedAtUs),
  whole('session_sec', ({ sessionTimeSec }) => sessionTimeSec),
  whole('billed_sec', ({ pulseTimeSec }) => pulseTimeSec),
  whole('q850_cause', ({ q850Cause }) => q850Cause),
  text('terminate_cause', ({ terminateCause }) => terminateCause),
  text('carrier', ({ carrierCode }) => carrierCode),
  whole('provider_id', ({ providerId }) => providerId),
  whole('country_prefix_id', ({ countryPrefixId }) => countryPrefixId),
  amount('sell', ({ sell }) => sell?.nanos),
  text('sell_currency', ({ sell }) => sell?.currency),
  amount('buy', ({ buy }) => buy?.nanos),
  text('buy_currency', ({ buy }) => buy?.currency),
  amount('margin', ({ margin }) => margin?.nanos),
  text('flags', ({ flags }) => flags.join(' ')),
];

const schema: SchemaElement[] = [{ name: 'cdr', num_children: columns.length }, ...columns.map(({ element }) => element)];

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
      if (calls.length > 0) await parquet.write({ columnData: columns.map(({ element, of }) => ({ name: element.name, data: calls.map(of) })), rowGroupSize: calls.length });
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
