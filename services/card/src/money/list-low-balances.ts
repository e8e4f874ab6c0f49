import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { EmptySchema } from '@tollwire/contracts';
import type { CodedRefusal, ListLowBalancesReplySchema, ListLowBalancesRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { lowBalanceScope } from '../domain/low-balance.ts';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { partyOf, unknownParty } from '../wire/party.ts';

const settingsMax = 1_000;

interface SettingRow {
  readonly scope: string;
  readonly thresholds: readonly bigint[];
  readonly set_by: string | null;
  /** An account code of the customer whose account it is; null for every other scope. */
  readonly code: string | null;
}

const columns = `
  SELECT b.scope, b.thresholds, b.set_by, (SELECT min(a.code) FROM account_code a WHERE 'customer:' || a.customer_id = b.scope) AS code FROM low_balance b`;
const selectAll = `${columns} ORDER BY b.scope LIMIT ${settingsMax}`;
const selectOfAccount = `${columns} JOIN ledger_account l ON b.scope IN (l.id, l.class) WHERE l.id = $1 ORDER BY b.scope <> l.id`;

/**
 * The balances below which BalanceLow is told: of one card or account, the nearest first, of which it counts; else all that are set, at
 * most 1,000. Refuses unknown_card and unknown_account.
 */
export async function listLowBalances(sql: Sql, { party: named }: ListLowBalancesRequest): Promise<Result<MessageInitShape<typeof ListLowBalancesReplySchema>, CodedRefusal>> {
  if (named === undefined) return ok({ lowBalances: (await sql.query<SettingRow>(selectAll)).map(messageOf) });
  const party = partyOf(named, 'party');
  if (!party.ok) return party;
  const accountId = (await accountsOfParties(sql, [party.value]))(party.value) ?? '';
  const known = await sql.query('SELECT 1 FROM ledger_account WHERE id = $1', [accountId]);
  if (known.length === 0) return refuse(unknownParty(party.value));
  return ok({ lowBalances: (await sql.query<SettingRow>(selectOfAccount, [accountId])).map(messageOf) });
}

function messageOf({ scope, thresholds, set_by: by, code }: SettingRow) {
  return { scope: scopeOf(scope, code), thresholdsNanos: [...thresholds], by: by ?? '' };
}

/** The scope as it was named when it was set. */
function scopeOf(scope: string, code: string | null) {
  const [, cardTypeId] = /^card_type:(\d+)$/.exec(scope) ?? [];
  if (cardTypeId !== undefined) return { case: 'cardTypeId' as const, value: Number(cardTypeId) };
  if (scope === lowBalanceScope.allAccounts) return { case: 'allAccounts' as const, value: create(EmptySchema) };
  const party = code === null ? ({ case: 'cardId', value: scope.replace(/^card:/, '') } as const) : ({ case: 'accountCode', value: code } as const);
  return { case: 'party' as const, value: { party } };
}
