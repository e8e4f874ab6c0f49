import pg from 'pg';
import { serviceNames } from '../cli/project.ts';
import type { ServiceName } from '../cli/project.ts';
import type { Secrets } from './secrets.ts';

/** The database and the two roles of a service. The prefix keeps tests apart from what a server holds for good. */
export function databaseOf(service: ServiceName, prefix = 'tollwire'): { database: string; owner: string; app: string } {
  const database = `${prefix}_${service}`;
  return { database, owner: `${database}_owner`, app: `${database}_app` };
}

/** The address of a service's database for its owner (migrations) or its application role (rows only). */
export function databaseUrl(adminUrl: string, service: ServiceName, role: 'owner' | 'app', secrets: Secrets, prefix?: string): string {
  const url = new URL(adminUrl);
  const names = databaseOf(service, prefix);
  url.pathname = `/${names.database}`;
  url.username = names[role];
  url.password = secrets[role][service];
  return url.toString();
}

/** Makes each service's database and roles where they are missing, and sets the roles' passwords to the present ones. */
export async function provisionDatabases(adminUrl: string, secrets: Secrets, prefix?: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    for (const service of serviceNames) await provision(admin, service, secrets, prefix);
  } finally {
    await admin.end();
  }
}

async function provision(admin: pg.Client, service: ServiceName, secrets: Secrets, prefix?: string): Promise<void> {
  const { database, owner, app } = databaseOf(service, prefix);
  const passwords = [
    [owner, secrets.owner[service]],
    [app, secrets.app[service]],
  ] as const;
  for (const [role, password] of passwords) {
    const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role]);
    const verb = rowCount === 0 ? 'CREATE' : 'ALTER';
    await admin.query(`${verb} ROLE ${admin.escapeIdentifier(role)} LOGIN PASSWORD ${admin.escapeLiteral(password)}`);
  }
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [database]);
  if (rowCount === 0) await admin.query(`CREATE DATABASE ${database} OWNER ${owner}`);
  // Since PostgreSQL 15 nobody but the owner may create in `public`; the rest is taken away here.
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`);
  await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${app}`);
}
