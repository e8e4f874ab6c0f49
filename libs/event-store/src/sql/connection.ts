import pg from 'pg';
import type { PreparedNames } from './prepared-names.ts';
import type { Sql } from './sql.ts';
import { storedAs } from './stored-as.ts';
import { TurnSocket } from './turn-socket.ts';
import { typeParsers } from './type-parsers.ts';

/** Where the database is and how it is used. */
export interface DatabaseOptions {
  /** `postgres://user:password@host:port/database` */
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Most connections at once, 1 or more. Default 10. */
  readonly poolMax?: number;
  /**
   * A transaction left idle this long is ended by the server: one that stays open holds the gate of every reader in
   * the cluster. Default 10,000 ms.
   */
  readonly idleInTransactionMs?: number;
  /** Told of errors on connections that nobody is using at that moment. */
  readonly onError?: (error: Error) => void;
}

/** A statement as a connection is given it; one with a name is prepared under it. */
export interface Statement {
  readonly text: string;
  readonly name?: string;
  readonly values?: unknown[];
}

/** What is asked of a connection: as much of `pg` as is used here, so that a simulation can stand in for it. */
export interface Connection {
  query(statement: Statement | string): Promise<{ rows: unknown[]; command: string }>;
}

/** A connection that is taken out of a pool, and given back or, where its state is not known, destroyed. */
export interface PooledConnection extends Connection {
  release(destroy?: boolean): void;
}

/** Where connections come from. */
export interface ConnectionPool extends Connection {
  connect(): Promise<PooledConnection>;
  end(): Promise<void>;
}

/** What `pg` is told of every connection. `pipeline` sends a statement without waiting for the answer to the last. */
export function connectionConfig(options: DatabaseOptions): pg.PoolConfig {
  const pipelined = { pipeline: true };
  return {
    ...pipelined,
    connectionString: options.url,
    application_name: options.applicationName,
    idle_in_transaction_session_timeout: options.idleInTransactionMs ?? 10_000,
    connectionTimeoutMillis: 10_000,
    keepAlive: true,
    stream: () => new TurnSocket(),
    types: typeParsers,
  };
}

/** Runs one statement on one connection, prepared where it comes back. */
export async function runQuery<Row>(
  client: Connection,
  names: PreparedNames,
  text: string,
  params: readonly unknown[] | undefined,
): Promise<Row[]> {
  const name = params === undefined ? undefined : names.nameOf(text);
  const result = await client.query({ text, ...(name && { name }), ...(params && { values: [...params] }) });
  return storedAs(result.rows);
}

/** One connection kept for a purpose (a session lock, a listener), outside of the pool. */
export class DedicatedConnection implements Sql {
  readonly #client: pg.Client;
  readonly #names: PreparedNames;
  #alive = true;

  private constructor(client: pg.Client, names: PreparedNames, onError: (error: Error) => void) {
    this.#client = client;
    this.#names = names;
    client.on('error', (error: Error) => {
      this.#alive = false;
      onError(error);
    });
    client.on('end', () => {
      this.#alive = false;
    });
  }

  static async open(options: DatabaseOptions, names: PreparedNames): Promise<DedicatedConnection> {
    const client = new pg.Client(connectionConfig(options));
    const connection = new DedicatedConnection(client, names, options.onError ?? (() => undefined));
    await client.connect();
    return connection;
  }

  /** False from the moment that the connection is known to be lost; what its session held is then gone. */
  get alive(): boolean {
    return this.#alive;
  }

  query<Row>(text: string, params?: readonly unknown[]): Promise<Row[]> {
    return runQuery(this.#client, this.#names, text, params);
  }

  /** Ends the session; its locks go with it. */
  async close(): Promise<void> {
    this.#alive = false;
    await this.#client.end();
  }
}
