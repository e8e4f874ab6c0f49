import { assert } from '@tollwire/core';
import { type Connection, runQuery } from './connection.ts';
import type { PreparedNames } from './prepared-names.ts';
import type { Sql } from './sql.ts';

/** One transaction on one connection. */
export class Transaction implements Sql {
  readonly #client: Connection;
  readonly #names: PreparedNames;
  #open = true;
  #broken = false;

  constructor(client: Connection, names: PreparedNames) {
    this.#client = client;
    this.#names = names;
  }

  /** Whether the connection is in an unknown state and must not be used again. */
  get broken(): boolean {
    return this.#broken;
  }

  async query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]> {
    assert(this.#open, 'a transaction is used only inside of its work');
    return await runQuery(this.#client, this.#names, text, params);
  }

  /** BEGIN travels with the first statement of `work`, so it costs no round trip. */
  async run<T>(work: (tx: Sql) => Promise<T>): Promise<T> {
    const [begun, worked] = await Promise.allSettled([this.#client.query('BEGIN'), settled(() => work(this))]);
    this.#open = false;
    if (begun.status === 'rejected') return await this.#rollBack(begun.reason);
    if (worked.status === 'rejected') return await this.#rollBack(worked.reason);
    await this.#commit();
    return worked.value;
  }

  async #commit(): Promise<void> {
    try {
      const { command } = await this.#client.query('COMMIT');
      // PostgreSQL answers COMMIT of a failed transaction with ROLLBACK, and calls that a success.
      if (command !== 'COMMIT') throw new Error(`The transaction was not committed but ended by ${command}: a statement in it had failed`);
    } catch (error) {
      this.#broken = true;
      throw error;
    }
  }

  async #rollBack(reason: unknown): Promise<never> {
    try {
      await this.#client.query('ROLLBACK');
    } catch {
      // The first error says more than the lost connection that it left behind; the connection is given up.
      this.#broken = true;
    }
    throw reason;
  }
}

/** A promise even of work that throws before its first await. */
async function settled<T>(work: () => Promise<T>): Promise<T> {
  return await work();
}
