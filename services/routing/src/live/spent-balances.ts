import type { Sql } from '@tollwire/event-store';
import type { Carrier } from '../domain/carriers.ts';
import { readSpent } from '../projections/spent-table.ts';

/** What calls have used up of the balances of carriers, as it was when it was last read. */
export class SpentBalances {
  readonly #sql: Sql;
  #spent: ReadonlyMap<string, bigint> = new Map();

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** Nothing is asked where no carrier has a balance. */
  async refresh(carriers: readonly Carrier[]): Promise<void> {
    if (!carriers.some(({ balance }) => balance !== undefined)) return;
    this.#spent = new Map((await readSpent(this.#sql)).map(({ carrierCode, sinceUs, nanos }) => [`${sinceUs} ${carrierCode}`, nanos]));
  }

  spentNanos(carrierCode: string, sinceUs: number): bigint {
    return this.#spent.get(`${sinceUs} ${carrierCode}`) ?? 0n;
  }
}
