import type { InstantUs } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';
import type { Transfer } from '../domain/ledger.ts';

const insertTransfers = `
  INSERT INTO transfer (id, debit_account, credit_account, amount, currency, code, call_key, posted_by, at_us)
  SELECT id, debit, credit, amount, currency, code, call_key, posted_by, $9::bigint
  FROM unnest($1::text[], $2::text[], $3::text[], $4::bigint[], $5::text[], $6::text[], $7::text[], $8::text[])
    AS t (id, debit, credit, amount, currency, code, call_key, posted_by)`;

/**
 * Posts transfers, in the transaction that changes the accounts they move money between. A transfer that is there
 * already fails the whole transaction: skipping it would leave its accounts changed twice.
 */
export async function postTransfers(tx: Sql, transfers: readonly Transfer[], at: InstantUs): Promise<void> {
  if (transfers.length === 0) return;
  await tx.query(insertTransfers, [
    pgArray('text', transfers, (t) => t.id),
    pgArray('text', transfers, (t) => t.debit),
    pgArray('text', transfers, (t) => t.credit),
    pgArray('bigint', transfers, (t) => t.amountNanos),
    pgArray('text', transfers, (t) => t.currency),
    pgArray('text', transfers, (t) => t.code),
    pgArray('text', transfers, (t) => t.callKey),
    pgArray('text', transfers, (t) => t.postedBy),
    at,
  ]);
}
