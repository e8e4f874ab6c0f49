import { ok, type Result } from '@tollwire/core';
import { trunkOf } from './asterisk-csv.ts';
import { csvFields } from './csv-line.ts';
import { chargedOf, keptNumber, usOfLocalTime, usOfSeconds } from './fields.ts';
import { jsonRow } from './json-row.ts';
import { type ParsedRow, refuseRow, type RowContext, type RowError } from './row.ts';

/** The columns of cel-custom/Master.csv, as Asterisk's sample configuration has them. */
const columns = [
  ...['eventtype', 'eventtime', 'cidname', 'cidnum', 'cidani', 'cidrdnis', 'ciddnid', 'exten', 'context', 'channame', 'appname', 'appdata', 'amaflags'],
  ...['accountcode', 'uniqueid', 'linkedid', 'peer', 'userfield', 'userdeftype', 'eventextra'],
] as const;
/** `eventextra` is not in the files of older versions. */
const columnsMin = 19;

/** One event of a channel. */
interface CelEvent {
  readonly type: string;
  readonly atUs: bigint;
  readonly fields: Readonly<Partial<Record<string, string>>>;
}

/** The events of one call: its channels share a linkedid, which is the uniqueid of the one that called. */
interface OpenCall {
  readonly context: RowContext;
  readonly rowText: string;
  readonly events: CelEvent[];
}

/** A call that is complete, or why it is none. */
export interface CelCall {
  readonly line: number;
  readonly rowText: string;
  readonly parsed: ParsedRow;
}

/** Calls of a file that may be open at once. */
const openCallsMax = 100_000;
/** Events that are kept of one call; a conference for a day has more, and none of them is needed. */
const eventsMax = 500;

const kept = new Set(['CHAN_START', 'ANSWER', 'BRIDGE_ENTER', 'BRIDGE_START', 'HANGUP', 'CHAN_END']);

/** Makes calls of Asterisk's channel events as they come in. A call is told at its LINKEDID_END, or at the end of the file where its caller has hung up. */
export class CelCalls {
  readonly #open = new Map<string, OpenCall>();

  take(text: string, context: RowContext): CelCall[] {
    const event = celEventOf(text, context);
    if (!event.ok) return [{ line: context.line, rowText: text, parsed: event }];
    const { linkedid = '' } = event.value.fields;
    const open = this.#open.get(linkedid);
    if (event.value.type === 'LINKEDID_END') {
      this.#open.delete(linkedid);
      return open === undefined ? [] : [{ line: context.line, rowText: open.rowText, parsed: callOf(open, linkedid) }];
    }
    if (!kept.has(event.value.type)) return [];
    if (open !== undefined) {
      if (open.events.length < eventsMax) open.events.push(event.value);
      return [];
    }
    // What is left of a call whose end was told before, or one too many to hold.
    if (event.value.type !== 'CHAN_START') return [];
    if (this.#open.size >= openCallsMax) {
      const parsed = refuseRow(context, 'too_many_items', 'linkedid', linkedid, 'Too many calls of the file are open at once.');
      return [{ line: context.line, rowText: text, parsed }];
    }
    this.#open.set(linkedid, { context, rowText: text, events: [event.value] });
    return [];
  }

