import type { CodedRefusal, DialerSetting, SetDialerSettingRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { refusable } from '../ledger/refusable.ts';
import { namedBy } from '../wire/meta.ts';
import { settingColumns, settingMessage, settingOf } from '../wire/dialer-setting.ts';
import type { Setting, StoredSetting } from '../wire/dialer-setting.ts';

const upsert = `
  INSERT INTO dialer_setting AS d (name, concurrent_calls_max, calls_per_sec_max, call_sec_max, spend_per_hour_max, spend_per_day_max,
    credit_to_call_min, currency, credit_policy, slice_sec, slice_amount, set_at, set_by)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, from_us($12), $13)
  ON CONFLICT (name) DO UPDATE SET concurrent_calls_max = excluded.concurrent_calls_max, calls_per_sec_max = excluded.calls_per_sec_max,
    call_sec_max = excluded.call_sec_max, spend_per_hour_max = excluded.spend_per_hour_max, spend_per_day_max = excluded.spend_per_day_max,
    credit_to_call_min = excluded.credit_to_call_min, currency = excluded.currency, credit_policy = excluded.credit_policy, slice_sec = excluded.slice_sec, slice_amount = excluded.slice_amount,
    set_at = excluded.set_at, set_by = excluded.set_by
  RETURNING ${settingColumns}`;

// Whoever is put under a setting locks its row first, so nobody comes in between.
const selectUserInOtherCurrency = `
  SELECT currency FROM user_profile WHERE dialersetting_id = $1 AND currency <> $2
  UNION ALL SELECT c.currency FROM cardtype_dialer_setting t JOIN cardtype c USING (cardtypeid) WHERE t.dialersetting_id = $1 AND c.currency <> $2
  LIMIT 1`;

const selectAll = `SELECT ${settingColumns} FROM dialer_setting d ORDER BY name LIMIT 1000`;

/**
 * Sets dialling limits under a name, as a whole: from then on they hold for every account and card type that is under them.
 * Refuses amounts in another currency than one of those is kept in.
 */
export async function setDialerSetting({ database, clock }: Pick<CardDeps, 'database' | 'clock'>, request: SetDialerSettingRequest): Promise<Result<DialerSetting, CodedRefusal>> {
  const setting = settingOf(request.setting);
  if (!setting.ok) return setting;
  return await refusable(database, (tx) => set(tx, setting.value, clock.nowUs(), namedBy(request.by)));
}

async function set(tx: Sql, s: Setting, atUs: number, by: string | null): Promise<Result<DialerSetting, CodedRefusal>> {
  const limits = [s.name, s.concurrentCallsMax, s.callsPerSecMax, s.callSecMax, s.spendPerHourMaxNanos, s.spendPerDayMaxNanos, s.creditToCallMinNanos];
  const rows = await tx.query<StoredSetting>(upsert, [...limits, s.currency, s.creditPolicy, s.sliceSec, s.sliceNanos, atUs, by]);
  const stored = present(rows[0], 'the setting that was set');
  if (s.currency === null) return ok(settingMessage(stored));
  const [other] = await tx.query<{ currency: string }>(selectUserInOtherCurrency, [stored.id, s.currency]);
  if (other === undefined) return ok(settingMessage(stored));
  return refuse({ code: 'currency_mismatch', field: 'setting', detail: `An account or card type under these limits is kept in ${other.currency}.` });
}

/** All dialling limits by their names, the first thousand. */
export async function listDialerSettings(sql: Sql): Promise<DialerSetting[]> {
  return (await sql.query<StoredSetting>(selectAll)).map(settingMessage);
}

/** The setting of a name, its row locked until the transaction ends; null for no name. Refuses a name that there is none of. */
export async function settingNamed(tx: Sql, name: string): Promise<Result<StoredSetting | null, CodedRefusal>> {
  if (name === '') return ok(null);
  const [row] = await tx.query<StoredSetting>(`SELECT ${settingColumns} FROM dialer_setting d WHERE name = $1 FOR UPDATE`, [name]);
  return row === undefined ? refuse({ code: 'unknown_dialer_setting', field: 'setting', detail: 'Set limits under this name first.' }) : ok(row);
}

/** Refuses limits whose amounts are in another currency than what they are to hold for. */
export function inCurrencyOf(setting: StoredSetting | null, currency: string): CodedRefusal | null {
  if (setting === null || setting.currency === null || setting.currency === currency) return null;
  return { code: 'currency_mismatch', field: 'setting', detail: `The amounts of these limits are in ${setting.currency}, and it is kept in ${currency}.` };
}
