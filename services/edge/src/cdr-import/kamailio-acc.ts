import { ok, type Result } from '@tollwire/core';
import { q850OfSip } from '@tollwire/telecom';
import { carriedBy, chargedOf, keptNumber, usOfLocalTime, usOfSeconds } from './fields.ts';
import { type JsonObject, jsonRow, textAt } from './json-row.ts';
import { type ParsedRow, refuseRow, type RowContext, type RowError } from './row.ts';

/** What Kamailio's acc_json writes of one transaction; the extra attributes are named as in its default configuration. */
export interface AccRow {
  readonly callId: string;
  readonly method: string;
  readonly sipCode: number;
  readonly atUs: bigint;
  readonly row: JsonObject;
}

/**
 * One call as Kamailio's acc_json writes it. Whole in itself is a dialog's CDR (`start_time, end_time, duration`, with the
 * Call-ID among the extra attributes) and an INVITE that failed. An INVITE that was answered and the BYE of a call are
 * halves of one: alone they are refused; `pairOf` makes a call of both.
 */
export function parseKamailioAcc(text: string, context: RowContext): ParsedRow {
  const row = jsonRow(text, context);
  if (!row.ok) return row;
  if (textAt(row.value, 'start_time') !== '') return dialogOf(row.value, context);
  const acc = accOf(row.value, context);
  if (!acc.ok) return acc;
  const { method, sipCode, atUs } = acc.value;
  if (method !== 'INVITE' || sipCode < 300) {
    return refuseRow(context, 'cdr_malformed', 'method', method, 'The row is one half of a call, and the file does not hold the other.');
  }
  // RFC 3261, 22.2 and 22.3: who called is asked for credentials, and calls again with them under the same Call-ID.
  if (sipCode === 401 || sipCode === 407) return refuseRow(context, 'cdr_malformed', 'sip_code', String(sipCode), 'The INVITE was challenged for credentials; the one that has them is the call.');
  return callOf(row.value, context, { startedAtUs: atUs, answeredAtUs: 0n, endedAtUs: atUs, q850Cause: q850OfSip(sipCode) ?? 31 });
}

/** A row of a transaction, where the text is one. */
export function accRowOf(text: string, context: RowContext): AccRow | undefined {
  const row = jsonRow(text, context);
  if (!row.ok || textAt(row.value, 'start_time') !== '') return undefined;
  const acc = accOf(row.value, context);
  return acc.ok ? acc.value : undefined;
}

/** The call between an answered INVITE and its BYE. When it was set up, neither says: it starts with the answer. */
export function pairOf(invite: AccRow, bye: AccRow, context: RowContext): ParsedRow {
  return callOf(invite.row, context, { startedAtUs: invite.atUs, answeredAtUs: invite.atUs, endedAtUs: bye.atUs, q850Cause: 16 });
}

function accOf(row: JsonObject, context: RowContext): Result<AccRow, RowError> {
  const [method, callId, code, time] = [textAt(row, 'method'), textAt(row, 'callid'), textAt(row, 'sip_code'), textAt(row, 'time')];
  if (method === '') return refuseRow(context, 'field_missing', 'method', '', 'The row names no method.');
  if (callId === '') return refuseRow(context, 'field_missing', 'callid', '', 'The row names no call.');
  if (!/^[2-6]\d\d$/.test(code)) return refuseRow(context, 'field_malformed', 'sip_code', code, 'This is no final SIP status.');
  const atUs = usOf(time, context);
  if (atUs === undefined) return refuseRow(context, 'field_malformed', 'time', time, 'This is no time.');
  return ok({ callId, method, sipCode: Number(code), atUs, row });
}

/** A CDR's start is the answer where Kamailio has `cdr_start_on_confirmed`, or else where no other answer is told. */
function dialogOf(row: JsonObject, context: RowContext): ParsedRow {
  const times = { start_time: textAt(row, 'start_time'), end_time: textAt(row, 'end_time'), answer_time: textAt(row, 'answer_time', 'connect_time') || textAt(row, 'start_time') };
  for (const [name, value] of Object.entries(times)) {
    if (usOf(value, context) === undefined) return refuseRow(context, 'field_malformed', name, value, 'This is no time.');
  }
  const duration = textAt(row, 'duration');
  if (!/^\d{1,9}(\.\d+)?$/.test(duration)) return refuseRow(context, 'duration_malformed', 'duration', duration, 'This is no number of seconds.');
  const code = Number(textAt(row, 'sip_code') || '200');
  const isAnswered = code < 300 && Number(duration) > 0;
  return callOf(row, context, {
    startedAtUs: usOf(times.start_time, context) ?? 0n,
    answeredAtUs: isAnswered ? (usOf(times.answer_time, context) ?? 0n) : 0n,
    endedAtUs: usOf(times.end_time, context) ?? 0n,
    q850Cause: q850OfSip(code) ?? 31,
  });
}

interface Course {
  readonly startedAtUs: bigint;
  readonly answeredAtUs: bigint;
  readonly endedAtUs: bigint;
  readonly q850Cause: number;
}

function callOf(row: JsonObject, context: RowContext, course: Course): ParsedRow {
  const { switchId } = context;
  if (switchId === undefined) return refuseRow(context, 'field_missing', 'switchId', '', 'The upload must name the switch; a row of acc does not.');
  const callId = textAt(row, 'callid', 'call_id', 'ci');
  if (callId === '') return refuseRow(context, 'field_missing', 'callid', '', 'The row names no call: put the Call-ID into cdr_extra as callid.');
  const calledNumber = keptNumber(textAt(row, 'dst_user', 'dst_ouser', 'callee', 'to_user'));
  if (calledNumber === '') return refuseRow(context, 'field_missing', 'dst_user', '', 'The row names no called number.');
  return ok({
    call: { switchId, callId, leg: 0 },
    ...chargedOf(textAt(row, 'accountcode', 'account_code', 'account')),
    cli: keptNumber(textAt(row, 'src_user', 'caller', 'from_user')),
    calledNumber,
    ...course,
    ...carriedBy(textAt(row, 'carrier_code', 'carrier', 'gateway'), course),
    channel: textAt(row, 'src_ip'),
  });
}

function usOf(time: string, { zone }: RowContext): bigint | undefined {
  return usOfSeconds(time) ?? usOfLocalTime(time, zone);
}
