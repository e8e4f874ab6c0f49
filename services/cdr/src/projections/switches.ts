import { isIP } from 'node:net';
import { present } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';

const findSql = 'SELECT id, name FROM voip_switch WHERE name = ANY($1::text[])';
const registerSql = `
  INSERT INTO voip_switch (name, ipaddress) SELECT * FROM unnest($1::text[], $2::inet[])
  ON CONFLICT DO NOTHING
  RETURNING id, name`;

interface SwitchRow {
  readonly id: number;
  readonly name: string;
}

/**
 * The numbers of switches. A switch is registered when it is seen first; one that is named by its address has that
 * address too. Only what a committed transaction registered is remembered between batches.
 */
export class Switches {
  readonly #known = new Map<string, number>();

  /** Which of these names are registered, by anybody. */
  async registeredAmong(tx: Sql, names: Iterable<string>): Promise<ReadonlySet<string>> {
    const wanted = new Set(names);
    const unknown = [...wanted].filter((name) => !this.#known.has(name)).sort();
    if (unknown.length > 0) await this.#remember(tx, unknown);
    return new Set([...wanted].filter((name) => this.#known.has(name)));
  }

  /** The number of every name, in the caller's transaction. */
  async idsOf(tx: Sql, names: Iterable<string>): Promise<ReadonlyMap<string, number>> {
    const wanted = new Set(names);
    const unknown = [...wanted].filter((name) => !this.#known.has(name)).sort();
    // Read before anything is registered here, so that what is remembered does not vanish with a rollback.
    if (unknown.length > 0) await this.#remember(tx, unknown);
    const missing = unknown.filter((name) => !this.#known.has(name));
    const registered = missing.length === 0 ? new Map<string, number>() : await register(tx, missing);
    return new Map([...wanted].map((name) => [name, present(this.#known.get(name) ?? registered.get(name), `switch ${name}`)]));
  }

  async #remember(tx: Sql, names: readonly string[]): Promise<void> {
    for (const { id, name } of await tx.query<SwitchRow>(findSql, [names])) this.#known.set(name, id);
  }
}

async function register(tx: Sql, names: readonly string[]): Promise<Map<string, number>> {
  const addresses = names.map((name) => (isIP(name) === 0 ? null : name));
  const mine = await tx.query<SwitchRow>(registerSql, [names, addresses]);
  // Another instance may have been first; its row is committed by now, because the insert waited for it.
  const all = mine.length === names.length ? mine : await tx.query<SwitchRow>(findSql, [names]);
  return new Map(all.map(({ id, name }) => [name, id]));
}
