import type { Database, Sql } from '@tollwire/event-store';
import { effectiveCauses } from '@tollwire/telecom';
import { shortTalkUs } from '../domain/traffic.ts';
import { differenceColumns, kind } from './report-differences.ts';

/** What a report may be broken down by; `country` is read through the names of destinations. */
export const dimensions = ['carrier', 'destination', 'account', 'switch', 'cause'] as const;

export const measures = ['calls', 'answered', 'effective', 'short', 'abandoned', 'talk_us', 'billed_sec', 'pdd_us', 'pdd_calls',
  'sell_nanos', 'buy_nanos', 'margin_nanos', 'reroutes', 'reroutes_effective'] as const;
export const key = ['dimension', 'grain', 'at_min', 'value', 'currency', 'buy_currency'] as const;

const flags = ['answered', 'short', 'abandoned'] as const;
/** Bits that rows of differences have beside. */
const bits = [...flags, 'effective', 'reroute'] as const;
const numbers = ['talk_us', 'billed_sec', 'pdd_us', 'sell_nanos', 'buy_nanos', 'margin_nanos'] as const;
const places = [...dimensions, 'currency', 'buy_currency'];

/**
 * Sums by everything that they are told apart by, at once: a call that was counted and is counted otherwise within what is
 * folded leaves nothing of its first counting, and what follows has fewer rows to walk.
 */
const alike = (source: string) => `
  SELECT at_min, at_min - at_min % 60 AS at_hour, ${places.join(', ')}, sum(sign * (1 - reroute)) AS calls, ${flags.map((name) => `sum(sign * ${name}) AS ${name}`).join(', ')},
    sum(sign * effective * (1 - reroute)) AS effective, sum(sign * reroute) AS reroutes, sum(sign * effective * reroute) AS reroutes_effective,
    ${numbers.map((name) => `sum(sign::numeric * coalesce(${name}, 0)) AS ${name}`).join(', ')}, sum(CASE WHEN pdd_us IS NULL THEN 0 ELSE sign END) AS pdd_calls
  FROM ${source}
  GROUP BY at_min, ${places.join(', ')}`;

const groupings = ['at_min', 'at_hour'].flatMap((at) => ['', ...dimensions].map((dimension) => `(${[at, ...(dimension === '' ? [] : [dimension]), 'currency', 'buy_currency'].join(', ')})`));

/** Sums by every dimension, minute and hour, in one walk; what comes out even is left out. */
export const sums = (source: string) => `
  SELECT CASE ${dimensions.map((name) => `WHEN grouping(${name}) = 0 THEN '${name}'`).join(' ')} ELSE 'all' END AS dimension,
    CASE WHEN grouping(at_min) = 0 THEN 'minute' ELSE 'hour' END AS grain, coalesce(at_min, at_hour) AS at_min,
    coalesce(carrier, destination::text, account, switch, cause::text, '') AS value, currency, buy_currency,
    ${measures.map((name) => `sum(${name}) AS ${name}`).join(', ')}
  FROM (${alike(source)}) s
  GROUP BY GROUPING SETS (${groupings.join(', ')})
  HAVING ${measures.map((name) => `sum(${name}) <> 0`).join(' OR ')}`;

const names = differenceColumns.map(({ name }) => name);
const bit = (name: keyof typeof kind) => `(u.kinds::int & ${kind[name]} <> 0)::int`;
/** The differences of batches, one a row. */
export const differencesOf = (batches: string) => `
  SELECT u.*, u.kinds::int & ${kind.live} <> 0 AS is_live, 1 - 2 * ${bit('taken')} AS sign, ${bits.map((name) => `${bit(name)} AS ${name}`).join(', ')}
  FROM ${batches} g, unnest(${names.map((name) => `g.${name}`).join(', ')}) AS u (${names.join(', ')})`;
const taken = `
  WITH gone AS (
    DELETE FROM report_difference WHERE position IN (SELECT position FROM report_difference ORDER BY position LIMIT $1) RETURNING *),
  taken AS MATERIALIZED (${differencesOf('gone')})`;

