import type { Sql } from '@tollwire/event-store';

/** A checked account as it is opened. Credit above nothing must have its transfer in the same transaction. */
export interface NewAccount {
  readonly id: string;
  readonly currency: string;
  readonly creditNanos: bigint;
  readonly creditLimitNanos: bigint;
  /** Whose thresholds count where it has none of its own; see lowBalanceScope. None: nobody's. */
  readonly class?: string;
}

const insertAccounts = `
  INSERT INTO ledger_account (id, currency, credit, reserved, credit_limit, class)
  SELECT id, currency, credit, 0, credit_limit, class
  FROM unnest($1::text[], $2::text[], $3::bigint[], $4::bigint[], $5::text[]) AS a (id, currency, credit, credit_limit, class)`;

/** Opens checked accounts; one that is there already fails the transaction. */
export async function openAccounts(tx: Sql, accounts: readonly NewAccount[]): Promise<void> {
  await tx.query(insertAccounts, [
    accounts.map((a) => a.id),
    accounts.map((a) => a.currency),
    accounts.map((a) => a.creditNanos),
    accounts.map((a) => a.creditLimitNanos),
    accounts.map((a) => a.class ?? null),
  ]);
}
