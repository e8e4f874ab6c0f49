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
 * Attempts over carriers in the order in which they began: one connected where its carrier is the call's and the call was
 * answered, else it failed. A run is what fails between two that connect.
 */
const runSql = `
  WITH tries AS (
    SELECT t.carrier, t.at_us, c.callid, t.failed
    FROM call c CROSS JOIN LATERAL (
      SELECT a."carrierCode" AS carrier, a."startedAtUs" AS at_us, (a."carrierCode" <> c.carrier_code OR c.answered_at_us IS NULL) AS failed
      FROM jsonb_to_recordset(c.attempts) AS a ("carrierCode" text, "startedAtUs" bigint)
      UNION ALL
      SELECT c.carrier_code, c.started_at_us, c.answered_at_us IS NULL WHERE c.attempts IS NULL AND c.carrier_code <> '') t
    WHERE c.started_at_us >= $1 AND c.started_at_us < $2 AND c.ended_at_us IS NOT NULL AND ($3 = '' OR t.carrier = $3)),
  counted AS (
    SELECT carrier, failed, count(*) FILTER (WHERE NOT failed) OVER (PARTITION BY carrier ORDER BY at_us, callid ROWS UNBOUNDED PRECEDING) AS run FROM tries)
  SELECT carrier AS "carrierCode", (count(*) FILTER (WHERE failed))::int AS length FROM counted GROUP BY carrier, run ORDER BY length DESC, carrier LIMIT 1`;

async function longestRun(sql: Sql, carrierCode: string, fromUs: bigint, untilUs: bigint): Promise<Measured['longestRun']> {
  const [run] = await sql.query<{ carrierCode: string; length: number }>(runSql, [fromUs, untilUs, carrierCode]);
  return run;
}
