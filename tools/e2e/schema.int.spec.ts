import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { migrate, type Schema } from '@tollwire/platform';
import { testDatabase, type TestDatabase } from '@tollwire/testing';
import pg from 'pg';
import { cardFlow } from '../../services/card/src/card.flow.ts';
import { catalogFlow } from '../../services/catalog/src/catalog.flow.ts';
import { cdrFlow } from '../../services/cdr/src/cdr.flow.ts';
import { edgeFlow } from '../../services/edge/src/edge.flow.ts';
import { ratingFlow } from '../../services/rating/src/rating.flow.ts';
import { routingFlow } from '../../services/routing/src/routing.flow.ts';
import { serviceNames, type ServiceName } from '../cli/project.ts';
import { type DocumentedTable, documentedTables } from '../docs/documented-tables.ts';

// Twelve databases are made and migrated.
jest.setTimeout(60_000);

const schemas: Readonly<Record<ServiceName, Schema>> = {
  card: cardFlow.schema, catalog: catalogFlow.schema, cdr: cdrFlow.schema, edge: edgeFlow.schema, rating: ratingFlow.schema, routing: routingFlow.schema,
};

/** A service's database, looked at by the owner of its tables. */
class Looked {
  readonly service: ServiceName;
  readonly database: TestDatabase;
  readonly #owner: pg.Client;

  private constructor(service: ServiceName, database: TestDatabase, owner: pg.Client) {
    this.service = service;
    this.database = database;
    this.#owner = owner;
  }

  static async empty(service: ServiceName): Promise<Looked> {
    const database = await testDatabase(`schema-${service}`, { leastPrivilege: true });
    const owner = new pg.Client({ connectionString: database.ownerUrl });
    await owner.connect();
    return new Looked(service, database, owner);
  }

