import type { Sql } from '@tollwire/event-store';

/** Every party and plan that anything was ever granted to, in memory: who is not among them costs no further statement. */
export class AllowanceTargets {
  readonly #keys = new Set<string>();
  #number = 0n;

  /**
   * Takes in the grants made since the last time; one short statement where there are none. Grants become visible in the
   * order of their numbers, so none is left out, and a transaction that refreshes first uses every grant that was made
   * before it.
   */
  async refresh(sql: Sql): Promise<void> {
    const [revision] = await sql.query<{ number: bigint }>('select number from allowance_revision');
    const number = revision?.number ?? 0n;
    if (number === this.#number) return;
    const rows = await sql.query<{ target_key: string }>('select distinct target_key from allowance_grant where number > $1', [this.#number]);
    for (const { target_key: key } of rows) this.#keys.add(key);
    // Another refresh may have come further meanwhile.
    if (number > this.#number) this.#number = number;
  }

  /** Whether nobody was ever granted anything. */
  get isEmpty(): boolean {
    return this.#keys.size === 0;
  }

  /** Whether a party, or all who pay by a plan, were ever granted anything, as far as the last refresh has seen. */
  has(key: string): boolean {
    return this.#keys.has(key);
  }
}
