import pg from 'pg';
import { connectionConfig, type ConnectionPool, type DatabaseOptions, DedicatedConnection, runQuery } from './connection.ts';
import { PreparedNames } from './prepared-names.ts';
import type { Sql } from './sql.ts';
import { Transaction, type TransactionOptions } from './transaction.ts';

/** A pool of connections to one PostgreSQL database. */
export class Database implements Sql {
  readonly #options: DatabaseOptions;
  readonly #pool: ConnectionPool;
  readonly #names = new PreparedNames();

  private constructor(options: DatabaseOptions, pool: ConnectionPool) {
    this.#options = options;
    this.#pool = pool;
  }

  /** Over connections that somebody else makes, such as those of a simulation; `options` are for `dedicated` only. */
  static over(pool: ConnectionPool, options: DatabaseOptions): Database {
    return new Database(options, pool);
  }

  /** Opens the pool and proves with one statement that the database answers. */
  static async connect(options: DatabaseOptions): Promise<Database> {
    const database = new Database(options, poolOf(options));
    try {
      await database.query('SELECT 1');
      return database;
    } catch (error) {
      await database.close();
      throw error;
    }
  }

  /** One statement in a transaction of its own. */
  async query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]> {
    return await runQuery(this.#pool, this.#names, text, params);
  }

  /**
   * Runs `work` on one connection, where statements that do not wait for each other travel together: one trip for
   * several, and one process of the server woken. Each is a transaction of its own.
   */
  async together<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await this.#pool.connect();
    try {
      const value = await work({ query: (text, params) => runQuery(client, this.#names, text, params) });
      client.release();
      return value;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /**
   * Runs `work` in one READ COMMITTED transaction; resolves after COMMIT, rolls back and rethrows when `work` throws.
   * Never tries again by itself: see isTransient. Rejects, too, when a statement had failed and `work` went on: such
   * a transaction cannot commit. Keep it short, and wait for nothing but the database in it.
   */
  async transaction<T>(work: (tx: Sql) => Promise<T>, options: TransactionOptions = {}): Promise<T> {
    const client = await this.#pool.connect();
    const transaction = new Transaction(client, this.#names);
    try {
      const value = await transaction.run(work, options);
      client.release();
      return value;
    } catch (error) {
      client.release(transaction.broken);
      throw error;
    }
  }

  /** A connection outside of the pool, for what is bound to a session; the caller closes it. */
  dedicated(): Promise<DedicatedConnection> {
    return DedicatedConnection.open(this.#options, this.#names);
  }

  /** Waits for what is running, then closes every connection of the pool. */
  async close(): Promise<void> {
    await this.#pool.end();
  }
}

function poolOf(options: DatabaseOptions): pg.Pool {
  const onError = options.onError ?? (() => undefined);
  const pool = new pg.Pool({ ...connectionConfig(options), max: options.poolMax ?? 10 });
  pool.on('error', onError);
  // A connection lost while it is checked out speaks through its own emitter, and would end the process unheard.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
