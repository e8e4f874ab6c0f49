import { ok } from '@tollwire/core';
import { q850Causes } from '@tollwire/telecom';
import { carriedBy, chargedOf, keptNumber } from './fields.ts';
import { isObject, type JsonObject, jsonRow, textAt } from './json-row.ts';
import { type ParsedRow, refuseRow, type RowContext } from './row.ts';

const causeByName = new Map(q850Causes.map(({ enumeration, code }) => [enumeration, code]));

/**
 * One call as FreeSWITCH's mod_json_cdr writes it: `variables` with the times in microseconds, `callflow` with the
 * profile of the caller. The id of the call is the uuid of its channel. The outgoing leg of a bridged call is refused,
 * because its incoming leg is what is charged.
 */
export function parseFreeswitchJson(text: string, context: RowContext): ParsedRow {
  const row = jsonRow(text, context);
  if (!row.ok) return row;
  const { variables } = row.value;
  if (!isObject(variables)) return refuseRow(context, 'field_missing', 'variables', '', 'The row has no variables.');
  return parseChannel(row.value, variables, context);
}

function parseChannel(row: JsonObject, variables: JsonObject, context: RowContext): ParsedRow {
  const originator = textAt(variables, 'originating_leg_uuid', 'originator');
  if (originator !== '' && textAt(variables, 'direction') === 'outbound') {
    return refuseRow(context, 'cdr_malformed', 'variables.direction', 'outbound', `This is the outgoing leg of call ${originator}; the incoming one is charged.`);
  }
  const switchId = context.switchId ?? plain(textAt(row, 'switchname', 'hostname'));
  if (switchId === '') return refuseRow(context, 'field_missing', 'switchname', '', 'Neither the row nor the upload names the switch.');
  const callId = textAt(variables, 'uuid');
  if (callId === '') return refuseRow(context, 'field_missing', 'variables.uuid', '', 'The row has no uuid.');
  const profile = profileOf(row);
  const calledNumber = keptNumber(plain(textAt(profile, 'destination_number')));
  if (calledNumber === '') return refuseRow(context, 'field_missing', 'callflow.caller_profile.destination_number', '', 'The row names no called number.');
  const times = timesOf(variables, context);
  if (!times.ok) return times;
  const q850Cause = causeOf(variables);
  if (q850Cause === undefined) return refuseRow(context, 'field_malformed', 'variables.hangup_cause', textAt(variables, 'hangup_cause'), 'The cause is not one that is known.');
  return ok({
    call: { switchId, callId, leg: 0 },
    ...chargedOf(plain(textAt(variables, 'accountcode'))),
    cli: keptNumber(plain(textAt(profile, 'caller_id_number', 'ani'))),
    calledNumber,
    ...times.value,
    q850Cause,
    ...carriedBy(plain(textAt(variables, 'carrier_code', 'sip_gateway_name')), { ...times.value, q850Cause }),
    channel: plain(textAt(variables, 'channel_name') || textAt(profile, 'chan_name')),
  });
}

/** The profile that was in force at the end. Newer versions write a list with the latest profile first. */
function profileOf({ callflow }: JsonObject): JsonObject {
  const flow: unknown = Array.isArray(callflow) ? callflow[0] : callflow;
  const profile = isObject(flow) ? flow['caller_profile'] : undefined;
  return isObject(profile) ? profile : {};
}

function timesOf(variables: JsonObject, context: RowContext) {
  const [started, answered, ended] = ['start_uepoch', 'answer_uepoch', 'end_uepoch'].map((name) => textAt(variables, name) || '0');
  for (const [name, value = ''] of Object.entries({ start_uepoch: started, answer_uepoch: answered, end_uepoch: ended })) {
    if (!/^\d{1,18}$/.test(value)) return refuseRow(context, 'field_malformed', `variables.${name}`, value, 'This is no instant in microseconds.');
  }
  const startedAtUs = BigInt(started ?? 0);
  return ok({ startedAtUs, answeredAtUs: BigInt(answered ?? 0), endedAtUs: BigInt(ended ?? 0) });
}

/** The code where the switch wrote one (it writes 0 for causes outside of Q.850), else the code of the cause's name. */
function causeOf(variables: JsonObject): number | undefined {
  const code = textAt(variables, 'hangup_cause_q850');
  if (/^[1-9]\d{0,2}$/.test(code)) return Number(code);
  const name = textAt(variables, 'hangup_cause');
  return name === '' && code === '0' ? 0 : causeByName.get(name);
}

/** mod_json_cdr percent-encodes values unless it is told not to. */
function plain(value: string): string {
  if (!value.includes('%')) return value;
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
