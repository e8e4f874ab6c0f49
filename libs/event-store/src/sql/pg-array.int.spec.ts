import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { testDatabase, type TestDatabase } from '@tollwire/testing';
import { Database } from './database.ts';
import { pgArray } from './pg-array.ts';

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

/** Any text that PostgreSQL can hold: no NUL, no half of a surrogate pair. */
const text = fc.string({ unit: 'grapheme' }).map((any) => any.replaceAll('\0', ''));

it('is read by PostgreSQL as what it was made of', async () => {
  const texts = fc.array(fc.option(text));
  const numbers = fc.array(fc.option(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })));
  await fc.assert(
    fc.asyncProperty(texts, numbers, async (someTexts, someNumbers) => {
      const [row] = await database.query('select $1::text[] as texts, $2::bigint[] as numbers', [pgArray(someTexts), pgArray(someNumbers)]);
      expect(row).toEqual({ texts: someTexts, numbers: someNumbers });
    }),
    { numRuns: 60 },
  );
});
