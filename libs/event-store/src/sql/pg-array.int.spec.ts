import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { testDatabase, type TestDatabase } from '@tollwire/testing';
import { Database } from './database.ts';
import { type PgElement, pgArray, type PgScalar } from './pg-array.ts';

let made: TestDatabase;
let database: Database;

beforeAll(async () => {
  made = await testDatabase('pg_array');
  database = await Database.connect({ url: made.url, applicationName: 'pg-array-spec' });
});

afterAll(async () => {
  await database.close();
  await made.drop();
});

const items: Record<PgElement, fc.Arbitrary<PgScalar>> = {
  // Any text that PostgreSQL can hold: no NUL, no half of a surrogate pair. Long ones make the memory grow.
  text: fc.oneof(fc.string({ unit: 'grapheme', maxLength: 100 }), fc.nat({ max: 30_000 }).map((length) => 'x\u00e9'.repeat(length))).map((any) => any.replaceAll('\0', '')),
  uuid: fc.uuid(),
  bigint: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  integer: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  smallint: fc.integer({ min: -(2 ** 15), max: 2 ** 15 - 1 }),
  boolean: fc.boolean(),
  // Long ones make the memory grow.
  bytea: fc.oneof(fc.uint8Array(), fc.nat({ max: 90_000 }).map((length) => new Uint8Array(length).fill(7))).map((bytes) => Buffer.from(bytes)),
};

const elements: PgElement[] = ['text', 'uuid', 'bigint', 'integer', 'smallint', 'boolean', 'bytea'];

it.each(elements)('is read by PostgreSQL as what it was made of: %s', async (element) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(items[element]), { maxLength: 20 }), async (some) => {
      const [row] = await database.query(`select array(select * from unnest($1::${element}[])) as items`, [pgArray(element, some, (item) => item)]);
      expect(row).toEqual({ items: some });
    }),
    { numRuns: 40 },
  );
});

it('leaves the refusal of a text with a NUL to PostgreSQL', async () => {
  await expect(database.query('select $1::text[]', [pgArray('text', ['a\0b'], (item) => item)])).rejects.toMatchObject({ code: '22021' });
});
