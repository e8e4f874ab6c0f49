import type { Database, Sql } from '@tollwire/event-store';
import type { NumberPlan } from './number-plan.ts';

/** Prefixes in one transaction: some 100 ms, so that no reader of events waits for a plan to be loaded. */
const BATCH = 20_000;

const upsertCountries = `
  insert into country (countrycode, countryname) select code, name from unnest($1::text[], $2::text[]) as given (code, name)
  on conflict (countrycode) do update set countryname = excluded.countryname where country.countryname <> excluded.countryname`;

const correctPrefixes = `
  update countryprefix c set countrycode = given.code, subcode = given.subcode
  from unnest($1::text[], $2::text[], $3::text[]) as given (prefix, code, subcode)
  where c.prefix = given.prefix and (c.countrycode, c.subcode) <> (given.code, given.subcode)`;

// Not "on conflict" alone, which takes an id for every row that is there already.
const addPrefixes = `
  insert into countryprefix (prefix, countrycode, subcode)
  select prefix, code, subcode from unnest($1::text[], $2::text[], $3::text[]) as given (prefix, code, subcode)
  where not exists (select from countryprefix c where c.prefix = given.prefix)
  on conflict (prefix) do nothing`;

/**
 * Adds countries and prefixes, and corrects those that are there. Nothing is removed, because rates and calls may refer
 * to it. Loaded again, a plan changes nothing. A prefix's country must be among the given ones or there already.
 */
export async function loadNumberPlan(database: Database, { countries, prefixes }: NumberPlan): Promise<void> {
  // PostgreSQL does not correct a row twice in one statement; of a country given twice the last name counts.
  const names = new Map(countries.map(({ countryCode, countryName }) => [countryCode, countryName]));
  await database.query(upsertCountries, [[...names.keys()], [...names.values()]]);
  for (let at = 0; at < prefixes.length; at += BATCH) {
    const batch = prefixes.slice(at, at + BATCH);
    const columns = [
      batch.map(({ prefix }) => prefix), batch.map(({ countryCode }) => countryCode), batch.map(({ subcode }) => subcode),
    ];
    await database.transaction(async (tx) => {
      await tx.query(correctPrefixes, columns);
      await tx.query(addPrefixes, columns);
    });
  }
  await database.query('update number_plan set revision = revision + 1');
}

/** The codes among `countryCodes` that there is no country of. */
export async function unknownCountries(sql: Sql, countryCodes: readonly string[]): Promise<string[]> {
  const rows = await sql.query<{ code: string }>(
    'select code from unnest($1::text[]) as code where not exists (select from country where countrycode = code)',
    [countryCodes],
  );
  return rows.map(({ code }) => code);
}