export const live = (source: string) => `
  SELECT CASE ${['carrier', 'account', 'switch'].map((name) => `WHEN grouping(${name}) = 0 THEN '${name}'`).join(' ')} ELSE 'all' END AS dimension,
    coalesce(carrier, account, switch, '') AS value, sum(sign) AS calls
  FROM ${source} GROUP BY GROUPING SETS ((), (carrier), (account), (switch)) HAVING sum(sign) <> 0`;

const foldSql = `${taken},
  lived AS (
    INSERT INTO live_calls AS l (dimension, value, calls) ${live('(SELECT * FROM taken WHERE is_live) t')} ORDER BY 1, 2
    ON CONFLICT (dimension, value) DO UPDATE SET calls = l.calls + excluded.calls),
  folded AS (
    INSERT INTO report_bucket AS b (${[...key, ...measures].join(', ')}) ${sums('(SELECT * FROM taken WHERE NOT is_live) t')} ORDER BY ${key.map((_, at) => at + 1).join(', ')}
    ON CONFLICT (${key.join(', ')}) DO UPDATE SET ${measures.map((name) => `${name} = b.${name} + excluded.${name}`).join(', ')})
  SELECT count(*)::int AS batches FROM gone`;

/** Batches that are folded in one transaction. */
const BATCHES_MAX = 200;
/** Any number that nobody else locks by. */
const LOCK = 8_311_207;

/**
 * Adds the differences that batches of calls have noted to the sums, each once: taking them away and adding them is one
 * statement. One instance does it at a time; the others leave it to that one. Returns when nothing is left.
 */
export async function foldReports(database: Pick<Database, 'transaction'>): Promise<void> {
  while ((await database.transaction(fold)) === BATCHES_MAX);
}

async function fold(tx: Sql): Promise<number> {
  const [lock] = await tx.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock($1) AS mine', [LOCK]);
  if (lock?.mine !== true) return 0;
  const [folded] = await tx.query<{ batches: number }>(foldSql, [BATCHES_MAX]);
  return folded?.batches ?? 0;
}

const usersDoing = effectiveCauses.join(', ');

/** Every attempt but the last over the carrier that the call counts under. */
const reroutedRows = `
  SELECT r.sign, r.at_min, r.switch, a.carrier, r.account, r.destination, r.cause, r.currency, r.buy_currency, false AS is_live, 0 AS answered,
    (a.cause IN (${usersDoing}))::int AS effective, 0 AS short, 0 AS abandoned, 0 AS talk_us, 0 AS billed_sec, NULL::bigint AS pdd_us, 0 AS sell_nanos, 0 AS buy_nanos, 0 AS margin_nanos, 1 AS reroute
  FROM rows r CROSS JOIN LATERAL (
    SELECT each.tried ->> 'carrierCode' AS carrier, (each.tried ->> 'q850Cause')::int AS cause, each.at, max(each.at) FILTER (WHERE each.tried ->> 'carrierCode' = r.carrier) OVER () AS counted
    FROM jsonb_array_elements(r.attempts) WITH ORDINALITY AS each (tried, at)) a
  WHERE a.carrier <> '' AND a.at IS DISTINCT FROM a.counted`;

/** The calls as they stand, in the form in which differences are: what the sums must be, counted from the rows. */
const countedCalls = `
  SELECT c.attempts, 1 AS sign, (c.started_at_us / 60000000)::int AS at_min, s.name AS switch,
    coalesce(nullif(c.carrier_code, ''), c.attempts -> -1 ->> 'carrierCode', '') AS carrier, coalesce(c.account_code, '') AS account,
    coalesce(c.countryprefixid, 0) AS destination, coalesce(c.q850_cause, 0) AS cause, coalesce(c.currency, '') AS currency, coalesce(c.buy_currency, '') AS buy_currency,
    c.status IN ('started', 'ringing', 'answered') AS is_live,
    (t.talk_us IS NOT NULL)::int AS answered, (t.talk_us IS NOT NULL OR (c.ended_at_us IS NOT NULL AND c.q850_cause IN (${usersDoing})))::int AS effective,
    coalesce(t.talk_us < ${shortTalkUs}, false)::int AS short, (c.status = 'abandoned')::int AS abandoned, coalesce(t.talk_us, 0) AS talk_us, coalesce(c.pulsetime, 0) AS billed_sec,
    CASE WHEN c.ended_at_us IS NOT NULL AND c.ringing_at_us >= c.started_at_us THEN c.ringing_at_us - c.started_at_us END AS pdd_us,
    coalesce(c.sell_nanos, 0) AS sell_nanos, coalesce(c.buy_nanos, 0) AS buy_nanos,
    CASE WHEN c.margin_nanos IS NOT NULL THEN c.margin_nanos
      WHEN c.sell_nanos IS NULL OR c.buy_currency <> c.currency OR (c.buy_nanos IS NULL AND c.carrier_code <> '') THEN 0 ELSE c.sell_nanos - coalesce(c.buy_nanos, 0) END AS margin_nanos
  FROM call c JOIN voip_switch s ON s.id = c.switch_id
  CROSS JOIN LATERAL (SELECT c.ended_at_us - c.answered_at_us AS talk_us) t`;

