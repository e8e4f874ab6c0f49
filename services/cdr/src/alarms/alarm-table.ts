import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AlarmSchema } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import type { AlarmCondition, AlarmType } from '../domain/alarm.ts';
import type { AlarmAddOn, AlarmPeriod } from '../domain/alarm-period.ts';
import { milliOf, milliText, type Terms } from './alarm-terms.ts';

/** An alarm as it is kept. */
export interface AlarmRow {
  readonly id: number;
  readonly name: string;
  readonly period: AlarmPeriod;
  readonly type: AlarmType;
  readonly alert_condition: AlarmCondition;
  readonly alert_value: string;
  readonly alert_condition_add_on: AlarmAddOn;
  readonly status: string;
  readonly dimension: string;
  readonly value: string;
  readonly currency: string;
  readonly calls_min: number;
  readonly throttle_sec: number;
  readonly webhook_url: string | null;
  readonly email_to_send_alarm: string | null;
  readonly created_us: bigint;
  readonly created_by: string;
}

const selected = `id, name, period, type, alert_condition, alert_value, alert_condition_add_on, status, dimension, value, currency,
       calls_min, throttle_sec,
  webhook_url, email_to_send_alarm, (extract(epoch FROM created_date) * 1000000)::bigint AS created_us, created_by`;

/** Keeps a new alarm, which is active at once. */
export async function insertAlarm(sql: Sql, terms: Terms, secret: string, by: string): Promise<AlarmRow | undefined> {
  const [row] = await sql.query<AlarmRow>(
    `INSERT INTO alarm (name, period, type, alert_condition, alert_value, alert_condition_add_on, dimension, value, currency, calls_min, throttle_sec,
       webhook_url, webhook_secret, email_to_send_alarm, created_by)
     VALUES ($1, $2, $3, $4, $5::numeric, $6, $7, $8, $9, $10, $11, nullif($12, ''), nullif($13, ''), nullif($14, ''), $15) RETURNING ${selected}`,
    [
      ...[terms.name, terms.period, terms.type, terms.condition, milliText(terms.threshold), terms.addOn, terms.dimension, terms.value, terms.currency],
      ...[terms.callsMin, terms.throttleSec, terms.webhookUrl, secret, terms.email, by],
    ],
  );
  return row;
}

export async function listAlarms(sql: Sql): Promise<AlarmRow[]> {
  return await sql.query<AlarmRow>(`SELECT ${selected} FROM alarm ORDER BY id LIMIT 1000`);
}

export async function activeAlarms(sql: Sql): Promise<AlarmRow[]> {
  return await sql.query<AlarmRow>(`SELECT ${selected} FROM alarm WHERE status = 'active' ORDER BY id`);
}

export async function setStatus(sql: Sql, id: number, status: string): Promise<AlarmRow | undefined> {
  const [row] = await sql.query<AlarmRow>(`UPDATE alarm SET status = $2, updated_date = now() WHERE id = $1 RETURNING ${selected}`, [id, status]);
  return row;
}

export function termsOfRow(row: AlarmRow): Terms {
  return {
    ...{ name: row.name, period: row.period, type: row.type, condition: row.alert_condition, threshold: milliOf(row.alert_value), addOn: row.alert_condition_add_on },
    ...{ dimension: row.dimension, value: row.value, currency: row.currency, callsMin: row.calls_min, throttleSec: row.throttle_sec },
    ...{ webhookUrl: row.webhook_url ?? '', email: row.email_to_send_alarm ?? '' },
  };
}

/** As it is answered: the secret of its webhook is not. */
export function alarmReply(row: AlarmRow): MessageInitShape<typeof AlarmSchema> {
  const { condition, threshold, addOn, email, ...terms } = termsOfRow(row);
  const shown = { ...terms, alertCondition: condition, alertValue: milliText(threshold), alertConditionAddOn: addOn, emailToSendAlarm: email };
  return { id: row.id, terms: shown, status: row.status, createdAtUs: row.created_us, createdBy: row.created_by };
}
