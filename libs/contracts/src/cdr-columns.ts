import { csvCell } from '@tollwire/core';
import { formatNanos } from '@tollwire/telecom';
import type { CallRecord } from './gen/tollwire/cdr/v1/cdr_service_pb.ts';

type Text = (call: CallRecord) => string | number;

/** The columns of CDRs as others are given them, in their order; new ones are added at the end. */
const texts: readonly (readonly [name: string, text: Text])[] = [
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
  ['started_received_at', ({ startedReceivedAtUs: us }) => instantText(us)],
  ['ringing_received_at', ({ ringingReceivedAtUs: us }) => instantText(us)],
  ['answered_received_at', ({ answeredReceivedAtUs: us }) => instantText(us)],
  ['ended_received_at', ({ endedReceivedAtUs: us }) => instantText(us)],
  ['rated_received_at', ({ ratedReceivedAtUs: us }) => instantText(us)],
  ['last_received_at', ({ lastReceivedAtUs: us }) => instantText(us)],
];

/** The names of the columns of CDRs as CSV. */
export const cdrCsvNames: readonly string[] = texts.map(([name]) => name);

/** The cells of a call, safe to open in a spreadsheet. */
export function cdrCsvCells(call: CallRecord): string[] {
  return texts.map(([, text]) => csvCell(String(text(call))));
}

function instantText(us: bigint): string {
  if (us === 0n) return '';
  const ms = us / 1000n;
  return `${new Date(Number(ms)).toISOString().slice(0, -1)}${String(us - ms * 1000n).padStart(3, '0')}Z`;
}

/** How a column is stored in a Parquet file. */
interface ParquetElement {
  readonly name: string;
  readonly type: 'BYTE_ARRAY' | 'INT32' | 'INT64';
  readonly converted_type?: 'UTF8' | 'TIMESTAMP_MICROS' | 'DECIMAL';
  readonly precision?: number;
  readonly scale?: number;
  readonly repetition_type: 'OPTIONAL' | 'REQUIRED';
}

/** What a cell of a column may hold. */
type Cell = string | number | bigint | undefined;

interface Column {
  readonly element: ParquetElement;
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
  instant('started_received_at', ({ startedReceivedAtUs: us }) => us),
  instant('ringing_received_at', ({ ringingReceivedAtUs: us }) => us),
  instant('answered_received_at', ({ answeredReceivedAtUs: us }) => us),
  instant('ended_received_at', ({ endedReceivedAtUs: us }) => us),
  instant('rated_received_at', ({ ratedReceivedAtUs: us }) => us),
  instant('last_received_at', ({ lastReceivedAtUs: us }) => us),
];

/** The columns of CDRs as Parquet. */
export const cdrParquetElements: readonly ParquetElement[] = columns.map(({ element }) => element);

/** Calls by column, as they are written. */
export function cdrParquetColumns(calls: readonly CallRecord[]): { name: string; data: Cell[] }[] {
  return columns.map(({ element, of }) => ({ name: element.name, data: calls.map(of) }));
}
