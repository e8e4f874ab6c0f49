import { present } from '@tollwire/core';
import { pgArray, type PgElement, type PgScalar, type Sql } from '@tollwire/event-store';
import type { CallId } from '../domain/call.ts';
import type { Sealed, Sealing } from '../numbers/sealed-calls.ts';
import { inWeek, type Week, weekFrom, weekOf } from './call-filing.ts';
import type { CallRow } from './call-row.ts';
import { receiptNames, type Receipts } from './receipts.ts';

/** Where a call is found: its switch by number, the switch's own id, the leg. */
export interface CallKey {
  readonly switchDbId: number;
  readonly call: CallId;
}

/** A row as it is stored: its numbers are sealed. */
export type SealedRow = CallRow & Sealing;

/** A row as it is written, and when what it is made of was received. */
export interface StoredRow {
  readonly row: SealedRow;
  readonly receipts: Receipts;
}

/** Where a call lies: its number, and the day that it is filed under, which says in which partition. Neither ever changes. */
export interface CallPlace {
  readonly callid: bigint;
  readonly filed_day: number;
}

/** A row as it is found under its key. */
export interface KeyedRow extends CallRow, Sealed, CallPlace, Receipts {
  readonly switch_id: number;
  readonly uniqueid: string;
  readonly leg: number;
}

const json = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));

interface Column {
  readonly name: keyof SealedRow;
  /** The type of the parameter's items, and what they are then cast to. */
  readonly type: PgElement;
  readonly cast?: string;
  readonly of: (row: SealedRow) => PgScalar;
}

/** Every column but the key. */
const columns: readonly Column[] = [
  { name: 'started_at_us', type: 'bigint', of: (row) => row.started_at_us },
  { name: 'ringing_at_us', type: 'bigint', of: (row) => row.ringing_at_us },
  { name: 'answered_at_us', type: 'bigint', of: (row) => row.answered_at_us },
  { name: 'ended_at_us', type: 'bigint', of: (row) => row.ended_at_us },
  { name: 'rated_at_us', type: 'bigint', of: (row) => row.rated_at_us },
  { name: 'sell_nanos', type: 'bigint', of: (row) => row.sell_nanos },
  { name: 'buy_nanos', type: 'bigint', of: (row) => row.buy_nanos },
  { name: 'margin_nanos', type: 'bigint', of: (row) => row.margin_nanos },
  { name: 'q850_cause', type: 'integer', of: (row) => row.q850_cause },
  { name: 'pulsetime', type: 'integer', of: (row) => row.pulsetime },
  { name: 'duration_sec', type: 'integer', of: (row) => row.duration_sec },
  { name: 'stopdelay', type: 'integer', of: (row) => row.stopdelay },
  { name: 'countryprefixid', type: 'integer', of: (row) => row.countryprefixid },
  { name: 'tariffid', type: 'integer', of: (row) => row.tariffid },
  { name: 'voip_plan_id', type: 'integer', of: (row) => row.voip_plan_id },
  { name: 'revision', type: 'integer', of: (row) => row.revision },
  { name: 'told', type: 'smallint', of: (row) => row.told },
  { name: 'conflicts', type: 'smallint', of: (row) => row.conflicts },
  { name: 'pre_rated', type: 'boolean', of: (row) => row.pre_rated },
  { name: 'status', type: 'text', of: (row) => row.status },
  // An array of arrays would have to be rectangular, so flags travel as the text of one.
  { name: 'flags', type: 'text', cast: 'text[]', of: ({ flags }) => `{${flags.join(',')}}` },
  { name: 'cardid', type: 'text', of: (row) => row.cardid },
  { name: 'account_code', type: 'text', of: (row) => row.account_code },
  { name: 'callednumber', type: 'text', of: (row) => row.callednumber },
  { name: 'called_e164', type: 'text', of: (row) => row.called_e164 },
  { name: 'cli', type: 'text', of: (row) => row.cli },
  { name: 'carrier_code', type: 'text', of: (row) => row.carrier_code },
  { name: 'terminatecause', type: 'text', of: (row) => row.terminatecause },
  { name: 'currency', type: 'text', of: (row) => row.currency },
  { name: 'buy_currency', type: 'text', of: (row) => row.buy_currency },
  { name: 'buy_refusal', type: 'text', of: (row) => row.buy_refusal },
  { name: 'sell_prefix', type: 'text', of: (row) => row.sell_prefix },
  { name: 'channel', type: 'text', of: (row) => row.channel },
  { name: 'attempts', type: 'text', cast: 'jsonb', of: ({ attempts }) => json(attempts) },
  { name: 'underlay', type: 'text', cast: 'jsonb', of: ({ underlay }) => json(underlay) },
  { name: 'numbers_day', type: 'integer', of: (row) => row.numbers_day },
  { name: 'numbers_nonce', type: 'bigint', of: (row) => row.numbers_nonce },
  { name: 'number_index', type: 'text', cast: 'bigint[]', of: ({ number_index: marks }) => (marks === null ? null : `{${marks.join(',')}}`) },
];

