import { callKey } from '@tollwire/contracts';
import { present } from '@tollwire/core';
import { type Database, pgArray, type Sql } from '@tollwire/event-store';
import { maskedNumber } from '@tollwire/telecom';
import type { CdrDeps } from '../cdr.deps.ts';
import { type LoggedRow, readable } from '../projections/call-log.ts';
import { type CallPlace, type CallTable, lockCalls, updateCalls } from '../projections/call-table.ts';
import { unreceived } from '../projections/receipts.ts';
import { forgetWatchedNumber } from './watched-number.ts';
import { marksOf } from './number-index.ts';
import { erasedDay, type NumberKeys } from './number-keys.ts';
import { masked, opened, sealed } from './sealed-calls.ts';

/** Calls that are erased in one transaction, and events of the log that are looked at in one. */
const callsAtOnce = 500;
const eventsAtOnce = 20_000;
const pagesOfSweep = 200;

/** Instances hear of an erasure within a minute; the log is walked when what they recorded meanwhile is in it. */
const heardAfterUs = 90_000_000n;

/** A number as it may be looked for in the marks of calls. */
export interface NumberErasure {
  readonly number: string;
  readonly by: string;
  readonly reason: string;
}

const beginSql = 'INSERT INTO number_erasure (at_us, erased_by, reason, masked, number) VALUES ($1, $2, $3, $4, $5) RETURNING id';
const findSql = (table: CallTable) => `SELECT callid, filed_day FROM ${table} WHERE number_index && $1::bigint[] ORDER BY callid LIMIT $2`;
/** Calls that wait to be dropped may wait for long, where they cannot be written into files. */
const tables = ['call', 'call_past'] as const;
const noteSql = `
  INSERT INTO erased_call (call_key, callid, erasure_id) SELECT call_key, callid, $3 FROM unnest($1::text[], $2::bigint[]) AS u (call_key, callid)
  ON CONFLICT DO NOTHING`;
const namesSql = 'SELECT id, name FROM voip_switch WHERE id = ANY($1::int[])';

type Deps = Pick<CdrDeps, 'database' | 'clock' | 'numbers'>;

/**
 * Erases a number from the calls in which somebody called from it or to it: those calls keep their prefixes, times and money, and say no more
 * of who called whom. The events of those calls follow (`starLog`), and what other services keep (`askServices`). Returns how many calls.
 */
export async function eraseNumber(deps: Deps, { number, by, reason }: NumberErasure): Promise<number> {
  const { database, clock, numbers } = deps;
  const [begun] = await database.query<{ id: number }>(beginSql, [clock.nowUs(), by, reason, maskedNumber(number), number]);
  const count = await eraseFound(deps, present(begun, 'the erasure').id, number);
  await forgetWatchedNumber(database, number);
  numbers.heardOfErasure();
  return count;
}

/** Masks every call that has the number now, for an erasure; of how many. */
export async function eraseFound({ database, numbers }: Deps, id: number, number: string): Promise<number> {
  const marks = (await numbers.indexKeysBetween(database, 0, 2_000_000)).flatMap((key) => marksOf(key, [number]));
  let count = 0;
  for (const table of tables) count += await eraseAll({ database, numbers }, id, table, findSql(table), [pgArray('bigint', marks, (mark) => mark), callsAtOnce]);
  return count;
}

/** Masks what a statement finds until it finds no more: a mask makes no marks. */
async function eraseAll({ database, numbers }: Pick<Deps, 'database' | 'numbers'>, id: number, table: CallTable, statement: string, params: unknown[]): Promise<number> {
  for (let count = 0; ; ) {
    const found = await database.query<CallPlace>(statement, params);
    if (found.length === 0) return count;
    await database.transaction((tx) => eraseCalls(tx, numbers, id, found, table));
    count += found.length;
  }
}

