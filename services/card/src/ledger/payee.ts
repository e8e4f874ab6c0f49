import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { unknownParty } from '../wire/party.ts';
import type { Party } from '../wire/party.ts';
import { LockedAccounts } from './locked-accounts.ts';
import { accountsOfParties } from './party-accounts.ts';

/** Whose money is to be moved, under the lock of the account. */
export interface Payee {
  readonly accountId: string;
  readonly currency: string;
  readonly accounts: LockedAccounts;
}

/** Locks the ledger account of a party. Refuses a party that nobody is. */
export async function lockPayee(tx: Sql, party: Party): Promise<Result<Payee, CodedRefusal>> {
  const accountId = (await accountsOfParties(tx, [party]))(party);
  const accounts = await LockedAccounts.lock(tx, accountId === undefined ? [] : [accountId]);
  const currency = accountId === undefined ? undefined : accounts.currencyOf(accountId);
  return accountId === undefined || currency === undefined ? refuse(unknownParty(party)) : ok({ accountId, currency, accounts });
}

/** Lets requests about one thing, for whatever accounts, come one after the other until the transaction ends. */
export async function lockName(tx: Sql, name: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [name]);
}
