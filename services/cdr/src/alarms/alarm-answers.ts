import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AlarmRunSchema, AlarmSchema, AlarmService, BacktestAlarmReplySchema, BacktestAlarmRequest, CodedRefusal, DefineAlarmRequest, ListAlarmReportsReplySchema } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { isToldAfter } from '../domain/alarm.ts';
import { periodsIn } from '../domain/alarm-period.ts';
import { alarmReply, insertAlarm, listAlarms, setStatus } from './alarm-table.ts';
import { milliOf, milliText, termsOf } from './alarm-terms.ts';
import { judged } from './measure.ts';
import { webhookFault } from './webhook-fault.ts';

type AlarmReply = MessageInitShape<typeof AlarmSchema>;
type Run = MessageInitShape<typeof AlarmRunSchema>;

const periodsMax = 1000;

/** The answers of AlarmService. */
export function alarmAnswers({ database, allowsPrivateWebhooks }: Pick<CdrDeps, 'database' | 'allowsPrivateWebhooks'>): ServiceImplementation<typeof AlarmService> {
  return {
    defineAlarm: (request) => defineAlarm(database, allowsPrivateWebhooks, request),
    listAlarms: async () => ok({ alarms: (await listAlarms(database)).map(alarmReply) }),
    setAlarmStatus: ({ id, status }) => changeStatus(database, id, status),
    deleteAlarm: ({ id }) => removeAlarm(database, id),
    listAlarmReports: ({ id }) => listReports(database, id),
    backtestAlarm: (request) => backtest(database, request),
  };
}

async function defineAlarm(sql: Sql, allowsPrivate: boolean, { terms, webhookSecret, by }: DefineAlarmRequest): Promise<Result<AlarmReply, CodedRefusal>> {
  const read = termsOf(terms);
  if (!read.ok) return read;
  const fault = webhookFault({ url: read.value.webhookUrl, secret: webhookSecret }, allowsPrivate);
  if (fault !== undefined) return refuse(fault);
  return ok(alarmReply(present(await insertAlarm(sql, read.value, webhookSecret, by), 'the alarm that was kept')));
}

async function changeStatus(sql: Sql, id: number, status: string): Promise<Result<AlarmReply, CodedRefusal>> {
  if (status !== 'active' && status !== 'inactive') return refuse({ code: 'field_malformed', field: 'status', facts: { allowed: 'active, inactive' } });
  const changed = await setStatus(sql, id, status);
  return changed === undefined ? refuse({ code: 'unknown_alarm', field: 'id', facts: { id: `${id}` } }) : ok(alarmReply(changed));
}

async function removeAlarm(sql: Sql, id: number): Promise<Result<object, CodedRefusal>> {
  const gone = await sql.query('DELETE FROM alarm WHERE id = $1 RETURNING id', [id]);
  return gone.length === 0 ? refuse({ code: 'unknown_alarm', field: 'id', facts: { id: `${id}` } }) : ok({});
}

interface ReportRow {
  readonly from_us: bigint | null;
  readonly until_us: bigint | null;
  readonly fired: boolean;
  readonly status: string;
  readonly calculatedvalue: string | null;
  readonly threshold: string;
  readonly baseline: string | null;
  readonly subject: string;
  readonly ran_us: bigint;
  readonly notice: string | null;
}

const reportsSql = `
  SELECT r.from_us, r.until_us, r.fired, r.status, r.calculatedvalue, r.threshold, r.baseline, r.subject,
    (extract(epoch FROM r.daterun) * 1000000)::bigint AS ran_us,
    (SELECT n.state FROM alarm_notice n WHERE n.report_id = r.id ORDER BY array_position(ARRAY['waiting', 'gave_up', 'sent'], n.state) LIMIT 1) AS notice
  FROM alarm_report r WHERE r.alarm_id = $1 ORDER BY r.daterun DESC, r.id DESC LIMIT 100`;

async function listReports(sql: Sql, id: number): Promise<Result<MessageInitShape<typeof ListAlarmReportsReplySchema>, CodedRefusal>> {
  const rows = await sql.query<ReportRow>(reportsSql, [id]);
  if (rows.length === 0 && (await sql.query('SELECT 1 FROM alarm WHERE id = $1', [id])).length === 0) return refuse({ code: 'unknown_alarm', field: 'id', facts: { id: `${id}` } });
  return ok({ runs: rows.map(runOfRow) });
}

function runOfRow(row: ReportRow): Run {
  const text = (numeric: string | null) => (numeric === null ? '' : milliText(milliOf(numeric)));
  return {
    ...{ fromUs: row.from_us ?? 0n, untilUs: row.until_us ?? 0n, fired: row.fired, status: row.status, subject: row.subject, ranAtUs: row.ran_us },
    ...{ measured: text(row.calculatedvalue), threshold: text(row.threshold), baseline: text(row.baseline), notice: row.notice ?? 'none' },
  };
}

/** Judges past periods by the sums as they stand now, so with the corrections that came since; told as to somebody who had it on from the first. */
async function backtest(sql: Sql, { terms, fromUs, untilUs }: BacktestAlarmRequest): Promise<Result<MessageInitShape<typeof BacktestAlarmReplySchema>, CodedRefusal>> {
  const read = termsOf(terms);
  if (!read.ok) return read;
  if (fromUs <= 0n || untilUs <= fromUs) return refuse({ code: 'field_out_of_range', field: 'untilUs', detail: 'The time ends before it begins.' });
  const spans = periodsIn(read.value.period, fromUs, untilUs, periodsMax + 1);
  if (spans.length > periodsMax) return refuse({ code: 'field_out_of_range', field: 'untilUs', detail: `Ask for at most ${periodsMax} periods.` });
  const runs: Run[] = [];
  let toldUntilUs: bigint | undefined;
  for (const span of spans) {
    const { verdict, measured, baseline, subject } = await judged(sql, read.value, span);
    const text = (milli: bigint | undefined) => (milli === undefined ? '' : milliText(milli));
    const isTold = verdict === 'fired' && isToldAfter(toldUntilUs, span.untilUs, read.value.throttleSec);
    if (isTold) toldUntilUs = span.untilUs;
    const status = verdict === 'no_data' ? 'no_data' : isTold ? 'alarm_sent' : 'no_alarm_sent';
    runs.push({ fromUs: span.fromUs, untilUs: span.untilUs, fired: verdict === 'fired', status, subject, measured: text(measured),
      threshold: milliText(read.value.threshold), baseline: text(baseline), notice: 'none' });
  }
  return ok({ runs, firedCount: runs.filter(({ fired }) => fired).length });
}
