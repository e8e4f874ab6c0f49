import type { PublicEvent } from '@tollwire/contracts';
import type { Decision, InstantUs } from '@tollwire/core';
import { pgArray, type Sql } from '@tollwire/event-store';
import { credit } from '../domain/credit.ts';
import type { Credit, CreditCommand, CreditEvent, CreditRefusal } from '../domain/credit.ts';
import { thresholdsCrossed } from '../domain/low-balance.ts';
import { balanceLowOf } from '../wire/money-events.ts';

interface AccountRow {
  readonly id: string;
  readonly currency: string;
  readonly credit: bigint;
  readonly reserved: bigint;
  readonly credit_limit: bigint;
  readonly version: bigint;
  /** As text where the driver has no arrays of bigint. */
  readonly thresholds: readonly (bigint | string)[] | null;
}

interface Entry {
  readonly currency: string;
  /** How often the account had changed when it was locked. */
  readonly version: bigint;
  readonly thresholds: readonly bigint[];
  credit: Credit;
  changed: boolean;
}

/** A threshold that the credit of an account fell below. */
interface Crossing {
  readonly accountId: string;
  readonly currency: string;
  readonly thresholdNanos: bigint;
  readonly balanceNanos: bigint;
  /** Tells this crossing from every other of the account. */
  readonly nth: string;
}

// Always in the order of ids: two batches that share accounts wait for each other and never deadlock.
const lockRows = `
  SELECT id, currency, credit, reserved, credit_limit, version,
    coalesce((SELECT thresholds FROM low_balance WHERE scope = id), (SELECT thresholds FROM low_balance WHERE scope = class)) AS thresholds
  FROM ledger_account WHERE id = ANY($1::text[]) ORDER BY id FOR UPDATE`;

const saveRows = `
  UPDATE ledger_account a SET credit = n.credit, reserved = n.reserved, version = a.version + 1
  FROM unnest($1::text[], $2::bigint[], $3::bigint[]) AS n (id, credit, reserved) WHERE a.id = n.id`;

/**
 * The accounts of one batch, locked until the transaction ends. Decisions are taken here in memory, one after the
 * other in order of arrival, each upon what the one before left; `save` writes every changed account once.
 */
export class LockedAccounts {
  readonly #entries: ReadonlyMap<string, Entry>;
  readonly #crossings: Crossing[] = [];

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
      const before = entry.credit.creditNanos;
      entry.credit = credit.evolve(entry.credit, event);
      entry.changed = true;
      this.#note(id, entry, before);
    }
    return decision;
  }

  /** What is to be told of credit that fell below a threshold, to be published by this transaction. */
  lowBalances(at: InstantUs): PublicEvent[] {
    return this.#crossings.map((crossing) => balanceLowOf({ ...crossing, at }));
  }

  #note(accountId: string, { thresholds, currency, version, credit: { creditNanos: balanceNanos } }: Entry, beforeNanos: bigint): void {
    if (thresholds.length === 0) return;
    for (const thresholdNanos of thresholdsCrossed(thresholds, beforeNanos, balanceNanos)) {
      this.#crossings.push({ accountId, currency, thresholdNanos, balanceNanos, nth: `${version}.${this.#crossings.length}` });
    }
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

/** What most accounts have: no threshold. */
const none: readonly bigint[] = [];

function entryOf(row: AccountRow): Entry {
  return {
    currency: row.currency,
    version: row.version,
    thresholds: row.thresholds?.map(BigInt) ?? none,
    credit: { creditNanos: row.credit, reservedNanos: row.reserved, creditLimitNanos: row.credit_limit },
    changed: false,
  };
}
