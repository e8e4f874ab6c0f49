import type { CdrDeps } from '../cdr.deps.ts';
import type { ListName } from '../domain/list-entry.ts';
import { listEntryIdOf } from './list-projections.ts';

const countriesSql = 'SELECT DISTINCT subject, list FROM list_entry WHERE is_country AND listed ORDER BY subject';

/** Gives every listed country the prefixes that the number plan has of it now. A catalog that is away is asked at the next run. */
export async function renewCountries({ database, catalog, lists, clock }: Pick<CdrDeps, 'database' | 'catalog' | 'lists' | 'clock'>): Promise<void> {
  const listed = await database.query<{ subject: string; list: ListName }>(countriesSql);
  for (const [country, entries] of Map.groupBy(listed, ({ subject }) => subject)) {
    const cover = await catalog.coverCountry({ countryCode: country });
    if (!cover.ok || cover.value.prefixes.length === 0) continue;
    const { prefixes } = cover.value;
    const renew = { type: 'Renew', prefixes, by: 'number plan', at: clock.nowUs() } as const;
    await lists.handleMany(entries.map(({ list }) => ({ id: listEntryIdOf(list, { kind: 'country', value: country }), command: renew })));
  }
}
