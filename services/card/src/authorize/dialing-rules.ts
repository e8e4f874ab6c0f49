import { instantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { ALL_FREE_CREDIT } from '../domain/call-grant.ts';
import type { CreditShare } from '../domain/call-grant.ts';
import { NO_RULES } from '../domain/dialing.ts';
import type { DialingRules } from '../domain/dialing.ts';
import { ledgerAccount } from '../domain/ledger.ts';

/** Dialling limits as the database has them. */
export interface SettingRow {
  readonly concurrent_calls_max: number | null;
  readonly calls_per_sec_max: number | null;
  readonly call_sec_max: number | null;
  readonly spend_per_hour_max: bigint | null;
  readonly spend_per_day_max: bigint | null;
  readonly credit_to_call_min: bigint | null;
  readonly credit_policy: string | null;
  readonly slice_sec: number | null;
  readonly slice_amount: bigint | null;
}

interface RulesRow extends SettingRow {
  readonly account_id: string;
  readonly suspended_us: bigint | null;
}

const settingColumns = `d.concurrent_calls_max, d.calls_per_sec_max, d.call_sec_max, d.spend_per_hour_max, d.spend_per_day_max,
    d.credit_to_call_min, d.credit_policy, d.slice_sec, d.slice_amount`;

// Rows only where there is a rule; most accounts have none.
const selectRules = `
  SELECT '${ledgerAccount.customer('')}' || p.customer_id AS account_id, to_us(p.suspended) AS suspended_us, ${settingColumns}
  FROM user_profile p LEFT JOIN dialer_setting d ON d.id = p.dialersetting_id
  WHERE p.customer_id = ANY($1::text[]) AND (p.suspended IS NOT NULL OR d.id IS NOT NULL)
  UNION ALL
  SELECT '${ledgerAccount.card('')}' || c.cardid, NULL::bigint, ${settingColumns}
  FROM card_state c JOIN cardtype_dialer_setting t USING (cardtypeid) JOIN dialer_setting d ON d.id = t.dialersetting_id
  WHERE c.cardid = ANY($2::text[])`;

/** Tells the rules of a ledger account. */
export type RulesOf = (accountId: string) => DialingRules;

/** The rules of ledger accounts, in one statement: those of a customer, or of the type of a card. */
export async function dialingRulesOf(sql: Sql, accountIds: readonly string[]): Promise<RulesOf> {
  const idsOf = (prefix: string) => [...new Set(accountIds.flatMap((id) => (id.startsWith(prefix) ? [id.slice(prefix.length)] : [])))];
  const rows = await sql.query<RulesRow>(selectRules, [idsOf(ledgerAccount.customer('')), idsOf(ledgerAccount.card(''))]);
  if (rows.length === 0) return () => NO_RULES;
  const rules = new Map(rows.map((row) => [row.account_id, rulesOfRow(row)]));
  return (accountId) => rules.get(accountId) ?? NO_RULES;
}

function rulesOfRow(row: RulesRow): DialingRules {
  return {
    limits: {
      concurrentCallsMax: row.concurrent_calls_max,
      callsPerSecMax: row.calls_per_sec_max,
      callSecMax: row.call_sec_max,
      spendPerHourMaxNanos: row.spend_per_hour_max,
      spendPerDayMaxNanos: row.spend_per_day_max,
      creditToCallMinNanos: row.credit_to_call_min,
    },
    share: shareOf(row),
    suspendedAt: row.suspended_us === null ? null : instantUs(Number(row.suspended_us)),
  };
}

/** How calls share the credit, by a row whose checks keep its columns together. */
function shareOf({ credit_policy: policy, slice_sec: sec, slice_amount: nanos, concurrent_calls_max: callsMax }: SettingRow): CreditShare {
  if (policy === 'fixed_slice' && sec !== null) return { policy, slice: { sec } };
  if (policy === 'fixed_slice' && nanos !== null) return { policy, slice: { nanos } };
  if (policy === 'equal_share' && callsMax !== null) return { policy, callsMax };
  return ALL_FREE_CREDIT;
}
