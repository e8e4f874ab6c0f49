import { create } from '@bufbuild/protobuf';
import { type CallEnded, CallEndedSchema, type CodedRefusal } from '@tollwire/contracts';
import { ok, type Result } from '@tollwire/core';
import { accRowOf, type AccRow, pairOf } from './kamailio-acc.ts';
import { linesOf } from './lines.ts';
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
 * both are one row, at the line of the BYE; an INVITE whose BYE the file does not hold is refused at the end.
 */
export async function* cdrRows(format: CdrFormat, bytes: AsyncIterable<Uint8Array>, about: Omit<RowContext, 'line'>): AsyncGenerator<CdrRow> {
  const open = new Map<string, Waiting>();
  for await (const { line, text, isTooLong } of linesOf(bytes)) {
    const context: RowContext = { ...about, line };
    if (isTooLong) yield rowOf(line, text, refuseRow(context, 'request_too_large', '$', '', 'The row is longer than a CDR can be.'));
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
