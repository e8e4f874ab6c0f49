import type { Sql } from '@tollwire/event-store';
import { present } from '@tollwire/core';
import { KnownPrefixes } from './known-prefixes.ts';

/** The number plan as imports need it, read again when any instance has loaded another. */
export class PlanInMemory {
  readonly #sql: Sql;
  #revision: bigint | undefined;
  #known = new KnownPrefixes(new Map());

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  async known(): Promise<KnownPrefixes> {
    const [row] = await this.#sql.query<{ revision: bigint }>('select revision from number_plan');
    const { revision } = present(row, 'the revision of the number plan');
    if (revision === this.#revision) return this.#known;
    const rows = await this.#sql.query<{ id: number; prefix: string }>('select countryprefixid as id, prefix from countryprefix');
    this.#known = new KnownPrefixes(new Map(rows.map(({ id, prefix }) => [prefix, id])));
    this.#revision = revision;
    return this.#known;
  }
}