const names = columns.map(({ name }) => name);
/** What a row holds beside its record, and what becomes of what it held and what comes. */
const receipts = [
  ...receiptNames.map((name) => ({ name, type: 'bigint', merged: `least(c.${name}, u.${name})` }) as const),
  { name: 'last_received_us', type: 'bigint', merged: 'greatest(c.last_received_us, u.last_received_us)' },
  { name: 'event_count', type: 'integer', merged: 'c.event_count + u.event_count' },
] as const;
const receiptColumns = receipts.map(({ name }) => name);
const keyNames = ['switch_id', 'uniqueid', 'leg'];
const keyTypes = ['integer[]', 'text[]', 'smallint[]'];
const valueOf = ({ name, cast }: (typeof columns)[number]) => (cast === undefined ? `u.${name}` : `u.${name}::${cast}`);

/** The parameters of an unnest, from number `first` on. */
function unnestOf(types: readonly string[], first = 1): string {
  return `unnest(${types.map((type, at) => `$${first + at}::${type}`).join(', ')})`;
}

/** The columns of a row and its key, for whoever reads calls; its marks are made anew with each writing, and arrays are dear to read. */
export const callColumns = ['callid', 'filed_day', ...keyNames, ...names.filter((name) => name !== 'number_index'), ...receiptColumns].map((name) => `c.${name}`).join(', ');

/** One probe of the unique index for each key, whatever the planner believes of a table that is new. */
const findSql = `
  SELECT c.callid, c.filed_day, u.at::int AS at
  FROM ${unnestOf(keyTypes)} WITH ORDINALITY AS u (switch_id, uniqueid, leg, at)
  CROSS JOIN LATERAL (
    SELECT callid, filed_day FROM call_place
    WHERE uniqueid = u.uniqueid AND switch_id = u.switch_id AND leg = u.leg
    OFFSET 0) c`;

const takeSql = `
  INSERT INTO call_place (switch_id, uniqueid, leg, filed_day)
  SELECT * FROM ${unnestOf([...keyTypes, 'integer[]'])}
  ON CONFLICT DO NOTHING
  RETURNING callid, filed_day, switch_id, uniqueid, leg`;

/**
 * The number of the carrier follows from its code: whoever writes the one writes the other (see carriers.ts). Not a
 * join, because a join would be free to change the order in which rows are inserted.
 */
const providerId = `CASE WHEN u.carrier_code <> '' THEN (SELECT k.providerid FROM carrier k WHERE k.carrier_code = u.carrier_code) END`;

const rowTypes = [...columns.map(({ type }) => type), ...receipts.map(({ type }) => type)].map((type) => `${type}[]`);
const insertSql = `
  INSERT INTO call (callid, filed_day, switch_id, uniqueid, leg, providerid, ${[...names, ...receiptColumns].join(', ')})
  SELECT u.callid, u.filed_day, u.switch_id, u.uniqueid, u.leg, ${providerId}, ${[...columns.map(valueOf), ...receiptColumns.map((name) => `u.${name}`)].join(', ')}
  FROM ${unnestOf(['bigint[]', 'integer[]', ...keyTypes, ...rowTypes])}
    AS u (${['callid', 'filed_day', ...keyNames, ...names, ...receiptColumns].join(', ')})`;

/** Calls that are found and told of, or those that are past their time and wait to be dropped: of these only numbers are erased. */
export type CallTable = 'call' | 'call_past';

const lockSql = (week: Week, table: CallTable): string => `
  SELECT ${callColumns} FROM ${table} c
  WHERE c.callid = ANY($1::bigint[]) AND ${inWeek(week)}
  ORDER BY c.callid
  FOR NO KEY UPDATE`;

/**
 * The ids are said twice: to find the rows by, and to join what is written to them. A plan is made for a partition that is empty as yet, and kept while it
 * fills: to look through all of it for each row seems to be the cheapest then. So nested loops are forbidden: what is left is linear.
 */
