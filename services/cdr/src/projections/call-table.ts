import type { Sql } from '@tollwire/event-store';
import type { CallId } from '../domain/call.ts';
import type { CallRow } from './call-row.ts';

/** Where a call is found: its switch by number, the switch's own id, the leg. */
export interface CallKey {
  readonly switchDbId: number;
  readonly call: CallId;
}

/** A row as it is found under its key. */
export interface KeyedRow extends CallRow {
  readonly callid: bigint;
  readonly switch_id: number;
  readonly uniqueid: string;
  readonly leg: number;
}

type Encoder = (row: CallRow) => unknown;
const json = (value: unknown): string | null => (value === null ? null : JSON.stringify(value));

/** Every column but the key, with its type in PostgreSQL; an encoder where the driver's own form does not serve. */
const columns: readonly { readonly name: keyof CallRow; readonly type: string; readonly cast?: string; readonly encode?: Encoder }[] = [
  { name: 'started_at_us', type: 'bigint' },
  { name: 'answered_at_us', type: 'bigint' },
  { name: 'ended_at_us', type: 'bigint' },
  { name: 'rated_at_us', type: 'bigint' },
  { name: 'sell_nanos', type: 'bigint' },
  { name: 'buy_nanos', type: 'bigint' },
  { name: 'q850_cause', type: 'integer' },
  { name: 'pulsetime', type: 'integer' },
  { name: 'duration_sec', type: 'integer' },
  { name: 'stopdelay', type: 'integer' },
  { name: 'tariffid', type: 'integer' },
  { name: 'voip_plan_id', type: 'integer' },
  { name: 'revision', type: 'integer' },
  { name: 'told', type: 'smallint' },
  { name: 'conflicts', type: 'smallint' },
  { name: 'pre_rated', type: 'boolean' },
  { name: 'status', type: 'text' },
  // An array of arrays would have to be rectangular, so flags travel as the text of one.
  { name: 'flags', type: 'text', cast: 'text[]', encode: ({ flags }) => `{${flags.join(',')}}` },
  { name: 'cardid', type: 'text' },
  { name: 'account_code', type: 'text' },
  { name: 'callednumber', type: 'text' },
  { name: 'called_e164', type: 'text' },
  { name: 'cli', type: 'text' },
  { name: 'carrier_code', type: 'text' },
  { name: 'terminatecause', type: 'text' },
  { name: 'currency', type: 'text' },
  { name: 'buy_currency', type: 'text' },
  { name: 'buy_refusal', type: 'text' },
  { name: 'sell_prefix', type: 'text' },
  { name: 'channel', type: 'text' },
  { name: 'attempts', type: 'text', cast: 'jsonb', encode: ({ attempts }) => json(attempts) },
  { name: 'underlay', type: 'text', cast: 'jsonb', encode: ({ underlay }) => json(underlay) },
];

const names = columns.map(({ name }) => name);
const keyNames = ['switch_id', 'uniqueid', 'leg'];
const keyTypes = ['integer[]', 'text[]', 'smallint[]'];
const valueOf = ({ name, cast }: (typeof columns)[number]) => (cast === undefined ? `u.${name}` : `u.${name}::${cast}`);

/** The parameters of an unnest, from number `first` on. */
function unnestOf(types: readonly string[], first = 1): string {
  return `unnest(${types.map((type, at) => `$${first + at}::${type}`).join(', ')})`;
}

/** The columns of a row and its key, for whoever reads calls. */
export const callColumns = ['callid', ...keyNames, ...names].map((name) => `c.${name}`).join(', ');

/** One probe of the unique index for each key, whatever the planner believes of a table that is new. */
const findSql = `
  SELECT c.callid, u.at::int AS at
  FROM ${unnestOf(keyTypes)} WITH ORDINALITY AS u (switch_id, uniqueid, leg, at)
  CROSS JOIN LATERAL (
    SELECT callid FROM call
    WHERE uniqueid = u.uniqueid AND switch_id = u.switch_id AND leg = u.leg
    OFFSET 0) c`;

const insertSql = `
  INSERT INTO call (switch_id, uniqueid, leg, ${names.join(', ')})
  SELECT u.switch_id, u.uniqueid, u.leg, ${columns.map(valueOf).join(', ')}
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
  UPDATE call c SET ${columns.map((column) => `${column.name} = ${valueOf(column)}`).join(', ')}
  FROM ${unnestOf(['bigint[]', ...columns.map(({ type }) => `${type}[]`)])} AS u (callid, ${names.join(', ')})
  WHERE c.callid = u.callid`;

function keyParams(keys: readonly CallKey[]): unknown[] {
  return [keys.map((key) => key.switchDbId), keys.map((key) => key.call.callId), keys.map((key) => key.call.leg)];
}

function rowParams(rows: readonly CallRow[]): unknown[] {
  return columns.map(({ name, encode }) => rows.map(encode ?? ((row) => row[name])));
}

/** The ids of the calls that are there (committed, or of this transaction), by position in `keys`. Locks nothing. */
export async function findCalls(tx: Sql, keys: readonly CallKey[]): Promise<Map<number, bigint>> {
  const found = await tx.query<{ callid: bigint; at: number }>(findSql, keyParams(keys));
  return new Map(found.map(({ callid, at }) => [at - 1, callid]));
}

/** Inserts rows, waiting for whoever is inserting the same key. Returns the keys that were not there before. */
export async function insertCalls(tx: Sql, keys: readonly CallKey[], rows: readonly CallRow[]): Promise<Pick<KeyedRow, 'switch_id' | 'uniqueid' | 'leg'>[]> {
  return await tx.query(insertSql, [...keyParams(keys), ...rowParams(rows)]);
}

/** Locks calls by ascending id, which keeps instances from waiting for each other in a ring, and reads what they hold. */
export async function lockCalls(tx: Sql, ids: readonly bigint[]): Promise<KeyedRow[]> {
  return await tx.query<KeyedRow>(lockSql, [ids]);
}

/** Writes calls that this transaction has locked. */
export async function updateCalls(tx: Sql, ids: readonly bigint[], rows: readonly CallRow[]): Promise<void> {
  await tx.query(updateSql, [ids, ...rowParams(rows)]);
}
