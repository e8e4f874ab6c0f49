import type { Sql } from '@tollwire/event-store';
import { ledgerAccount } from '../domain/ledger.ts';
import type { Party } from '../wire/party.ts';

const selectCustomers = 'SELECT code, customer_id FROM account_code WHERE code = ANY($1::text[])';

/** Tells which ledger account a party pays from; undefined for an account code that nobody has. */
export type AccountOfParty = (party: Party) => string | undefined;

/** Looks up the customers behind account codes, in one statement; cards need none. */
export async function accountsOfParties(sql: Sql, parties: readonly Party[]): Promise<AccountOfParty> {
  const codes = [...new Set(parties.flatMap((party) => (party.kind === 'account' ? [party.code] : [])))];
  const rows = codes.length === 0 ? [] : await sql.query<{ code: string; customer_id: string }>(selectCustomers, [codes]);
  const customers = new Map(rows.map((row) => [row.code, ledgerAccount.customer(row.customer_id)]));
  return (party) => (party.kind === 'card' ? ledgerAccount.card(party.cardId) : customers.get(party.code));
}
