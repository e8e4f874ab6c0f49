import { create } from '@bufbuild/protobuf';
import { ShowDialingReplySchema } from '@tollwire/contracts';
import type { CodedRefusal, ShowDialingReply, ShowDialingRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import { gatewayColumns } from '../accounts/gateway-links.ts';
import type { CardDeps } from '../card.deps.ts';
import { spentAt } from '../domain/usage.ts';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { settingColumns, settingMessage } from '../wire/dialer-setting.ts';
import type { StoredSetting } from '../wire/dialer-setting.ts';
import { moneyOf } from '../wire/money.ts';
import { partyOf, unknownParty } from '../wire/party.ts';

interface UsageRow {
  readonly currency: string;
  readonly open_calls: number;
  readonly hour_no: number;
  readonly spent_in_hour: bigint;
  readonly day_no: number;
  readonly spent_in_day: bigint;
  readonly suspended_us: bigint | null;
  readonly gateway_ids: number[];
  readonly gateway_group_ids: number[];
}

const selectUsage = `
  SELECT l.currency, l.open_calls, l.hour_no, l.spent_in_hour, l.day_no, l.spent_in_day, to_us(p.suspended) AS suspended_us, ${gatewayColumns}
  FROM ledger_account l LEFT JOIN user_profile p ON l.id = 'customer:' || p.customer_id WHERE l.id = $1`;

const selectSetting = `
  SELECT ${settingColumns} FROM dialer_setting d WHERE d.id IN (
    SELECT dialersetting_id FROM user_profile WHERE 'customer:' || customer_id = $1
    UNION ALL SELECT t.dialersetting_id FROM card_state c JOIN cardtype_dialer_setting t USING (cardtypeid) WHERE c.cardid = $2)`;

/** The dialling limits of a card or an account, and how much of them is in use now. */
export async function showDialing({ database, clock }: Pick<CardDeps, 'database' | 'clock'>, request: ShowDialingRequest): Promise<Result<ShowDialingReply, CodedRefusal>> {
  const party = partyOf(request.party, 'party');
  if (!party.ok) return party;
  const accountId = (await accountsOfParties(database, [party.value]))(party.value) ?? '';
  const cardId = party.value.kind === 'card' ? party.value.cardId : '';
  const [[row], [setting]] = await Promise.all([
    database.query<UsageRow>(selectUsage, [accountId]),
    database.query<StoredSetting>(selectSetting, [accountId, cardId]),
  ]);
  if (row === undefined) return refuse(unknownParty(party.value));
  const windows = { hourNo: row.hour_no, spentInHourNanos: row.spent_in_hour, dayNo: row.day_no, spentInDayNanos: row.spent_in_day };
  const { hourNanos, dayNanos } = spentAt(windows, clock.nowUs());
  return ok(create(ShowDialingReplySchema, {
    rules: { suspendedAtUs: row.suspended_us ?? 0n, gatewayIds: row.gateway_ids, gatewayGroupIds: row.gateway_group_ids, ...(setting === undefined ? {} : { setting: settingMessage(setting) }) },
    openCalls: row.open_calls,
    spentThisHour: moneyOf(hourNanos, row.currency),
    spentToday: moneyOf(dayNanos, row.currency),
  }));
}
