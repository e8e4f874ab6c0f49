import { hash } from 'node:crypto';
import { ok, type Result } from '@tollwire/core';
import { nanosOf, q850Causes, q850OfDisposition, q850OfSip } from '@tollwire/telecom';
import { csvFields } from './csv-line.ts';
import { carriedBy, chargedOf, keptNumber, usOfLocalTime, usOfSeconds } from './fields.ts';
import { type ParsedRow, refuseRow, type RowContext, type RowError } from './row.ts';

/** What a column of a mapped file may hold. */
export const mappedFields = [
  ...['callId', 'leg', 'switchId', 'account', 'cli', 'calledNumber', 'startedAt', 'answeredAt', 'endedAt'],
  ...['durationSec', 'talkSec', 'q850Cause', 'cause', 'sipCode', 'carrierCode', 'channel', 'sellCost', 'sellCurrency', 'routingNumber'],
] as const;
export type MappedField = (typeof mappedFields)[number];

/** Which column holds what: by its heading, or by its number from 1 in a file without headings. */
export interface CdrMapping {
  readonly columns: Readonly<Partial<Record<MappedField, string>>>;
  readonly delimiter: string;
}

/** Columns by their place in a row. */
type Places = Readonly<Partial<Record<MappedField, number>>>;

const causeByName = new Map(q850Causes.map(({ enumeration, code }) => [enumeration, code]));

/** Whether the columns are named by headings, so that the first row of a file is none. */
export function hasHeadings({ columns }: CdrMapping): boolean {
  return Object.values(columns).some((column) => !/^\d+$/.test(column));
}

/** Where the columns stand, by the first row of a file where they are named; refused where one is not there. */
export function placesIn({ columns, delimiter }: CdrMapping, heading: string | undefined, context: RowContext): Result<Places, RowError> {
  const headings = heading === undefined ? [] : (csvFields(heading, delimiter) ?? []).map((name) => name.trim().toLowerCase());
  const places: Partial<Record<MappedField, number>> = {};
  for (const field of mappedFields) {
    const column = columns[field];
    if (column === undefined) continue;
    const place = heading === undefined ? Number(column) - 1 : headings.indexOf(column.trim().toLowerCase());
    if (place < 0) return refuseRow(context, 'field_missing', field, column, `The file has no column "${column}".`);
    places[field] = place;
  }
  return ok(places);
}

/**
 * One call of a row whose columns are mapped. Times are ISO 8601, local times, or seconds, milliseconds or microseconds since 1970; what is
 * not told follows from the rest: the end from the duration, the answer from the seconds of conversation. Without a call id
 * the id is made of the row, so that the same row is the same call.
 */
export function parseMappedRow(text: string, context: RowContext, { delimiter }: CdrMapping, places: Places): ParsedRow {
  const values = csvFields(text, delimiter);
  if (values === undefined) return refuseRow(context, 'cdr_malformed', '$', text, 'A quote in the row is not closed.');
  const at = (field: MappedField): string => values[places[field] ?? -1]?.trim() ?? '';
  const switchId = at('switchId') || context.switchId;
  if (switchId === undefined) return refuseRow(context, 'field_missing', 'switchId', '', 'Neither the row nor the upload names the switch.');
  const calledNumber = keptNumber(at('calledNumber'));
  if (calledNumber === '') return refuseRow(context, 'field_missing', 'calledNumber', '', 'The row names no called number.');
  if (!/^\d{0,3}$/.test(at('leg'))) return refuseRow(context, 'field_malformed', 'leg', at('leg'), 'This is no number of a leg.');
  const times = timesOf(at, context);
  if (!times.ok) return times;
  const isAnswered = times.value.answeredAtUs !== 0n;
  const q850Cause = causeOf(at, isAnswered);
  if (q850Cause === undefined) return refuseRow(context, 'field_malformed', 'cause', at('q850Cause') || at('cause') || at('sipCode'), 'The cause is not one that is known.');
  const price = priceOf(at, context);
  if (!price.ok) return price;
  return ok({
    call: { switchId, callId: at('callId') || `row-${hash('sha256', text, 'hex').slice(0, 32)}`, leg: Number(at('leg') || '0') },
    ...chargedOf(at('account')),
    cli: keptNumber(at('cli')),
    calledNumber,
    ...times.value,
    q850Cause,
    ...carriedBy(at('carrierCode'), { ...times.value, q850Cause }),
    channel: at('channel'),
    routingNumber: keptNumber(at('routingNumber')),
    ...price.value,
  });
}

