import { randomUUID } from 'node:crypto';
import type { Database, Sql } from '@tollwire/event-store';
import type { CdrDeps } from '../cdr.deps.ts';
import { isToldAfter } from '../domain/alarm.ts';
import { lastPeriod, periodsIn, type Span } from '../domain/alarm-period.ts';
import { activeAlarms, type AlarmRow, termsOfRow } from './alarm-table.ts';
import { milliText, waysOf } from './alarm-terms.ts';
import { type Judged, judged } from './measure.ts';

/** How long after the end of a period it is measured: calls that end late and ratings come in meanwhile. */
const SETTLE_US = 120_000_000n;

/** Periods that are judged late at most, where no instance ran when they were over. */
const LATE_MAX = 24;
/** Above all hours of ten years. */
const PERIODS_MAX = 100_000;

// What an alarm that was switched on, or made, after its last run has missed is none of its business.
const doneSql = `
  SELECT max(r.until_us) AS until_us FROM alarm_report r JOIN alarm a ON a.id = r.alarm_id
  WHERE r.alarm_id = $1 AND r.until_us > (extract(epoch FROM a.updated_date) * 1000000)::bigint`;
const isDoneSql = 'SELECT 1 FROM alarm_report WHERE alarm_id = $1 AND until_us = $2';
const reportSql = `
  INSERT INTO alarm_report (alarm_id, calculatedvalue, threshold, status, daterun, from_us, until_us, fired, baseline, subject)
  VALUES ($1, $2::numeric, $3::numeric, $4, to_timestamp($5::bigint / 1000000.0), $6, $7, $8, $9::numeric, $10)
  ON CONFLICT (alarm_id, from_us, until_us) DO NOTHING RETURNING id`;
const lastNoticeSql = `
  SELECT r.until_us FROM alarm_notice n JOIN alarm_report r ON r.id = n.report_id WHERE n.alarm_id = $1 ORDER BY n.noticed_at_us DESC, r.until_us DESC LIMIT 1`;
const noticeSql = 'INSERT INTO alarm_notice (id, alarm_id, report_id, body, noticed_at_us, try_at_us, way) VALUES ($1, $2, $3, $4, $5, $5, $6)';

/**
 * Judges the last whole period for every active alarm that has not been judged for it, and keeps the run with its measure
 * and its threshold. Any number of instances may do so: a period is kept once. Periods that nobody judged when they were over
 * are judged now, the last 24 of them. An alarm that cannot be judged keeps no other from it, and fails the run.
 */
export async function runAlarms(deps: Pick<CdrDeps, 'database' | 'clock'>): Promise<void> {
  const nowUs = BigInt(deps.clock.nowUs());
  const failures: unknown[] = [];
  for (const alarm of await activeAlarms(deps.database)) await runAlarm(deps.database, alarm, nowUs).catch((error: unknown) => failures.push(error));
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} alarms were not judged: ${String(failures[0])}`);
}

async function runAlarm(database: Database, alarm: AlarmRow, nowUs: bigint): Promise<void> {
  for (const span of await spansDue(database, alarm, nowUs)) {
    const verdict = await judged(database, termsOfRow(alarm), span);
    await database.transaction((tx) => keep(tx, alarm, verdict, nowUs));
  }
}

/** The whole periods from the last that was judged on, the earliest first; of an alarm that has judged none since it was switched on, the last. */
async function spansDue(database: Database, { id, period }: AlarmRow, nowUs: bigint): Promise<Span[]> {
  const last = lastPeriod(period, nowUs - SETTLE_US);
  if ((await database.query(isDoneSql, [id, last.untilUs])).length > 0) return [];
  const [done] = await database.query<{ until_us: bigint | null }>(doneSql, [id]);
  const doneUs = done?.until_us ?? null;
  return doneUs === null ? [last] : periodsIn(period, doneUs, last.untilUs, PERIODS_MAX).slice(-LATE_MAX);
}

async function keep(tx: Sql, alarm: AlarmRow, run: Judged, nowUs: bigint): Promise<void> {
  const isFired = run.verdict === 'fired';
  // The row of the alarm is locked, so that two runs of it cannot both find that none was told lately.
  await tx.query('SELECT 1 FROM alarm WHERE id = $1 FOR NO KEY UPDATE', [alarm.id]);
  const isTold = isFired && waysOf(termsOfRow(alarm)).length > 0 && isToldAfter(await lastToldUntil(tx, alarm.id), run.span.untilUs, alarm.throttle_sec);
  const status = run.verdict === 'no_data' ? 'no_data' : isTold ? 'alarm_sent' : 'no_alarm_sent';
  const [report] = await tx.query<{ id: bigint }>(reportSql, [
    ...[alarm.id, textOf(run.measured), alarm.alert_value, status, nowUs, run.span.fromUs, run.span.untilUs],
    ...[isFired, textOf(run.baseline), run.subject],
  ]);
  if (report === undefined || !isTold) return;
  for (const way of waysOf(termsOfRow(alarm))) {
    const id = randomUUID();
    await tx.query(noticeSql, [id, alarm.id, report.id, JSON.stringify(noticeOf(id, alarm, run)), nowUs, way]);
  }
}

/** The end of the period that was told last. */
async function lastToldUntil(tx: Sql, alarmId: number): Promise<bigint | undefined> {
  const [last] = await tx.query<{ until_us: bigint | null }>(lastNoticeSql, [alarmId]);
  return last?.until_us ?? undefined;
}

function textOf(milli: bigint | undefined): string | null {
  return milli === undefined ? null : milliText(milli);
}

/** What is sent: the alarm, the period, the measure and what it was held against. */
function noticeOf(id: string, alarm: AlarmRow, { span, measured, baseline, subject }: Judged): object {
  const iso = (us: bigint) => new Date(Number(us / 1000n)).toISOString();
  return {
    id,
    alarmId: alarm.id,
    name: alarm.name,
    type: alarm.type,
    condition: alarm.alert_condition,
    threshold: milliText(termsOfRow(alarm).threshold),
    measured: textOf(measured),
    ...(baseline === undefined ? {} : { baseline: textOf(baseline) }),
    ...(subject === '' ? {} : { subject }),
    ...(alarm.dimension === 'all' ? {} : { [alarm.dimension]: alarm.value }),
    ...(alarm.currency === '' ? {} : { currency: alarm.currency }),
    from: iso(span.fromUs),
    until: iso(span.untilUs),
  };
}
