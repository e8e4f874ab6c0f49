import { pgArray, type PgElement, type PgScalar, type Sql } from '@tollwire/event-store';
import type { CallId } from '../domain/call.ts';
import type { Sealed, Sealing } from '../numbers/sealed-calls.ts';
import type { CallRow } from './call-row.ts';

/** Where a call is found: its switch by number, the switch's own id, the leg. */
export interface CallKey {
  readonly switchDbId: number;
  readonly call: CallId;
}

/** A row as it is stored: its numbers are sealed. */
export type SealedRow = CallRow & Sealing;

/** A row as it is found under its key. */
export interface KeyedRow extends CallRow, Sealed {
  readonly callid: bigint;
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
const keyNames = ['switch_id', 'uniqueid', 'leg'];
const keyTypes = ['integer[]', 'text[]', 'smallint[]'];
const valueOf = ({ name, cast }: (typeof columns)[number]) => (cast === undefined ? `u.${name}` : `u.${name}::${cast}`);

/** The parameters of an unnest, from number `first` on. */
function unnestOf(types: readonly string[], first = 1): string {
  return `unnest(${types.map((type, at) => `$${first + at}::${type}`).join(', ')})`;
}

/** The columns of a row and its key, for whoever reads calls; its marks are made anew with each writing, and arrays are dear to read. */
export const callColumns = ['callid', ...keyNames, ...names.filter((name) => name !== 'number_index')].map((name) => `c.${name}`).join(', ');

/** One probe of the unique index for each key, whatever the planner believes of a table that is new. */
const findSql = `
  SELECT c.callid, u.at::int AS at
  FROM ${unnestOf(keyTypes)} WITH ORDINALITY AS u (switch_id, uniqueid, leg, at)
  CROSS JOIN LATERAL (
    SELECT callid FROM call
    WHERE uniqueid = u.uniqueid AND switch_id = u.switch_id AND leg = u.leg
    OFFSET 0) c`;

/**
 * The number of the carrier follows from its code: whoever writes the one writes the other (see carriers.ts). Not a
 * join, because a join would be free to change the order in which rows are inserted.
 */
const providerId = `CASE WHEN u.carrier_code <> '' THEN (SELECT k.providerid FROM carrier k WHERE k.carrier_code = u.carrier_code) END`;

const insertSql = `
  INSERT INTO call (switch_id, uniqueid, leg, providerid, ${names.join(', ')})
  SELECT u.switch_id, u.uniqueid, u.leg, ${providerId}, ${columns.map(valueOf).join(', ')}
  FROM ${unnestOf([...keyTypes, ...columns.map(({ type }) => `${type}[]`)])}
    AS u (${[...keyNames, ...names].join(', ')})
  ON CONFLICT DO NOTHING
  RETURNING switch_id, uniqueid, leg`;

const lockSql = `
  SELECT ${callColumns} FROM call c
  WHERE c.callid = ANY($1::bigint[])
  ORDER BY c.callid
  FOR NO KEY UPDATE`;

const updateSql = `
  UPDATE call c SET providerid = ${providerId}, ${columns.map((column) => `${column.name} = ${valueOf(column)}`).join(', ')}
  FROM ${unnestOf(['bigint[]', ...columns.map(({ type }) => `${type}[]`)])} AS u (callid, ${names.join(', ')})
  WHERE c.callid = u.callid`;

function keyParams(keys: readonly CallKey[]): unknown[] {
  return [
    pgArray('integer', keys, (key) => key.switchDbId),
    pgArray('text', keys, (key) => key.call.callId),
    pgArray('smallint', keys, (key) => key.call.leg),
  ];
}

function rowParams(rows: readonly SealedRow[]): unknown[] {
  return columns.map(({ type, of }) => pgArray(type, rows, of));
}

/** The ids of the calls that are there (committed, or of this transaction), by position in `keys`. Locks nothing. */
export async function findCalls(tx: Sql, keys: readonly CallKey[]): Promise<Map<number, bigint>> {
  const found = await tx.query<{ callid: bigint; at: number }>(findSql, keyParams(keys));
  return new Map(found.map(({ callid, at }) => [at - 1, callid]));
}

/** Inserts rows, waiting for whoever is inserting the same key. Returns the keys that were not there before. */
export async function insertCalls(tx: Sql, keys: readonly CallKey[], rows: readonly SealedRow[]): Promise<Pick<KeyedRow, 'switch_id' | 'uniqueid' | 'leg'>[]> {
  return await tx.query(insertSql, [...keyParams(keys), ...rowParams(rows)]);
}

/** Locks calls by ascending id, which keeps instances from waiting for each other in a ring, and reads what they hold. */
export async function lockCalls(tx: Sql, ids: readonly bigint[]): Promise<KeyedRow[]> {
  return await tx.query<KeyedRow>(lockSql, [pgArray('bigint', ids, (id) => id)]);
}

/** Writes calls that this transaction has locked. */
export async function updateCalls(tx: Sql, ids: readonly bigint[], rows: readonly SealedRow[]): Promise<void> {
  await tx.query(updateSql, [pgArray('bigint', ids, (id) => id), ...rowParams(rows)]);
}
