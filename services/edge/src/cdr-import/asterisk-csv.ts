import { hash } from 'node:crypto';
import { ok } from '@tollwire/core';
import { q850OfDisposition } from '@tollwire/telecom';
import { csvFields } from './csv-line.ts';
import { carriedBy, chargedOf, keptNumber, usOfLocalTime } from './fields.ts';
import { type ParsedRow, refuseRow, type RowContext } from './row.ts';

/** Columns of Master.csv. The last five are there as cdr.conf says. */
const columnsMin = 16;
const columnsMax = 21;

/** The fields of a row in their order, by the names that Asterisk gives them; what is not there is empty. */
function fieldsOf(values: readonly string[]) {
  const [accountcode = '', src = '', dst = '', , , channel = '', dstchannel = '', , , start = '', answer = '', end = '', duration = '', billsec = '', disposition = ''] = values;
  return { accountcode, src, dst, channel, dstchannel, start, answer, end, duration, billsec, disposition, uniqueid: values[16] ?? '', sequence: values[20] ?? '' };
}

type Fields = ReturnType<typeof fieldsOf>;

/**
 * One call as Asterisk's cdr_csv writes it. Times have seconds and no zone. The id of the call is its uniqueid, with
 * the sequence where the file has one (one channel may write several records); without a uniqueid it is made of the row,
 * so that the same row is the same call.
 */
export function parseAsteriskCsv(text: string, context: RowContext): ParsedRow {
  const values = csvFields(text);
  if (values === undefined) return refuseRow(context, 'cdr_malformed', '$', text, 'A quote in the row is not closed.');
  if (values.length < columnsMin || values.length > columnsMax) {
    return refuseRow(context, 'cdr_malformed', '$', `${values.length}`, `The row has ${values.length} columns, not ${columnsMin} to ${columnsMax}.`);
  }
  return parseFields(fieldsOf(values), text, context);
}

function parseFields(fields: Fields, text: string, context: RowContext): ParsedRow {
  const { accountcode, src, dst, channel, dstchannel, disposition } = fields;
  if (context.switchId === undefined) return refuseRow(context, 'field_missing', 'switchId', '', 'The upload must name the switch; a row of Master.csv does not.');
  if (dst === '') return refuseRow(context, 'field_missing', 'dst', '', 'The row names no called number.');
  const q850Cause = q850OfDisposition(disposition);
  if (q850Cause === undefined) return refuseRow(context, 'field_malformed', 'disposition', disposition, 'The disposition is not one that is known.');
  const counted = secondsAtFault(fields);
  if (counted !== undefined) return refuseRow(context, 'duration_malformed', counted, fields[counted], 'This is no number of seconds.');
  const isAnswered = disposition.toUpperCase().startsWith('ANSWER');
  const times = timesOf(fields, isAnswered, context);
  if (!times.ok) return times;
  return ok({
    call: { switchId: context.switchId, callId: callIdOf(fields, text), leg: 0 },
    ...chargedOf(accountcode),
    cli: keptNumber(src),
    calledNumber: keptNumber(dst),
    ...times.value,
    q850Cause,
    ...carriedBy(trunkOf(dstchannel), { ...times.value, q850Cause }),
    channel,
  });
}

function secondsAtFault(fields: Fields): 'duration' | 'billsec' | undefined {
  for (const name of ['duration', 'billsec'] as const) {
    if (!/^\d{1,9}(\.\d+)?$/.test(fields[name])) return name;
  }
  return undefined;
}

/** A channel that was answered by the dialplan alone has an answer time but is no answered call. */
function timesOf({ start, answer, end }: Fields, isAnswered: boolean, context: RowContext) {
  const [startedAtUs, endedAtUs] = [usOfLocalTime(start, context.zone), usOfLocalTime(end, context.zone)];
  const answeredAtUs = isAnswered ? usOfLocalTime(answer, context.zone) : 0n;
  if (startedAtUs === undefined) return noTime(context, 'start', start);
  if (endedAtUs === undefined) return noTime(context, 'end', end);
  if (answeredAtUs === undefined) return noTime(context, 'answer', answer);
  return ok({ startedAtUs, answeredAtUs, endedAtUs });
}

function noTime(context: RowContext, name: string, value: string) {
  return refuseRow(context, 'field_malformed', name, value, 'This is no time of the form 2026-03-01 12:00:00.');
}

function callIdOf({ uniqueid, sequence }: Fields, text: string): string {
  if (uniqueid === '') return `row-${hash('sha256', text, 'hex').slice(0, 32)}`;
  return sequence === '' ? uniqueid : `${uniqueid}-${sequence}`;
}

/** The peer of the outgoing channel (`PJSIP/carrier-one-0000002a`). A peer of digits is a telephone, not a carrier. */
export function trunkOf(dstchannel: string): string {
  const peer = /^[^/]+\/(?:.*@)?([^/@]+)-[0-9a-f]+(?:;\d)?$/i.exec(dstchannel)?.[1] ?? '';
  return /^\d*$/.test(peer) ? '' : peer;
}