export const updateSql = (week: Week, table: CallTable = 'call'): string => `
  UPDATE ${table} c SET providerid = ${providerId}, ${columns.map((column) => `${column.name} = ${valueOf(column)}`).join(', ')},
    ${receipts.map(({ name, merged }) => `${name} = ${merged}`).join(', ')}
  FROM ${unnestOf(['bigint[]', ...rowTypes])} AS u (callid, ${[...names, ...receiptColumns].join(', ')})
  WHERE c.callid = u.callid AND c.callid = ANY($1::bigint[]) AND ${inWeek(week)}`;
export const withoutLoops = 'SET LOCAL enable_nestloop = off';
const withLoops = 'SET LOCAL enable_nestloop = on';

function keyParams(keys: readonly CallKey[]): unknown[] {
  return [
    pgArray('integer', keys, (key) => key.switchDbId),
    pgArray('text', keys, (key) => key.call.callId),
    pgArray('smallint', keys, (key) => key.call.leg),
  ];
}

function rowParams(rows: readonly StoredRow[]): unknown[] {
  return [...columns.map(({ type, of }) => pgArray(type, rows, ({ row }) => of(row))), ...receipts.map(({ name, type }) => pgArray(type, rows, (stored) => stored.receipts[name]))];
}

/** The places of the calls that are there (committed, or of this transaction), by position in `keys`. Locks nothing. */
export async function findCalls(tx: Sql, keys: readonly CallKey[]): Promise<Map<number, CallPlace>> {
  const found = await tx.query<CallPlace & { at: number }>(findSql, keyParams(keys));
  return new Map(found.map(({ at, callid, filed_day }) => [at - 1, { callid, filed_day }]));
}

/** A place with the key that it was taken for. */
export type TakenPlace = CallPlace & Pick<KeyedRow, 'switch_id' | 'uniqueid' | 'leg'>;

/** Takes places for new calls, in the order of `keys`, waiting for whoever is taking one for the same key. Answers those of keys that had none. */
export async function takePlaces(tx: Sql, keys: readonly CallKey[], days: readonly number[]): Promise<TakenPlace[]> {
  return await tx.query<TakenPlace>(takeSql, [...keyParams(keys), pgArray('integer', days, (day) => day)]);
}

/** Inserts calls at places that this transaction has taken. */
export async function insertCalls(tx: Sql, places: readonly CallPlace[], keys: readonly CallKey[], rows: readonly StoredRow[]): Promise<void> {
  const params = [pgArray('bigint', places, ({ callid }) => callid), pgArray('integer', places, ({ filed_day: day }) => day), ...keyParams(keys), ...rowParams(rows)];
  await tx.query(insertSql, params);
}

/**
 * Locks calls week by week and by ascending id, which keeps instances from waiting for each other in a ring, and reads what
 * they hold. A call that is past its time may be gone already while its place is still known: it is not answered.
 */
export async function lockCalls(tx: Sql, places: readonly CallPlace[], table: CallTable = 'call'): Promise<KeyedRow[]> {
  const rows: KeyedRow[] = [];
  for (const [week, ofWeek] of byWeek(places)) rows.push(...(await tx.query<KeyedRow>(lockSql(week, table), [pgArray('bigint', ofWeek, ({ place }) => place.callid)])));
  return rows;
}

/** Writes calls that this transaction has locked. */
export async function updateCalls(tx: Sql, places: readonly CallPlace[], rows: readonly StoredRow[], table: CallTable = 'call'): Promise<void> {
  for (const [week, ofWeek] of byWeek(places)) {
    const written = ofWeek.map(({ at }) => present(rows[at], 'the row of a place'));
    const update = [pgArray('bigint', ofWeek, ({ place }) => place.callid), ...rowParams(written)];
    await Promise.all([tx.query(withoutLoops), tx.query(updateSql(week, table), update), tx.query(withLoops)]);
  }
}

/** Places by the partition that they are in, the oldest first. */
function byWeek(places: readonly CallPlace[]): [Week, { place: CallPlace; at: number }[]][] {
  const numbered = places.map((place, at) => ({ place, at }));
  const groups = Map.groupBy(numbered, ({ place }) => weekOf(place.filed_day));
  return [...groups].sort(([a], [b]) => a - b).map(([firstDay, ofWeek]) => [weekFrom(firstDay), ofWeek]);
}
