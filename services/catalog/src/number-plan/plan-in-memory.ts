import { present } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { inSlices } from '../in-slices.ts';
import { KnownPrefixes } from './known-prefixes.ts';
import { type Place, Places } from './places.ts';

/** The number plan as imports need it, read again when any instance has loaded another. */
export class PlanInMemory {
  readonly #sql: Sql;
  #revision: bigint | undefined;
  #known: Promise<KnownPrefixes> | undefined;
  #places: { readonly known: KnownPrefixes; readonly places: Places } | undefined;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The plan as it stands. Whoever asks while it is read waits for that reading; one that failed is begun again. */
  async known(): Promise<KnownPrefixes> {
    const [row] = await this.#sql.query<{ revision: bigint }>('select revision from number_plan');
    const { revision } = present(row, 'the revision of the number plan');
    if (this.#known !== undefined && revision === this.#revision) return await this.#known;
    const reading = this.#read();
    this.#revision = revision;
    this.#known = reading;
    reading.catch(() => {
      if (this.#known === reading) this.#known = undefined;
    });
    return await reading;
  }

  /** The places of the plan as it stands; read when they are first wanted. */
  async places(): Promise<Places> {
    const known = await this.known();
    if (this.#places?.known === known) return this.#places.places;
    const rows = await this.#sql.query<Place & { prefix: string }>(
      `select prefix, countrycode as "countryCode", countryname as "countryName", subcode from countryprefix join country using (countrycode)`,
    );
    const places = await inSlices(Places.of(rows));
    this.#places = { known, places };
    return places;
  }

  async #read(): Promise<KnownPrefixes> {
    // In digit order already, because sorting them here would hold up other requests.
    const rows = await this.#sql.query<{ id: number; prefix: string }>('select countryprefixid as id, prefix from countryprefix order by prefix collate "C"');
    return await inSlices(KnownPrefixes.of(new Map(rows.map(({ id, prefix }) => [prefix, id]))));
  }
}
