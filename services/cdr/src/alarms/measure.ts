import type { Sql } from '@tollwire/event-store';
import { bucketRows, moneyOf, sumsOf } from '../api/traffic-report.ts';
import { type Measured, measureOf, type Milli, needsBaseline, type Verdict, verdictOf } from '../domain/alarm.ts';
import { baselineSpan, type Span } from '../domain/alarm-period.ts';
import type { Terms } from './alarm-terms.ts';

/** What an alarm says of one period. */
export interface Judged {
  readonly span: Span;
  readonly verdict: Verdict;
  readonly measured: Milli | undefined;
  readonly baseline: Milli | undefined;
  /** The carrier of the longest row of failed attempts, of a CIC alarm. */
  readonly subject: string;
}

/** Measures a period, and the time that it is compared with where the condition asks for that, and judges it. */
export async function judged(sql: Sql, terms: Terms, span: Span): Promise<Judged> {
  const now = await measuredIn(sql, terms, span);
  const measured = measureOf(terms.type, now, terms.callsMin);
  const before = needsBaseline(terms) ? await measuredIn(sql, terms, baselineSpan(terms.period, terms.addOn, span)) : undefined;
  const baseline = before === undefined ? undefined : measureOf(terms.type, before, terms.callsMin);
  return { span, verdict: verdictOf(terms, measured, baseline), measured, baseline, subject: measured === undefined ? '' : (now.longestRun?.carrierCode ?? '') };
}

async function measuredIn(sql: Sql, { type, dimension, value, currency }: Terms, { fromUs, untilUs, periods }: Span): Promise<Measured> {
  const rows = await bucketRows(sql, { groupBy: dimension, step: 'whole', fromUs, untilUs, value });
  const { callCount, attemptCount, answeredCount, shortCount, talkUs } = sumsOf(dimension, rows);
  const money = moneyOf(rows).find((each) => each.currency === currency);
  return {
    ...{ callCount, attemptCount, answeredCount, shortCount, talkUs, periods },
    buyNanos: money?.buyNanos ?? 0n,
    marginNanos: money?.marginNanos ?? 0n,
    longestRun: type === 'CIC' ? await longestRun(sql, value, fromUs, untilUs) : undefined,
  };
}

/**
 * Attempts over carriers in the order in which they began: where the call was answered, the last over its carrier connected, and all others failed. A call
 * that tells of no attempt over its carrier is one itself. A run is what fails between two that connect.
 */
const runSql = `
  WITH tries AS (
    SELECT t.carrier, t.at_us, c.callid, t.nth, t.failed
    FROM (SELECT *, coalesce(nullif(carrier_code, ''), attempts -> -1 ->> 'carrierCode') AS over FROM call) c CROSS JOIN LATERAL (
      SELECT a.carrier, a.at_us, a.nth, (c.answered_at_us IS NULL OR a.nth IS DISTINCT FROM max(a.nth) FILTER (WHERE a.carrier = c.over) OVER ()) AS failed
      FROM ROWS FROM (jsonb_to_recordset(c.attempts) AS ("carrierCode" text, "startedAtUs" bigint)) WITH ORDINALITY AS a (carrier, at_us, nth)
      UNION ALL
      SELECT c.over, c.started_at_us, 0, c.answered_at_us IS NULL WHERE c.attempts @> jsonb_build_array(jsonb_build_object('carrierCode', c.over)) IS NOT TRUE) t
    WHERE c.started_at_us >= $1 AND c.started_at_us < $2 AND c.ended_at_us IS NOT NULL AND t.carrier <> '' AND ($3 = '' OR t.carrier = $3)),
  counted AS (
    SELECT carrier, failed, count(*) FILTER (WHERE NOT failed) OVER (PARTITION BY carrier ORDER BY at_us, callid, nth ROWS UNBOUNDED PRECEDING) AS run FROM tries)
  SELECT carrier AS "carrierCode", (count(*) FILTER (WHERE failed))::int AS length FROM counted GROUP BY carrier, run ORDER BY length DESC, carrier LIMIT 1`;

async function longestRun(sql: Sql, carrierCode: string, fromUs: bigint, untilUs: bigint): Promise<Measured['longestRun']> {
  const [run] = await sql.query<{ carrierCode: string; length: number }>(runSql, [fromUs, untilUs, carrierCode]);
  return run;
}