/** Masks calls, and notes them, so that what is told of them later is masked, too. A mask makes no marks, so a call is not found again. */
async function eraseCalls(tx: Sql, numbers: NumberKeys, erasureId: number, places: readonly CallPlace[], table: CallTable): Promise<void> {
  const rows = await lockCalls(tx, places, table);
  const names = new Map((await tx.query<{ id: number; name: string }>(namesSql, [rows.map(({ switch_id: id }) => id)])).map(({ id, name }) => [id, name]));
  const keys = rows.map(({ switch_id: id, uniqueid, leg }) => callKey({ switchId: names.get(id) ?? '', callId: uniqueid, leg }));
  if (rows.length === 0) return;
  const maskedRows = await sealed(tx, numbers, masked(await opened(tx, numbers, rows)));
  await updateCalls(tx, rows, maskedRows.map((row) => ({ row, receipts: unreceived })), table);
  await tx.query(noteSql, [pgArray('text', keys, (key) => key), pgArray('bigint', rows, ({ callid }) => callid), erasureId]);
}

/** An event of an erased call, with the day that says in which partition of the log it is. */
interface FoundRow extends LoggedRow {
  readonly filed_day: number;
}

const openSql = 'SELECT id, walked_until::text AS walked FROM number_erasure WHERE log_done_at_us IS NULL AND at_us <= $1 ORDER BY id LIMIT 1';
const pageSql = `
  WITH page AS MATERIALIZED (
    SELECT event_id, filed_day, kind, numbers_day, call_key, bytes FROM call_event WHERE event_id > $1::uuid ORDER BY event_id FETCH FIRST $2 ROWS WITH TIES)
  SELECT p.event_id::text AS id, p.filed_day, p.kind, p.numbers_day, p.bytes FROM page p JOIN erased_call c ON c.call_key = p.call_key
  WHERE c.erasure_id <= $3 AND p.numbers_day >= 0`;
const lastSql = 'SELECT max(event_id::text)::text AS last FROM (SELECT event_id FROM call_event WHERE event_id > $1::uuid ORDER BY event_id FETCH FIRST $2 ROWS WITH TIES) p';
const lateSql = (table: CallTable) => `
  SELECT e.callid, c.filed_day FROM erased_call e JOIN ${table} c ON c.callid = e.callid
  WHERE e.erasure_id = $1 AND c.number_index <> '{}' ORDER BY e.callid LIMIT ${callsAtOnce}`;

/**
 * Stars out, page by page, what the log says of people in calls that are erased, and whatever an instance recorded that had not heard of the
 * erasure yet. Goes on where it was; several instances do it twice at worst.
 */
export async function starLog({ database, clock, numbers }: Deps): Promise<void> {
  const [open] = await database.query<{ id: number; walked: string }>(openSql, [BigInt(clock.nowUs()) - heardAfterUs]);
  if (open === undefined) return;
  let { walked } = open;
  for (let page = 0; page < pagesOfSweep; page += 1) {
    const [end] = await database.query<{ last: string | null }>(lastSql, [walked, eventsAtOnce]);
    if (end === undefined || end.last === null) {
      await finish(database, numbers, open.id, clock.nowUs());
      return;
    }
    await starEvents(database, numbers, await database.query<FoundRow>(pageSql, [walked, eventsAtOnce, open.id]));
    walked = end.last;
    await database.query('UPDATE number_erasure SET walked_until = $2 WHERE id = $1', [open.id, walked]);
  }
}

async function starEvents(database: Pick<Database, 'query'>, numbers: NumberKeys, rows: readonly FoundRow[]): Promise<void> {
  if (rows.length === 0) return;
  const starred = (await readable(database, numbers, rows.map((row) => ({ ...row, numbers_day: erasedDay })))).map(({ bytes }) => bytes);
  let first = 1;
  const firsts = starred.map(({ length }) => (first += length) - length);
  await database.query('SELECT star_call_events($1::uuid[], $2::int[], $3::bytea, $4::int[], $5::int[])', [
    rows.map(({ id }) => id), rows.map(({ filed_day: day }) => day), Buffer.concat(starred), firsts, starred.map(({ length }) => length),
  ]);
}

/** An erasure from before the other services were asked ends here. */
const doneSql = 'UPDATE number_erasure SET log_done_at_us = $2::bigint, done_at_us = CASE WHEN number IS NULL THEN $2::bigint END WHERE id = $1';

async function finish(database: Database, numbers: NumberKeys, id: number, nowUs: number): Promise<void> {
  for (const table of tables) await eraseAll({ database, numbers }, id, table, lateSql(table), [id]);
  await database.query(doneSql, [id, nowUs]);
}
