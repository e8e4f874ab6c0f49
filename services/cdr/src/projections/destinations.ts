import type { CatalogService } from '@tollwire/contracts';
import { pgArray, type Sql } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';

/** How names of destinations are asked for. */
export type NamesDestinations = Pick<Asker<typeof CatalogService>, 'nameCountryPrefixes'>;

const NAMES_MAX = 5000;

const unnamedSql = `
  SELECT DISTINCT b.value::int AS id FROM report_bucket b
  WHERE b.dimension = 'destination' AND b.grain = 'hour' AND b.at_min >= $1 AND b.value <> '0'
    AND NOT EXISTS (SELECT 1 FROM destination d WHERE d.countryprefixid::text = b.value)
  LIMIT ${NAMES_MAX}`;

const nameSql = `
  INSERT INTO destination (countryprefixid, prefix, country_code, country_name, subcode)
  SELECT * FROM unnest($1::integer[], $2::text[], $3::text[], $4::text[], $5::text[])
  ON CONFLICT (countryprefixid) DO NOTHING`;

/**
 * Learns from the catalog what the destinations are that calls went to lately and that are not known by name yet, so
 * that reports can be by country. Where the catalog does not answer, the next run asks again; until then a report has
 * those calls under no country.
 */
export async function nameDestinations(sql: Sql, catalog: NamesDestinations, sinceMin: number): Promise<void> {
  const unnamed = await sql.query<{ id: number }>(unnamedSql, [sinceMin]);
  if (unnamed.length === 0) return;
  const answer = await catalog.nameCountryPrefixes({ countryPrefixIds: unnamed.map(({ id }) => id) });
  if (!answer.ok) return;
  const { prefixes } = answer.value;
  await sql.query(nameSql, [
    pgArray('integer', prefixes, (each) => each.countryPrefixId),
    pgArray('text', prefixes, (each) => each.prefix),
    pgArray('text', prefixes, (each) => each.countryCode),
    pgArray('text', prefixes, (each) => each.countryName),
    pgArray('text', prefixes, (each) => each.subcode),
  ]);
}