  async query<Row extends pg.QueryResultRow>(text: string, params: unknown[] = []): Promise<Row[]> {
    return (await this.#owner.query<Row>(text, params)).rows;
  }

  migrate(): Promise<void> {
    return migrate(this.database.ownerUrl, this.database.appRole, schemas[this.service]);
  }

  /** Runs a file of `old-databases`. */
  async run(file: string): Promise<void> {
    await this.#owner.query(readFileSync(join(import.meta.dirname, 'old-databases', file), 'utf8'));
  }

  async drop(): Promise<void> {
    await this.#owner.end();
    await this.database.drop();
  }
}

const fresh = new Map<ServiceName, Looked>();
const freshOf = (service: ServiceName) => {
  const looked = fresh.get(service);
  if (looked === undefined) throw new Error(`${service} has no database yet`);
  return looked;
};

beforeAll(async () => {
  for (const service of serviceNames) {
    const looked = await Looked.empty(service);
    fresh.set(service, looked);
    await looked.migrate();
  }
});
afterAll(async () => {
  for (const looked of fresh.values()) await looked.drop();
});

const tablesOf = async (looked: Looked) => (await looked.query<{ table_name: string }>(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'`)).map((row) => row.table_name);

/** A foreign key or primary key as `table(column) → table(column)`. */
const constraints = `
  SELECT conrelid::regclass || '(' || columns_of(conrelid, conkey) || ')' || coalesce(' → ' || nullif(confrelid, 0)::regclass || '(' || columns_of(confrelid, confkey) || ')', '') AS said
  FROM pg_constraint WHERE contype = $1 AND connamespace = 'public'::regnamespace`;
const columnsOf = `
  CREATE FUNCTION pg_temp.columns_of(relation oid, keys smallint[]) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(attname, ', ' ORDER BY array_position(keys, attnum)) FROM pg_attribute WHERE attrelid = relation AND attnum = ANY (keys) $$`;
async function constraintsOf(looked: Looked, type: 'p' | 'f'): Promise<string[]> {
  await looked.query(columnsOf.replace('CREATE', 'CREATE OR REPLACE'));
  const rows = await looked.query<{ said: string }>(constraints.replaceAll('columns_of', 'pg_temp.columns_of'), [type]);
  return rows.map(({ said }) => said.replaceAll('"', ''));
}

describe('the documented tables', () => {
  it.each(documentedTables)('$documented is $service.$table, with every documented column', async ({ service, table, columns }) => {
    const rows = await freshOf(service).query<{ column_name: string }>('SELECT column_name FROM information_schema.columns WHERE table_name = $1', [table]);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.map((row) => row.column_name)).toEqual(expect.arrayContaining(columns.map(({ column }) => column)));
  });

  it.each(documentedTables)('$documented has its primary key', async ({ service, table, rowsIn = table, key }) => {
    expect(await constraintsOf(freshOf(service), 'p')).toContain(`${rowsIn}(${key.join(', ')})`);
  });

  const rowsOf = (documented: string) => {
    const found = documentedTables.find(({ table }) => table === documented);
    return { service: found?.service, rows: found?.rowsIn ?? found?.table };
  };
  const references = documentedTables.flatMap(({ service, table, rowsIn = table, columns }) =>
    columns.flatMap(({ column, references: to = '' }) => {
      const [target = '', targetColumn = ''] = to.split('.');
      const owner = rowsOf(target);
      return to !== '' && (owner.service ?? service) === service ? [{ service, said: `${rowsIn}(${column}) → ${owner.rows ?? target}(${targetColumn})` }] : [];
    }),
  );

  it.each(references)('$service keeps the documented reference $said', async ({ service, said }) => {
    expect(await constraintsOf(freshOf(service), 'f')).toContain(said);
  });

  it('are as many references as the documents have inside of one service', () => {
    expect(references).toHaveLength(25);
  });

  it.each(documentedTables)('$documented is in no other service', async ({ service, table }: DocumentedTable) => {
    for (const other of serviceNames.filter((name) => name !== service)) expect(await tablesOf(freshOf(other))).not.toContain(table);
  });

  it('are owned, like all others, by one service: only the libraries keep tables of one name in several', async () => {
    const holders = new Map<string, ServiceName[]>();
    for (const looked of fresh.values()) for (const table of await tablesOf(looked)) holders.set(table, [...(holders.get(table) ?? []), looked.service]);
    const shared = [...holders].filter(([, services]) => services.length > 1).map(([table]) => table).sort();
    const eventStore = ['dead_letter', 'event', 'inbox', 'inbox_consumer', 'outbox', 'outbox_pending', 'outbox_published', 'projection_checkpoint'];
    const rateDecks = ['deck_activation', 'deck_chunk', 'plan_fact', 'replica_revision'];
    // Which code belongs to which customer: card's, and what cdr has learned of it.
    expect(shared).toEqual(['account_code', ...eventStore, ...rateDecks, 'mikro_orm_migrations'].sort());
  });

  it('keep card ids as text, in which leading zeros count', async () => {
    const text = `SELECT table_name, data_type FROM information_schema.columns WHERE column_name = 'cardid' AND table_schema = 'public'
      AND NOT (SELECT relispartition FROM pg_class WHERE oid = table_name::regclass) ORDER BY 1`;
    const types = [...(await freshOf('card').query(text)), ...(await freshOf('cdr').query(text))];
    expect(types).toEqual(['broken_credit', 'card', 'card_pin', 'card_state', 'cid', 'order', 'sale', 'call', 'call_past'].map((name) => ({ table_name: name, data_type: 'text' })));
  });

  it('begin with the own company and with the dummy caller', async () => {
    expect(await freshOf('card').query('SELECT resellerid, username FROM reseller')).toEqual([{ resellerid: 1, username: 'own company' }]);
    expect(await freshOf('card').query('SELECT cidid, cid, resellerid FROM cid')).toEqual([{ cidid: 1, cid: null, resellerid: 1 }]);
  });
});

/** Everything that a service's code can notice of its database. */
async function shapeOf(looked: Looked): Promise<Record<string, unknown>> {
  const all = async (text: string, params: unknown[] = []) => (await looked.query<{ said: string }>(`SELECT said FROM (${text}) AS s (said) ORDER BY said`, params)).map(({ said }) => said);
  return {
    columns: await all(`SELECT concat_ws(' ', c.table_name, c.column_name, c.data_type, c.is_nullable, c.column_default, c.is_identity, c.generation_expression, c.collation_name)
      FROM information_schema.columns c WHERE c.table_schema = 'public'`),
    constraints: await all(`SELECT conrelid::regclass || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace`),
    indexes: await all(`SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'`),
    sequences: await all(`SELECT concat_ws(' ', sequencename, data_type, start_value, increment_by, cycle) FROM pg_sequences WHERE schemaname = 'public'`),
    views: await all(`SELECT viewname || ' ' || definition FROM pg_views WHERE schemaname = 'public'`),
    functions: await all(`SELECT regexp_replace(pg_get_functiondef(oid), '\\s+', ' ', 'g') FROM pg_proc WHERE pronamespace = 'public'::regnamespace`),
    rights: await all(`SELECT concat_ws(' ', table_name, privilege_type) FROM information_schema.role_table_grants WHERE grantee = $1`, [looked.database.appRole]),
  };
}

/** Every row of every table, as JSON. */
async function rowsOf(looked: Looked): Promise<Map<string, Record<string, unknown>[]>> {
  const tables = await looked.query<{ table_name: string }>(`SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`);
  const rows = new Map<string, Record<string, unknown>[]>();
  for (const { table_name: name } of tables) {
    const found = await looked.query<{ row: Record<string, unknown> }>(`SELECT to_jsonb(t) AS row FROM "${name}" t ORDER BY to_jsonb(t)::text`);
    rows.set(name, found.map(({ row }) => row));
  }
  return rows;
}

describe.each(serviceNames)('the database of %s as its first version left it', (service) => {
  let old: Looked;
  let before: Map<string, Record<string, unknown>[]>;
  beforeAll(async () => {
    old = await Looked.empty(service);
    await old.run(`${service}-v1.sql`);
    await old.run(`${service}-v1.rows.sql`);
    before = await rowsOf(old);
    // Two instances of the new version start at once.
    await Promise.all([old.migrate(), old.migrate()]);
  });
  afterAll(() => old.drop());

  it('keeps every row through the migrations of today', async () => {
    const after = await rowsOf(old);
    for (const [table, rows] of before) {
      if (table === 'mikro_orm_migrations') continue;
      const columns = Object.keys(rows[0] ?? {});
      const kept = (after.get(table) ?? []).map((row) => Object.fromEntries(columns.map((column) => [column, row[column]])));
      expect({ table, rows: kept }).toEqual({ table, rows });
    }
    expect([...before.values()].flat().length).toBeGreaterThan(5);
  });

  it('is then the same as one that is set up today', async () => {
    expect(await shapeOf(old)).toEqual(await shapeOf(freshOf(service)));
  });

  it('has run each migration once, and none when it is migrated again', async () => {
    const run = () => old.query<{ name: string }>('SELECT name FROM mikro_orm_migrations ORDER BY name');
    const names = (await run()).map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const [rows, shape] = [await rowsOf(old), await shapeOf(old)];
    await old.migrate();
    expect((await run()).map(({ name }) => name)).toEqual(names);
    expect({ rows: await rowsOf(old), shape: await shapeOf(old) }).toEqual({ rows, shape });
  });
});

describe('a database that nobody has set up', () => {
  it('is set up once by many instances that start at once', async () => {
    const looked = await Looked.empty('card');
    await Promise.all(Array.from({ length: 4 }, () => looked.migrate()));
    expect(await shapeOf(looked)).toEqual(await shapeOf(freshOf('card')));
    expect(await looked.query('SELECT resellerid FROM reseller')).toEqual([{ resellerid: 1 }]);
    await looked.drop();
  });
});
