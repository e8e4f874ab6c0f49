import pg from 'pg';
import { connectionConfig, type ConnectionPool, type DatabaseOptions, DedicatedConnection, type PooledConnection, runQuery } from './connection.ts';
import { PreparedNames } from './prepared-names.ts';
import type { Sql } from './sql.ts';
import { Transaction } from './transaction.ts';

/** How statements are to be planned. */
export interface StatementOptions {
  /**
   * They find rows by their keys, a batch at a time. A statement that is prepared while its table is new and
   * empty is planned to read the whole of it, and keeps that plan until statistics are gathered, a minute later at the
   * earliest: under load from a cold start, every batch then reads all the rows there are. So here an index is taken
   * wherever there is one.
   */
  readonly byKey?: boolean;
}

/** A pool of connections to one PostgreSQL database. */
export class Database implements Sql {
  readonly #options: DatabaseOptions;
  readonly #pool: ConnectionPool;
  readonly #names = new PreparedNames();
  /** Connections that were told last to go by keys: most are lent for the same again, so few have to be told. */
  readonly #goingByKey = new WeakSet<PooledConnection>();

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
  async query<Row>(text: string, params?: readonly unknown[], how: StatementOptions = {}): Promise<Row[]> {
    return await this.#lent(how, (client) => runQuery<Row>(client, this.#names, text, params), wasAnswered);
  }

  /**
   * Runs `work` on one connection, where statements that do not wait for each other travel together: one trip for
   * several, and one process of the server woken. Each is a transaction of its own.
   */
  async together<T>(work: (sql: Sql) => Promise<T>, how: StatementOptions = {}): Promise<T> {
    return await this.#lent(how, (client) => work({ query: (text, params) => runQuery(client, this.#names, text, params) }));
  }

  /**
   * Runs `work` in one READ COMMITTED transaction; resolves after COMMIT, rolls back and rethrows when `work` throws.
   * Never tries again by itself: see isTransient. Rejects, too, when a statement had failed and `work` went on: such
   * a transaction cannot commit. Keep it short, and wait for nothing but the database in it.
   */
  async transaction<T>(work: (tx: Sql) => Promise<T>, how: StatementOptions = {}): Promise<T> {
    const client = await this.#connected(how);
    const transaction = new Transaction(client, this.#names);
    try {
      const value = await transaction.run(work);
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

  /** Lends a connection to work that begins no transaction, and gives it up where the work failed, unless it is known to be as good as before. */
  async #lent<T>(how: StatementOptions, work: (client: PooledConnection) => Promise<T>, isSoundAfter: (error: unknown) => boolean = () => false): Promise<T> {
    const client = await this.#connected(how);
    try {
      const value = await work(client);
      client.release();
      return value;
    } catch (error) {
      client.release(!isSoundAfter(error));
      throw error;
    }
  }

  /** A connection that plans as it is wanted to. What it is told travels with the first statement that it is lent for. */
  async #connected({ byKey = false }: StatementOptions): Promise<PooledConnection> {
    const client = await this.#pool.connect();
    if (this.#goingByKey.has(client) === byKey) return client;
    // Where this fails the connection is gone, as the statement behind it will tell.
    client.query(`SET enable_seqscan = ${byKey ? 'off' : 'on'}`).catch(() => undefined);
    if (byKey) this.#goingByKey.add(client);
    else this.#goingByKey.delete(client);
    return client;
  }
}

/** Whether the server itself told why a statement failed that travelled alone: its connection is as good as before. */
function wasAnswered(error: unknown): boolean {
  return error instanceof pg.DatabaseError && error.severity === 'ERROR';
}

function poolOf(options: DatabaseOptions): pg.Pool {
  const onError = options.onError ?? (() => undefined);
  const pool = new pg.Pool({ ...connectionConfig(options), max: options.poolMax ?? 10 });
  pool.on('error', onError);
  // A connection lost while it is checked out speaks through its own emitter, and would end the process unheard.
  pool.on('connect', (client) => client.on('error', onError));
  return pool;
}
