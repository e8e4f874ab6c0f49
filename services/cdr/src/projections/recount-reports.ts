import type { Database, Sql } from '@tollwire/event-store';
import { countedRows, differencesOf, dimensions, key, live, measures, sums } from './fold-reports.ts';

const [allKeys, allMeasures] = [key.join(', '), measures.join(', ')];
const less = measures.map((name) => `-${name} AS ${name}`).join(', ');
const inSlice = 'at_min >= $1 AND at_min < $2';
const startedInSlice = 'WHERE c.started_at_us >= $1::bigint * 60000000 AND c.started_at_us < $2::bigint * 60000000';
const noted = (where: string) => `(SELECT * FROM (${differencesOf('report_difference')}) d WHERE ${where}) t`;

/** What the sums of a slice of minutes lack, or have too much: the calls as they stand, less what is noted of them, less what is summed up. An hour is the sum of its minutes. */
const missing = `
  SELECT ${allKeys}, ${measures.map((name) => `sum(${name}) AS ${name}`).join(', ')}
  FROM (
    SELECT ${allKeys}, ${allMeasures} FROM (${sums(`(SELECT * FROM ${countedRows(startedInSlice)} r WHERE NOT is_live) t`)}) counted
    UNION ALL SELECT ${allKeys}, ${less} FROM (${sums(noted(`NOT is_live AND ${inSlice}`))}) noted
    UNION ALL SELECT b.dimension, g.grain, CASE g.grain WHEN 'minute' THEN b.at_min ELSE b.at_min - b.at_min % 60 END, b.value, b.currency, b.buy_currency, ${less}
      FROM report_bucket b CROSS JOIN (VALUES ('minute'), ('hour')) g (grain)
      WHERE b.dimension IN ('all', ${dimensions.map((name) => `'${name}'`).join(', ')}) AND b.grain = 'minute' AND b.${inSlice}) m
  GROUP BY ${allKeys} HAVING ${measures.map((name) => `sum(${name}) <> 0`).join(' OR ')}`;

/** As folding orders them, whatever order the database is set to, so that the two never wait for each other in a ring. */
const inOrder = (columns: readonly string[]) => `ORDER BY ${columns.map((name) => (name === 'at_min' ? name : `${name} COLLATE "default"`)).join(', ')}`;

const sliceSql = `
  WITH corrected AS (
    INSERT INTO report_bucket AS b (${allKeys}, ${allMeasures})
    SELECT * FROM (${missing}) m WHERE NOT EXISTS (SELECT FROM report_kept_since WHERE since_us > $1::bigint * 60000000) ${inOrder(key)}
    ON CONFLICT (${allKeys}) DO UPDATE SET ${measures.map((name) => `${name} = b.${name} + excluded.${name}`).join(', ')} RETURNING 1)
  SELECT count(*)::int AS corrected FROM corrected`;

/** No call that the rules have passed is open (abandon-walk.ts), so only what was set up since can go on. */
const openCalls = `WHERE c.status IN ('started', 'ringing', 'answered') AND c.started_at_us >= (SELECT coalesce(min(walked_until_us), 0) FROM abandon_walk)`;

const liveSql = `
  WITH corrected AS (
    INSERT INTO live_calls AS l (dimension, value, calls)
    SELECT dimension, value, sum(calls) FROM (
      SELECT dimension, value, calls FROM (${live(`(SELECT * FROM ${countedRows(openCalls)} r WHERE is_live) t`)}) counted
      UNION ALL SELECT dimension, value, -calls FROM (${live(noted('is_live'))}) noted
      UNION ALL SELECT dimension, value, -calls FROM live_calls) m
    GROUP BY dimension, value HAVING sum(calls) <> 0 ${inOrder(['dimension', 'value'])}
    ON CONFLICT (dimension, value) DO UPDATE SET calls = l.calls + excluded.calls RETURNING 1)
  SELECT count(*)::int AS corrected FROM corrected`;

/** Any number that nobody else locks by. */
const LOCK = 8_311_210;

/**
 * Brings the sums of the minutes from `fromMin` until `untilMin` to what the calls say, and tells how many were not so. One statement sees calls, sums and what
 * is noted as of one instant; what the sums lack then they lack for good, whoever records calls or folds meanwhile. Recounts wait for each other, because two
 * that saw the same would both add it. Minutes of which calls may have been dropped by their age stay as they are.
 */
export async function recountMinutes(database: Pick<Database, 'transaction'>, fromMin: number, untilMin: number): Promise<number> {
  return await database.transaction((tx) => corrected(tx, sliceSql, [fromMin, untilMin]));
}

/** The same of how many calls go on. */
export async function recountLive(database: Pick<Database, 'transaction'>): Promise<number> {
  return await database.transaction((tx) => corrected(tx, liveSql, []));
}

async function corrected(tx: Sql, statement: string, values: readonly number[]): Promise<number> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK]);
  const [sum] = await tx.query<{ corrected: number }>(statement, values);
  return sum?.corrected ?? 0;
}

/** Since when no call was dropped by its age: of calls that were set up before, the sums know more than the calls. */
export async function keptSince(sql: Sql): Promise<bigint> {
  const [kept] = await sql.query<{ since: bigint }>('SELECT since_us AS since FROM report_kept_since');
  return kept?.since ?? 0n;
}

/** Notes, before calls go, that those of before an instant do; the sums of that time are recounted no more. */
export async function noteKeptSince(sql: Sql, sinceUs: bigint): Promise<void> {
  await sql.query('UPDATE report_kept_since SET since_us = $1 WHERE since_us < $1', [sinceUs]);
}