type At = (field: MappedField) => string;

function timesOf(at: At, context: RowContext): Result<{ startedAtUs: bigint; answeredAtUs: bigint; endedAtUs: bigint }, RowError> {
  const us = (field: MappedField) => (isNever(at(field)) ? 0n : usOfTime(at(field), context));
  const [started, answered, ended] = [us('startedAt'), us('answeredAt'), us('endedAt')];
  const malformed = (field: MappedField) => refuseRow(context, 'field_malformed', field, at(field), 'This is no time.');
  if (started === undefined) return malformed('startedAt');
  if (answered === undefined) return malformed('answeredAt');
  if (ended === undefined) return malformed('endedAt');
  const [duration, talk] = [usOfCount(at('durationSec')), usOfCount(at('talkSec'))];
  if (duration === undefined) return refuseRow(context, 'duration_malformed', 'durationSec', at('durationSec'), 'This is no number of seconds.');
  if (talk === undefined) return refuseRow(context, 'duration_malformed', 'talkSec', at('talkSec'), 'This is no number of seconds.');
  if (started === 0n) return refuseRow(context, 'field_missing', 'startedAt', '', 'The row does not tell when the call was set up.');
  const endedAtUs = ended === 0n ? started + (duration === 0n ? talk : duration) : ended;
  return ok({ startedAtUs: started, answeredAtUs: answered === 0n && talk > 0n ? endedAtUs - talk : answered, endedAtUs });
}

/** A price that the sender has set is kept as it is; where there is none the call is rated. */
function priceOf(at: At, context: RowContext): Result<{ preRatedSell?: { nanos: bigint; currency: string } }, RowError> {
  const [cost, currency] = [at('sellCost'), at('sellCurrency').toUpperCase()];
  if (cost === '') return ok({});
  const nanos = nanosOf(cost);
  if (!nanos.ok || nanos.value < 0n) return refuseRow(context, 'field_malformed', 'sellCost', cost, 'This is no amount with at most nine decimals.');
  if (!/^[A-Z]{3}$/.test(currency)) return refuseRow(context, 'field_malformed', 'sellCurrency', currency, 'A price is in a currency of ISO 4217, such as EUR.');
  return ok({ preRatedSell: { nanos: nanos.value, currency } });
}

/** What files write where something did not happen. */
function isNever(text: string): boolean {
  return text === '' || /^(0+|null|0000-00-00 00:00:00)$/i.test(text);
}

function usOfTime(text: string, { zone }: RowContext): bigint | undefined {
  if (/^\d{16}$/.test(text)) return BigInt(text);
  if (/^\d{13}$/.test(text)) return BigInt(text) * 1_000n;
  const offset = /^(.+?)\s?(Z|[+-]\d\d:?\d\d)$/i.exec(text);
  if (offset === null) return usOfSeconds(text) ?? usOfLocalTime(text, zone);
  const [, local = '', ahead = ''] = offset;
  const us = usOfLocalTime(local);
  const [, sign = '+', hours = '0', minutes = '0'] = /^([+-])(\d\d):?(\d\d)$/.exec(ahead) ?? [];
  const aheadUs = BigInt(Number(hours) * 60 + Number(minutes)) * 60_000_000n;
  return us === undefined ? undefined : us - (sign === '+' ? aheadUs : -aheadUs);
}

/** Seconds, also as `h:mm:ss`. */
function usOfCount(text: string): bigint | undefined {
  const clock = /^(\d{1,4}):([0-5]\d):([0-5]\d)$/.exec(text);
  if (clock !== null) return BigInt(Number(clock[1]) * 3_600 + Number(clock[2]) * 60 + Number(clock[3])) * 1_000_000n;
  return text === '' ? 0n : usOfSeconds(text);
}

/** The Q.850 number, else the name of a cause or disposition, else the SIP status; a call of which nothing is told ended as calls do. */
function causeOf(at: At, isAnswered: boolean): number | undefined {
  const [q850, name, sip] = [at('q850Cause'), at('cause'), at('sipCode')];
  if (q850 !== '') return /^\d{1,3}$/.test(q850) && Number(q850) <= 127 ? Number(q850) : undefined;
  if (name !== '') return causeByName.get(name.toUpperCase()) ?? q850OfDisposition(name);
  if (sip !== '') return q850OfSip(Number(sip));
  return isAnswered ? 16 : 31;
}