/** All of them, or those that `where` names, with the attempts that came before. */
export const countedRows = (where = '') => `(
  WITH rows AS (${countedCalls} ${where})
  SELECT sign, at_min, switch, carrier, account, destination, cause, currency, buy_currency, is_live, answered, effective, short, abandoned, talk_us, billed_sec, pdd_us,
    sell_nanos, buy_nanos, margin_nanos, 0 AS reroute FROM rows
  UNION ALL ${reroutedRows})`;

/** Fills the empty sums from the calls; for databases that have calls already, and to hold the sums to the calls. */
export const recountStatements: readonly string[] = [
  `INSERT INTO report_bucket (${[...key, ...measures].join(', ')}) ${sums(`(SELECT * FROM ${countedRows()} r WHERE NOT is_live) t`)}`,
  `INSERT INTO live_calls (dimension, value, calls) ${live(`(SELECT * FROM ${countedRows()} r WHERE is_live) t`)}`,
];

const reroutes = ['reroutes', 'reroutes_effective'] as const;
const [allKeys, allMeasures] = [key.join(', '), measures.join(', ')];
const isOfReroutes = (name: string) => reroutes.some((each) => each === name);
const reroutesOf = (sign: string) => reroutes.map((name) => `${sign}${name} AS ${name}`).join(', ');

/** What sums lack of the attempts that came before another: those of the calls as they stand, less what is summed up or noted. Of calls that were dropped they lack nothing. */
const missingReroutes = `
  SELECT ${allKeys}, ${measures.map((name) => (isOfReroutes(name) ? `greatest(sum(${name}), 0)::bigint` : '0') + ` AS ${name}`).join(', ')}
  FROM (
    SELECT ${allKeys}, ${reroutesOf('')} FROM (${sums(`(WITH rows AS (${countedCalls} WHERE jsonb_array_length(c.attempts) > 0) SELECT * FROM (${reroutedRows}) r WHERE NOT is_live)`)}) counted
    UNION ALL SELECT ${allKeys}, ${reroutesOf('-')} FROM (${sums(`(SELECT * FROM (${differencesOf('report_difference')}) d WHERE NOT is_live)`)}) noted
    UNION ALL SELECT ${allKeys}, ${reroutesOf('-')} FROM report_bucket WHERE ${reroutes.map((name) => `${name} <> 0`).join(' OR ')}) m
  GROUP BY ${allKeys} HAVING ${reroutes.map((name) => `sum(${name}) > 0`).join(' OR ')}`;

/**
 * Brings the attempts that came before another into sums of before they were counted. One statement sees calls, sums and what is noted as of one instant, and
 * what they lack then they lack for good: so nobody who records calls or folds meanwhile need wait for it.
 */
export const rerouteStatement = `
  INSERT INTO report_bucket AS b (${allKeys}, ${allMeasures}) ${missingReroutes} ORDER BY ${key.map((_, at) => at + 1).join(', ')}
  ON CONFLICT (${allKeys}) DO UPDATE SET ${reroutes.map((name) => `${name} = b.${name} + excluded.${name}`).join(', ')}`;

/** Makes the sums anew from the calls that are there, in one transaction, as the owner of the tables: what specs hold the sums to. */
export async function sumUpAnew(owner: Pick<Database, 'transaction'>): Promise<void> {
  await owner.transaction(async (tx) => {
    await tx.query('LOCK TABLE call IN SHARE MODE');
    await tx.query('TRUNCATE report_difference, report_bucket, live_calls');
    for (const statement of recountStatements) await tx.query(statement);
  });
}