  /** The calls whose last event the file does not hold. */
  *rest(): Generator<CelCall> {
    for (const [linkedid, open] of this.#open) yield { line: open.context.line, rowText: open.rowText, parsed: callOf(open, linkedid) };
  }
}

/** A row alone is no call. */
export function parseCelRow(text: string, context: RowContext): ParsedRow {
  const event = celEventOf(text, context);
  return event.ok ? refuseRow(context, 'cdr_malformed', 'eventtype', event.value.type, 'The row is one event of a call; the file tells of the call.') : event;
}

function celEventOf(text: string, context: RowContext): Result<CelEvent, RowError> {
  const values = csvFields(text);
  if (values === undefined) return refuseRow(context, 'cdr_malformed', '$', text, 'A quote in the row is not closed.');
  if (values.length < columnsMin || values.length > columns.length) {
    return refuseRow(context, 'cdr_malformed', '$', `${values.length}`, `The row has ${values.length} columns, not ${columnsMin} to ${columns.length}.`);
  }
  const fields: Readonly<Partial<Record<string, string>>> = Object.fromEntries(columns.map((name, at) => [name, values[at] ?? '']));
  const { eventtype = '', eventtime = '', linkedid = '' } = fields;
  const atUs = usOfSeconds(eventtime) ?? usOfLocalTime(eventtime, context.zone);
  if (atUs === undefined) return refuseRow(context, 'field_malformed', 'eventtime', eventtime, 'This is no time.');
  if (linkedid === '') return refuseRow(context, 'field_missing', 'linkedid', '', 'The row names no call.');
  return ok({ type: eventtype, atUs, fields });
}

/**
 * The call of these events: set up by the channel that called, answered when that was bridged with another one that had answered (an
 * announcement alone is no answer), ended when it hung up.
 */
function callOf({ context, events }: OpenCall, linkedid: string): ParsedRow {
  const { switchId } = context;
  if (switchId === undefined) return refuseRow(context, 'field_missing', 'switchId', '', 'The upload must name the switch; a row of CEL does not.');
  const own = events.filter(({ fields }) => fields['uniqueid'] === linkedid);
  const start = own.find(({ type }) => type === 'CHAN_START');
  const end = own.find(({ type }) => type === 'HANGUP') ?? own.find(({ type }) => type === 'CHAN_END');
  if (start === undefined) return refuseRow(context, 'cdr_malformed', 'eventtype', '', 'The file does not hold the beginning of the call.');
  if (end === undefined) return refuseRow(context, 'cdr_malformed', 'eventtype', '', 'The file does not hold the end of the call.');
  const calledNumber = keptNumber(first(own, 'exten', /\d/) || (start.fields['exten'] ?? ''));
  if (calledNumber === '') return refuseRow(context, 'field_missing', 'exten', '', 'The call has no called number.');
  const bridged = own.find(({ type }) => type === 'BRIDGE_ENTER' || type === 'BRIDGE_START');
  const peer = bridged && events.findLast(({ type, atUs, fields }) => type === 'ANSWER' && fields['uniqueid'] !== linkedid && atUs <= bridged.atUs);
  const attempts = attemptsOf(events, linkedid, { peer, end, context });
  return ok({
    call: { switchId, callId: linkedid, leg: 0 },
    ...chargedOf(first(own, 'accountcode', /./)),
    cli: keptNumber(first(own, 'cidnum', /./)),
    calledNumber,
    startedAtUs: start.atUs,
    answeredAtUs: peer?.atUs ?? bridged?.atUs ?? 0n,
    endedAtUs: end.atUs,
    q850Cause: causeOf(end, context) ?? (bridged === undefined ? 31 : 16),
    carrierCode: peer === undefined ? '' : trunkOf(peer.fields['channame'] ?? ''),
    channel: start.fields['channame'] ?? '',
    ...(attempts.length === 0 ? {} : { attempts }),
  });
}

/** How a call went on behind its caller: the answer that it was bridged with, and its end. */
interface Outcome {
  readonly peer: CelEvent | undefined;
  readonly end: CelEvent;
  readonly context: RowContext;
}

/**
 * The carriers that were tried, in their order, where one of them failed: each channel to a trunk, and why that hung up. A local channel leads to
 * another, which tells for itself.
 */
function attemptsOf(events: readonly CelEvent[], linkedid: string, { peer, end, context }: Outcome) {
  const tries = events.filter(({ type, fields }) => type === 'CHAN_START' && fields['uniqueid'] !== linkedid).flatMap((start) => {
    const channel = start.fields['channame'] ?? '';
    const carrierCode = channel.startsWith('Local/') ? '' : trunkOf(channel);
    const isOf = ({ fields }: CelEvent) => fields['uniqueid'] === start.fields['uniqueid'];
    const last = events.find((event) => event.type === 'HANGUP' && isOf(event)) ?? events.find((event) => event.type === 'CHAN_END' && isOf(event));
    const connected = peer !== undefined && isOf(peer);
    const q850Cause = (last === undefined ? undefined : causeOf(last, context)) ?? (connected ? 16 : 31);
    return carrierCode === '' ? [] : [{ carrierCode, startedAtUs: start.atUs, endedAtUs: last?.atUs ?? end.atUs, q850Cause, connected }];
  });
  return tries.every(({ connected }) => connected) ? [] : tries.map(({ connected: _, ...attempt }) => attempt);
}

/** What the first event that has it says in a column. */
function first(events: readonly CelEvent[], column: string, form: RegExp): string {
  return events.map(({ fields }) => fields[column] ?? '').find((value) => form.test(value)) ?? '';
}

/** Of `{"hangupcause":16,…}`. */
function causeOf({ fields }: CelEvent, context: RowContext): number | undefined {
  const extra = jsonRow(fields['eventextra'] ?? '', context);
  const cause = extra.ok ? extra.value['hangupcause'] : undefined;
  return typeof cause === 'number' && Number.isInteger(cause) && cause >= 0 && cause <= 127 ? cause : undefined;
}
