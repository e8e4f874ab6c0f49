import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { serverUrl, uniqueName } from './servers.ts';

/** A database of a suite's own. */
export interface TestDatabase {
  readonly name: string;
  /** As the application: the administrator, or with `leastPrivilege` a role that owns nothing. */
  readonly url: string;
  /** As the owner, who may migrate. */
  readonly ownerUrl: string;
  /** The role that `url` connects as, for the `:app` of a service's grants. */
  readonly appRole: string;
  /** Removes the database and its roles, and ends whatever is still connected. */
  drop(): Promise<void>;
}

/** How the database is made. */
export interface TestDatabaseOptions {
  /** Makes an owner role and an application role as production has them, instead of using the administrator. */
  readonly leastPrivilege?: boolean;
}

/** A fresh, empty database on the server of `TOLLWIRE_TEST_PG_URL`; fails with one sentence when that is unset. */
export async function testDatabase(name: string, options: TestDatabaseOptions = {}): Promise<TestDatabase> {
  const adminUrl = serverUrl('TOLLWIRE_TEST_PG_URL');
  const database = uniqueName(name);
  const roles = options.leastPrivilege === true ? [roleOf(`${database}_owner`), roleOf(`${database}_app`)] : [];
  const [owner, app] = roles;
  await asAdmin(adminUrl, [
    ...roles.map((role) => `CREATE ROLE ${role.name} LOGIN PASSWORD '${role.password}'`),
    `CREATE DATABASE ${database}${owner === undefined ? '' : ` OWNER ${owner.name}`}`,
    ...(app === undefined ? [] : [`REVOKE TEMPORARY ON DATABASE ${database} FROM PUBLIC`]),
  ]);
  return {
    name: database,
    url: urlFor(adminUrl, database, app),
    ownerUrl: urlFor(adminUrl, database, owner),
    appRole: app?.name ?? new URL(adminUrl).username,
    drop: () =>
      asAdmin(adminUrl, [
        `DROP DATABASE IF EXISTS ${database} WITH (FORCE)`,
        ...roles.map((role) => `DROP ROLE IF EXISTS ${role.name}`),
      ]),
  };
}

interface Role {
  readonly name: string;
  readonly password: string;
}

function roleOf(name: string): Role {
  return { name, password: randomBytes(12).toString('hex') };
}

function urlFor(adminUrl: string, database: string, role: Role | undefined): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (role !== undefined) [url.username, url.password] = [role.name, role.password];
  return url.toString();
}

async function asAdmin(url: string, statements: readonly string[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
