import { testDatabase } from '@tollwire/testing';
import pg from 'pg';
import { Database, eventStoreGrants, eventStoreMigrations } from '../index.ts';

/** A database with the event store in it, used as production uses it: made by an owner, run by a role with few rights. */
export interface Bed {
  readonly url: string;
  readonly ownerUrl: string;
  readonly database: Database;
  /** Another pool on the same database, as another instance of the service has one; the bed closes it. */
  another(applicationName?: string): Promise<Database>;
  asOwner(statement: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes a bed; `tables` are the suite's own, and its role may do all with them. */
export async function openBed(name: string, tables: readonly string[] = []): Promise<Bed> {
  const made = await testDatabase(name, { leastPrivilege: true });
  const asOwner = (statement: string) => runOnce(made.ownerUrl, [statement]);
  await runOnce(made.ownerUrl, [
    ...eventStoreMigrations,
    ...eventStoreGrants.map((grant) => grant.replaceAll(':app', made.appRole)),
    ...tables,
    `GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO ${made.appRole}`,
    `REVOKE UPDATE, DELETE ON event FROM ${made.appRole}`,
  ]);
  const pools: Database[] = [];
  const another = async (applicationName = name) => {
    const pool = await Database.connect({ url: made.url, applicationName });
    pools.push(pool);
    return pool;
  };
  return {
    url: made.url,
    ownerUrl: made.ownerUrl,
    database: await another(),
    another,
    asOwner,
    async close() {
      await Promise.all(pools.map((pool) => pool.close()));
      await made.drop();
    },
  };
}

async function runOnce(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
