import type { CallRecord } from '@tollwire/contracts';
import { csvCell } from '@tollwire/core';
import { formatNanos } from '@tollwire/telecom';
import { isoOfUs } from '../http/instants.ts';
import { type AnsweringCdr, type ExportQuestion, type Page, pageOf } from './cdr-pages.ts';

type Cell = (call: CallRecord) => string | number;

/** The columns in their order; new ones are added at the end, before `cursor`. */
const columns: readonly (readonly [name: string, cell: Cell])[] = [
  ['switch', ({ call }) => call?.switchId ?? ''],
  ['call_id', ({ call }) => call?.callId ?? ''],
  ['leg', ({ call }) => call?.leg ?? 0],
  ['status', ({ status }) => status],
  ['card', ({ charged }) => (charged?.party.case === 'cardId' ? charged.party.value : '')],
  ['account', ({ charged }) => (charged?.party.case === 'accountCode' ? charged.party.value : '')],
  ['cli', ({ cli }) => cli],
  ['called_number', ({ calledNumber }) => calledNumber],
  ['called_e164', ({ calledE164 }) => calledE164],
  ['started_at', ({ startedAtUs }) => instantText(startedAtUs)],
  ['ringing_at', ({ ringingAtUs }) => instantText(ringingAtUs)],
  ['answered_at', ({ answeredAtUs }) => instantText(answeredAtUs)],
  ['ended_at', ({ endedAtUs }) => instantText(endedAtUs)],
  ['session_sec', ({ sessionTimeSec }) => sessionTimeSec],
  ['billed_sec', ({ pulseTimeSec }) => pulseTimeSec],
  ['q850_cause', ({ q850Cause }) => q850Cause],
  ['terminate_cause', ({ terminateCause }) => terminateCause],
  ['carrier', ({ carrierCode }) => carrierCode],
  ['provider_id', ({ providerId }) => providerId],
  ['country_prefix_id', ({ countryPrefixId }) => countryPrefixId],
  ['sell', ({ sell }) => (sell === undefined ? '' : formatNanos(sell.nanos))],
  ['sell_currency', ({ sell }) => sell?.currency ?? ''],
  ['buy', ({ buy }) => (buy === undefined ? '' : formatNanos(buy.nanos))],
  ['buy_currency', ({ buy }) => buy?.currency ?? ''],
  ['flags', ({ flags }) => flags.join(' ')],
];

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
  yield `${[...columns.map(([name]) => name), 'cursor'].join(',')}\r\n`;
  for (let page = first; ; page = await pageOf(cdr, question, page.nextCursor)) {
    const { calls, nextCursor } = page;
    yield calls.map((call, at) => rowOf(call, at === calls.length - 1 ? nextCursor : '')).join('');
    if (nextCursor === '') return;
  }
}

function rowOf(call: CallRecord, cursor: string): string {
  return `${[...columns.map(([, cell]) => csvCell(String(cell(call)))), cursor].join(',')}\r\n`;
}

function instantText(us: bigint): string {
  return us === 0n ? '' : isoOfUs(us);
}
