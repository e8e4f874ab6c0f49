import type { Constructor, EntitySchema } from '@mikro-orm/core';
import { type Migration, Migrator } from '@mikro-orm/migrations';
import { MikroORM } from '@mikro-orm/postgresql';

/** What a service keeps in its database: entities for ordinary queries, migrations, and what its role may do. */
export interface Schema {
  readonly entities: readonly EntitySchema[];
  readonly migrations: readonly Constructor<Migration>[];
  /** Statements that give the service's role its rights; `:app` stands for the role. */
  readonly grants: readonly string[];
}

/** Opens the ORM on a service's database. Entities are read, never written, outside of a transaction of their own. */
export function openOrm(url: string, schema: Schema): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: url,
    entities: [...schema.entities],
    extensions: [Migrator],
    migrations: { migrationsList: [...schema.migrations], snapshot: false, transactional: true, allOrNothing: true },
    discovery: { warnWhenNoEntities: false },
    forceUtcTimezone: true,
    allowGlobalContext: false,
    pool: { min: 0, max: 4 },
    debug: false,
    // What the migrator says of itself is no news to an operator; a failure is thrown.
    logger: () => undefined,
  });
}

/** One number for all services: they share no database, so they never wait for each other by it. */
const migrationLock = 7_041_964;

/**
 * Brings the database to the service's schema and grants its role its rights. Run twice, or by several instances
 * at once, it happens once: the others wait for the lock and find nothing left to do.
 */
export async function migrate(ownerUrl: string, appRole: string, schema: Schema): Promise<void> {
  const orm = await openOrm(ownerUrl, schema);
  try {
    await orm.em.fork().transactional(async (em) => {
      await em.getConnection().execute(`select pg_advisory_xact_lock(${migrationLock})`, [], 'all', em.getTransactionContext());
      await orm.migrator.up();
      for (const grant of schema.grants) await em.getConnection().execute(grant.replaceAll(':app', quoteIdentifier(appRole)), [], 'run', em.getTransactionContext());
    });
  } finally {
    await orm.close();
  }
}

function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
