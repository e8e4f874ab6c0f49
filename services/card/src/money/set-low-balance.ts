import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, LowBalance, LowBalanceSchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { lowBalanceScope } from '../domain/low-balance.ts';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { namedBy } from '../wire/meta.ts';
import { partyOf, unknownParty } from '../wire/party.ts';

const thresholdsMax = 10;
const thresholdNanosMax = 10n ** 18n;

const upsert = `
  INSERT INTO low_balance (scope, thresholds, set_by, set_at_us) VALUES ($1, $2::bigint[], $3, $4)
  ON CONFLICT (scope) DO UPDATE SET thresholds = excluded.thresholds, set_by = excluded.set_by, set_at_us = excluded.set_at_us`;

/**
 * Sets the balances below which BalanceLow is told, of one card or account, of all cards of a type, or of all accounts; the nearest
 * counts. None at all, for one card or account, tells nothing, whatever is set for the others.
 */
export async function setLowBalance({ database, clock }: Pick<CardDeps, 'database' | 'clock'>, request: LowBalance): Promise<Result<MessageInitShape<typeof LowBalanceSchema>, CodedRefusal>> {
  const thresholdsNanos = [...new Set(request.thresholdsNanos)];
  const isInRange = thresholdsNanos.every((nanos) => nanos >= -thresholdNanosMax && nanos <= thresholdNanosMax);
  if (thresholdsNanos.length > thresholdsMax || !isInRange) {
    return refuse({ code: 'field_out_of_range', field: 'thresholdsNanos', detail: `Set at most ${thresholdsMax} thresholds, of at most a billion units.` });
  }
  const scope = await scopeOf(database, request.scope);
  if (!scope.ok) return scope;
  const by = namedBy(request.by);
  await database.query(upsert, [scope.value, thresholdsNanos.map(String), by, clock.nowUs()]);
  return ok({ scope: request.scope, thresholdsNanos, by: by ?? '' });
}

async function scopeOf(sql: Sql, scope: LowBalance['scope']): Promise<Result<string, CodedRefusal>> {
  switch (scope.case) {
    case 'party': {
      const party = partyOf(scope.value, 'party');
      if (!party.ok) return party;
      const accountId = (await accountsOfParties(sql, [party.value]))(party.value);
      const rows = await sql.query('SELECT 1 FROM ledger_account WHERE id = $1', [accountId ?? '']);
      return accountId === undefined || rows.length === 0 ? refuse(unknownParty(party.value)) : ok(lowBalanceScope.account(accountId));
    }
    case 'cardTypeId': {
      const rows = await sql.query('SELECT 1 FROM cardtype WHERE cardtypeid = $1::bigint', [scope.value]);
      return rows.length === 0 ? refuse({ code: 'unknown_card_type', field: 'cardTypeId' }) : ok(lowBalanceScope.cardType(scope.value));
    }
    case 'allAccounts':
      return ok(lowBalanceScope.allAccounts);
    case undefined:
    default:
      return refuse({ code: 'field_missing', field: 'cardId', detail: 'Say of whom: a card, an account, a card type, or all accounts.' });
  }
}
