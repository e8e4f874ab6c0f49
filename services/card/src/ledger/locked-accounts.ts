import type { Decision } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';
import { credit } from '../domain/credit.ts';
import type { Credit, CreditCommand, CreditEvent, CreditRefusal } from '../domain/credit.ts';

interface AccountRow {
  readonly id: string;
  readonly currency: string;
  readonly credit: bigint;
  readonly reserved: bigint;
  readonly credit_limit: bigint;
}

interface Entry {
  readonly currency: string;
  credit: Credit;
  changed: boolean;
}

// Always in the order of ids: two batches that share accounts wait for each other and never deadlock.
const lockRows = `
  SELECT id, currency, credit, reserved, credit_limit FROM ledger_account
  WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`;

const saveRows = `
  UPDATE ledger_account a SET credit = n.credit, reserved = n.reserved, version = a.version + 1
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS n (id, credit, reserved) WHERE a.id = n.id`;

/**
 * The accounts of one batch, locked until the transaction ends. Decisions are taken here in memory, one after the
 * other in order of arrival, each upon what the one before left; `save` writes every changed account once.
 */
export class LockedAccounts {
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(entries: ReadonlyMap<string, Entry>) {
    this.#entries = entries;
  }

  /** Locks the accounts, in one statement. An id that there is no account of is simply not among them. */
  static async lock(tx: Sql, ids: Iterable<string>): Promise<LockedAccounts> {
    const rows = await tx.query<AccountRow>(lockRows, [pgArray('text', [...new Set(ids)], (id) => id)]);
    return new LockedAccounts(new Map(rows.map((row) => [row.id, entryOf(row)])));
  }

  /** The currency of an account, or undefined where there is no such account. */
  currencyOf(id: string): string | undefined {
    return this.#entries.get(id)?.currency;
  }

  /** Decides upon an account and records what follows. Throws for an account that is not among the locked. */
  decide(id: string, command: CreditCommand): Decision<CreditEvent, CreditRefusal> {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error(`The account ${id} was not locked`);
    const decision = credit.decide(command, entry.credit);
    if (!decision.accepted) return decision;
    for (const event of decision.events) {
      entry.credit = credit.evolve(entry.credit, event);
      entry.changed = true;
    }
    return decision;
  }

  /** Writes the accounts that changed, each once. */
  async save(tx: Sql): Promise<void> {
    const changed = [...this.#entries].filter(([, entry]) => entry.changed);
    if (changed.length === 0) return;
    await tx.query(saveRows, [
      pgArray('text', changed, ([id]) => id),
      pgArray('bigint', changed, ([, entry]) => entry.credit.creditNanos),
      pgArray('bigint', changed, ([, entry]) => entry.credit.reservedNanos),
    ]);
  }
}

function entryOf(row: AccountRow): Entry {
  return {
    currency: row.currency,
    credit: { creditNanos: row.credit, reservedNanos: row.reserved, creditLimitNanos: row.credit_limit },
    changed: false,
  };
}
