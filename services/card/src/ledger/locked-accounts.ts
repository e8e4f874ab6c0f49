import type { PublicEvent } from '@tollwire/contracts';
import type { Decision, InstantUs } from '@tollwire/core';
import { pgArray, type Sql, type StatementPart } from '@tollwire/event-store';
import { credit } from '../domain/credit.ts';
import type { Credit, CreditCommand, CreditEvent, CreditRefusal } from '../domain/credit.ts';
import { usageAfter } from '../domain/dialing.ts';
import { thresholdsCrossed } from '../domain/low-balance.ts';
import type { Usage } from '../domain/usage.ts';
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
  readonly open_calls: number;
  readonly second_no: bigint;
  readonly calls_in_second: number;
  readonly hour_no: number;
  readonly spent_in_hour: bigint;
  readonly day_no: number;
  readonly spent_in_day: bigint;
}

interface Entry {
  readonly currency: string;
  /** How often the account had changed when it was locked. */
  readonly version: bigint;
  readonly thresholds: readonly bigint[];
  credit: Credit;
  usage: Usage;
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
const selectRows = `
  SELECT id, currency, credit, reserved, credit_limit, version,
    open_calls, second_no, calls_in_second, hour_no, spent_in_hour, day_no, spent_in_day,
    coalesce((SELECT thresholds FROM low_balance WHERE scope = id), (SELECT thresholds FROM low_balance WHERE scope = class)) AS thresholds
  FROM ledger_account WHERE id = ANY($1::text[]) ORDER BY id`;
const lockRows = `${selectRows} FOR UPDATE`;

const saveRows = `
  UPDATE ledger_account a SET credit = n.credit, reserved = n.reserved, version = a.version + 1, open_calls = n.open_calls,
    second_no = n.second_no, calls_in_second = n.calls_in_second, hour_no = n.hour_no, spent_in_hour = n.spent_in_hour,
    day_no = n.day_no, spent_in_day = n.spent_in_day
  FROM unnest($1::text[], $2::bigint[], $3::bigint[], $4::bigint[], $5::int[], $6::bigint[], $7::int[], $8::int[], $9::bigint[], $10::int[], $11::bigint[])
    AS n (id, version, credit, reserved, open_calls, second_no, calls_in_second, hour_no, spent_in_hour, day_no, spent_in_day)
  WHERE a.id = n.id AND a.version = n.version`;

/**
 * What `save` does, as the part of a statement that must fail where `saved` has fewer rows than there are accounts: one changed since it was read. An account that somebody
 * has locked counts as changed: who waited for it would decide by what it was when the waiting began.
 */
export const savePart: StatementPart = {
  name: 'saved', text: `${saveRows} AND a.id IN (SELECT id FROM ledger_account WHERE id = ANY($1::text[]) FOR UPDATE SKIP LOCKED) RETURNING a.id`, paramCount: 11,
};

/**
 * The accounts of one batch: locked until the transaction ends, or as they were read, to be saved only where none changed
 * since. Decisions are taken here in memory, one after the
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
    return await LockedAccounts.#of(tx, lockRows, ids);
  }

  /** Reads the accounts without a lock; what is decided upon them counts only where `savePart` finds them as they were. */
  static async read(sql: Sql, ids: Iterable<string>): Promise<LockedAccounts> {
    return await LockedAccounts.#of(sql, selectRows, ids);
  }

  static async #of(sql: Sql, text: string, ids: Iterable<string>): Promise<LockedAccounts> {
    const rows = await sql.query<AccountRow>(text, [pgArray('text', [...new Set(ids)], (id) => id)]);
    return new LockedAccounts(new Map(rows.map((row) => [row.id, entryOf(row)])));
  }

  /** The currency of an account, or undefined where there is no such account. */
  currencyOf(id: string): string | undefined {
    return this.#entries.get(id)?.currency;
  }

  /** What an account has, and how it is in use. Throws for an account that is not among the locked. */
  stateOf(id: string): { readonly credit: Credit; readonly usage: Usage } {
    return this.#entryOf(id);
  }

  /** Decides upon an account and records what follows. Throws for an account that is not among the locked. */
  decide(id: string, command: CreditCommand): Decision<CreditEvent, CreditRefusal> {
    const entry = this.#entryOf(id);
    const decision = credit.decide(command, entry.credit);
    if (!decision.accepted) return decision;
    for (const event of decision.events) {
      const before = entry.credit.creditNanos;
      entry.credit = credit.evolve(entry.credit, event);
      entry.usage = usageAfter(entry.usage, command, event);
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

  #entryOf(id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry === undefined) throw new Error(`The account ${id} was not locked`);
    return entry;
  }

  /** Writes the accounts that changed, each once. */
  async save(tx: Sql): Promise<void> {
    if (this.changedCount > 0) await tx.query(saveRows, this.saveParams());
  }

  /** The parameters of `savePart`. */
  saveParams(): unknown[] {
    const changed = this.#changed();
    return [
      pgArray('text', changed, ([id]) => id),
      pgArray('bigint', changed, ([, entry]) => entry.version),
      pgArray('bigint', changed, ([, entry]) => entry.credit.creditNanos),
      pgArray('bigint', changed, ([, entry]) => entry.credit.reservedNanos),
      pgArray('integer', changed, ([, { usage }]) => usage.openCalls),
      pgArray('bigint', changed, ([, { usage }]) => usage.secondNo),
      pgArray('integer', changed, ([, { usage }]) => usage.callsInSecond),
      pgArray('integer', changed, ([, { usage }]) => usage.hourNo),
      pgArray('bigint', changed, ([, { usage }]) => usage.spentInHourNanos),
      pgArray('integer', changed, ([, { usage }]) => usage.dayNo),
      pgArray('bigint', changed, ([, { usage }]) => usage.spentInDayNanos),
    ];
  }

  /** How many accounts changed. */
  get changedCount(): number {
    return this.#changed().length;
  }

  #changed(): [string, Entry][] {
    return [...this.#entries].filter(([, entry]) => entry.changed);
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
    usage: {
      openCalls: row.open_calls,
      secondNo: Number(row.second_no),
      callsInSecond: row.calls_in_second,
      hourNo: row.hour_no,
      spentInHourNanos: row.spent_in_hour,
      dayNo: row.day_no,
      spentInDayNanos: row.spent_in_day,
    },
    changed: false,
  };
}
