import { create } from '@bufbuild/protobuf';
import { type CallEnded, CallEndedSchema, type CodedRefusal } from '@tollwire/contracts';
import { ok, type Result } from '@tollwire/core';
import { CelCalls } from './asterisk-cel.ts';
import { accRowOf, type AccRow, pairOf } from './kamailio-acc.ts';
import { linesOf } from './lines.ts';
import { hasHeadings, parseMappedRow, placesIn } from './mapped-csv.ts';
import { type CdrFormat, parseCdrLine } from './parsers.ts';
import { type ParsedRow, refuseRow, type RowContext } from './row.ts';

/** A row of a CDR file: where it stood, what it said, and the call that it tells of, or why it tells of none. */
export interface CdrRow {
  /** Counted from 1. */
  readonly line: number;
  readonly rowText: string;
  readonly call: Result<CallEnded, CodedRefusal>;
}

/** Calls of a file that may be open at once while their BYE is looked for. */
const openCallsMax = 200_000;

/**
 * The rows of a file in their order; empty lines are none. Of Kamailio's acc, an answered INVITE waits for its BYE and
 * both are one row, at the line of the BYE; an INVITE whose BYE the file does not hold is refused at the end. Of Asterisk's CEL, the
 * events of a call are one row, at the line of the last. Of a mapped file with headings, the first row is none.
 */
export async function* cdrRows(format: CdrFormat, bytes: AsyncIterable<Uint8Array>, about: Omit<RowContext, 'line'>): AsyncGenerator<CdrRow> {
  const { mapping } = about;
  if (format === 'asterisk_cel') yield* celRows(bytes, about);
  else if (format === 'mapped_csv' && mapping !== undefined && hasHeadings(mapping)) yield* headedRows(bytes, { ...about, mapping });
  else yield* plainRows(format, bytes, about);
}

/** Rows below headings, which say where each column stands. Where a column is not there, the first row is refused and no other is read. */
async function* headedRows(bytes: AsyncIterable<Uint8Array>, about: Omit<RowContext, 'line'> & Required<Pick<RowContext, 'mapping'>>): AsyncGenerator<CdrRow> {
  const { mapping } = about;
  let places: ReturnType<typeof placesIn> | undefined;
  for await (const { line, text, isTooLong } of linesOf(bytes)) {
    const context: RowContext = { ...about, line };
    if (isTooLong) yield rowOf(line, text, refuseRow(context, 'request_too_large', '$', '', tooLong));
    else if (text.trim() === '' || mapping === undefined) continue;
    else if (places?.ok === true) yield rowOf(line, text, parseMappedRow(text, context, mapping, places.value));
    else {
      places = placesIn(mapping, text, context);
      if (places.ok) continue;
      yield rowOf(line, text, places);
      return;
    }
  }
}

async function* celRows(bytes: AsyncIterable<Uint8Array>, about: Omit<RowContext, 'line'>): AsyncGenerator<CdrRow> {
  const calls = new CelCalls();
  for await (const { line, text, isTooLong } of linesOf(bytes)) {
    const context: RowContext = { ...about, line };
    if (isTooLong) yield rowOf(line, text, refuseRow(context, 'request_too_large', '$', '', tooLong));
    else if (text.trim() !== '') for (const told of calls.take(text, context)) yield rowOf(told.line, told.rowText, told.parsed);
  }
  for (const told of calls.rest()) yield rowOf(told.line, told.rowText, told.parsed);
}

const tooLong = 'The row is longer than a CDR can be.';

async function* plainRows(format: CdrFormat, bytes: AsyncIterable<Uint8Array>, about: Omit<RowContext, 'line'>): AsyncGenerator<CdrRow> {
  const open = new Map<string, Waiting>();
  for await (const { line, text, isTooLong } of linesOf(bytes)) {
    const context: RowContext = { ...about, line };
    if (isTooLong) yield rowOf(line, text, refuseRow(context, 'request_too_large', '$', '', tooLong));
    else if (text.trim() !== '') yield* format === 'kamailio_acc' ? pairedRow(open, text, context) : [rowOf(line, text, parseCdrLine(format, text, context))];
  }
  for (const { context, text } of open.values()) yield rowOf(context.line, text, parseCdrLine(format, text, context));
}

interface Waiting {
  readonly acc: AccRow;
  readonly text: string;
  readonly context: RowContext;
}

function* pairedRow(open: Map<string, Waiting>, text: string, context: RowContext): Generator<CdrRow> {
  const acc = accRowOf(text, context);
  if (acc?.method === 'INVITE' && acc.sipCode < 300 && open.size < openCallsMax) {
    // A re-INVITE within the call is accounted, too; the first one is the answer.
    if (!open.has(acc.callId)) open.set(acc.callId, { acc, text, context });
    return;
  }
  const invite = acc?.method === 'BYE' ? open.get(acc.callId) : undefined;
  if (acc === undefined || invite === undefined) {
    yield rowOf(context.line, text, parseCdrLine('kamailio_acc', text, context));
    return;
  }
  open.delete(acc.callId);
  yield rowOf(context.line, text, pairOf(invite.acc, acc, context));
}

function rowOf(line: number, rowText: string, parsed: ParsedRow): CdrRow {
  return { line, rowText, call: parsed.ok ? ok(create(CallEndedSchema, parsed.value)) : parsed };
}
