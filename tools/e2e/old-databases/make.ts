/**
 * Writes `<service>-v1.sql`: the schema as the first version's migrations made it, which is what stands in databases
 * that were set up then. Run once, when a version is released, and never for one that is out:
 *
 *     node --conditions=tollwire-source tools/e2e/old-databases/make.ts
 *
 * The rows beside it (`<service>-v1.rows.sql`) are written by hand, as that version's services would have written them.
 */
import { globSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Migration } from '@mikro-orm/migrations';
import { openOrm } from '../../../libs/platform/src/orm.ts';
import { root } from '../../cli/project.ts';

/** How many migrations each service had in its first version. */
const firstVersion = { card: 3, catalog: 2, cdr: 2, edge: 1, rating: 2, routing: 2 } as const;

/** MikroORM's own table of what has been run. */
const journal = `create table mikro_orm_migrations (
  id serial primary key,
  name varchar(255) not null,
  executed_at timestamptz(6) not null default current_timestamp(6)
)`;

async function schemaOf(files: readonly string[]): Promise<string> {
  // Nothing is connected to: the driver is only needed to make a migration.
  const orm = await openOrm('postgres://nobody@127.0.0.1:1/nowhere', { entities: [], migrations: [], grants: [] });
  const statements = [journal];
  for (const file of files) {
    const module: unknown = await import(pathToFileURL(file).href);
    const [Each] = Object.values(module ?? {}).filter(isMigration);
    if (Each === undefined) throw new Error(`${file} exports no migration`);
    const migration = new Each(orm.em.getDriver(), orm.config);
    await migration.up();
    statements.push(...migration.getQueries().map(String), `insert into mikro_orm_migrations (name) values ('${basename(file, '.ts')}')`);
  }
  await orm.close();
  return statements.map((statement) => `${statement.split('\n').map((line) => line.trimEnd()).join('\n').trim()};\n`).join('\n');
}

type AnyMigration = new (...args: ConstructorParameters<typeof Migration>) => Migration;

function isMigration(value: unknown): value is AnyMigration {
  return typeof value === 'function' && value.prototype instanceof Migration;
}

for (const [service, count] of Object.entries(firstVersion)) {
  const files = globSync(`services/${service}/src/migrations/Migration*.ts`, { cwd: root }).sort().slice(0, count);
  const head = `-- The database of ${service} as its first version made it. Written by tools/e2e/old-databases/make.ts; never changed since.\n\n`;
  writeFileSync(join(import.meta.dirname, `${service}-v1.sql`), head + (await schemaOf(files.map((file) => join(root, file)))));
}
