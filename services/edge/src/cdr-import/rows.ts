import { create } from '@bufbuild/protobuf';
import { type CallEnded, CallEndedSchema, type CodedRefusal } from '@tollwire/contracts';
import { ok, type Result } from '@tollwire/core';
import { CelCalls } from './asterisk-cel.ts';
import { accRowOf, type AccRow, pairOf } from './kamailio-acc.ts';
import { type Line, lineBatchesOf } from './lines.ts';
import { type CdrMapping, hasHeadings, parseMappedRow, placesIn } from './mapped-csv.ts';
import { type CdrFormat, parseCdrLine } from './parsers.ts';
import { quotedRowsOf } from './quoted-lines.ts';
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
 * The rows of a file in their order, as many together as come together; empty lines are none. Of Kamailio's acc, an answered INVITE waits
 * for its BYE and both are one row, at the line of the BYE; an INVITE whose BYE the file does not hold is refused at the end. Of Asterisk's
 * CEL, the events of a call are one row, at the line of the last. Of a mapped file with headings, the first row is none. A row of CSV with a
 * line break in a quoted field stands at its first line.
 */
export async function* cdrRowBatches(format: CdrFormat, bytes: AsyncIterable<Uint8Array>, about: Omit<RowContext, 'line'>): AsyncGenerator<CdrRow[]> {
  const reader = readerOf(format, about);
  for await (const lines of rowTexts(format, bytes, about)) {
    const rows: CdrRow[] = [];
    for (const { line, text, isTooLong } of lines) {
      const context: RowContext = { ...about, line };
      if (isTooLong) rows.push(rowOf(line, text, refuseRow(context, 'request_too_large', '$', '', tooLong)));
      else if (!isBlank(text)) reader.take(text, context, rows);
      if (reader.isOver?.() === true) break;
    }
    if (rows.length > 0) yield rows;
    if (reader.isOver?.() === true) return;
  }
  const rest = reader.rest?.() ?? [];
  if (rest.length > 0) yield rest;
}

/** What is read as one row: a line of JSON, or as many lines as the quotes of CSV hold together. */
function rowTexts(format: CdrFormat, bytes: AsyncIterable<Uint8Array>, { mapping }: Omit<RowContext, 'line'>): AsyncIterable<readonly Line[]> {
  const lines = lineBatchesOf(bytes);
  return format === 'freeswitch_json' || format === 'kamailio_acc' ? lines : quotedRowsOf(lines, mapping?.delimiter ?? ',');
}

/** The same rows one by one. */
export async function* cdrRows(...file: Parameters<typeof cdrRowBatches>): AsyncGenerator<CdrRow> {
  for await (const rows of cdrRowBatches(...file)) yield* rows;
}

const tooLong = 'The row is longer than a CDR can be.';

function isBlank(text: string): boolean {
  return text.charCodeAt(0) <= 32 ? text.trim() === '' : text === '';
}

/** Makes rows of the lines of a file, as they come. */
interface RowReader {
  /** Puts the rows that are whole with this line behind the others. */
  take(text: string, context: RowContext, rows: CdrRow[]): void;
  /** What is left where the file ends. */
  rest?(): CdrRow[];
  /** Nothing behind can be read. */
  isOver?(): boolean;
}

function readerOf(format: CdrFormat, { mapping }: Omit<RowContext, 'line'>): RowReader {
  if (format === 'asterisk_cel') return celReader();
  if (format === 'kamailio_acc') return accReader();
  if (format === 'mapped_csv' && mapping !== undefined && hasHeadings(mapping)) return headedReader(mapping);
  return { take: (text, context, rows) => rows.push(rowOf(context.line, text, parseCdrLine(format, text, context))) };
}

/** Rows below headings, which say where each column stands. Where a column is not there, the first row is refused and no other is read. */
function headedReader(mapping: CdrMapping): RowReader {
  let places: ReturnType<typeof placesIn> | undefined;
  return {
    take(text, context, rows) {
      if (places?.ok === true) rows.push(rowOf(context.line, text, parseMappedRow(text, context, mapping, places.value)));
      else {
        places = placesIn(mapping, text, context);
        if (!places.ok) rows.push(rowOf(context.line, text, places));
      }
    },
    isOver: () => places?.ok === false,
  };
}

function celReader(): RowReader {
  const calls = new CelCalls();
  return {
    take(text, context, rows) {
      for (const told of calls.take(text, context)) rows.push(rowOf(told.line, told.rowText, told.parsed));
    },
    rest: () => [...calls.rest()].map((told) => rowOf(told.line, told.rowText, told.parsed)),
  };
}

function accReader(): RowReader {
  const open = new Map<string, Waiting>();
  return {
    take: (text, context, rows) => rows.push(...pairedRow(open, text, context)),
    rest: () => [...open.values()].map(({ context, text }) => rowOf(context.line, text, parseCdrLine('kamailio_acc', text, context))),
  };
}

interface Waiting {
  readonly acc: AccRow;
  readonly text: string;
  readonly context: RowContext;
}

function pairedRow(open: Map<string, Waiting>, text: string, context: RowContext): CdrRow[] {
  const acc = accRowOf(text, context);
  // One within the call that was refused (a hold, a change of codecs) leaves the call as it is.
  if (acc?.method === 'INVITE' && acc.sipCode >= 300 && open.has(acc.callId)) return [];
  if (acc?.method === 'INVITE' && acc.sipCode < 300 && open.size < openCallsMax) {
    // A re-INVITE within the call is accounted, too; the first one is the answer.
    if (!open.has(acc.callId)) open.set(acc.callId, { acc, text, context });
    return [];
  }
  const invite = acc?.method === 'BYE' ? open.get(acc.callId) : undefined;
  if (acc === undefined || invite === undefined) return [rowOf(context.line, text, parseCdrLine('kamailio_acc', text, context))];
  open.delete(acc.callId);
  return [rowOf(context.line, text, pairOf(invite.acc, acc, context))];
}

function rowOf(line: number, rowText: string, parsed: ParsedRow): CdrRow {
  return { line, rowText, call: parsed.ok ? ok(create(CallEndedSchema, parsed.value)) : parsed };
}
