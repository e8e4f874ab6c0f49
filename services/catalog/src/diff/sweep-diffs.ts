import type { CatalogDeps } from '../catalog.deps.ts';

/** How long a difference that nobody asks for again is kept, and one that was never finished. */
const KEPT_US = 30 * 86_400 * 1_000_000;
const UNFINISHED_US = 86_400 * 1_000_000;

/** Removes differences that nobody asked for in a month, and those that were not worked out to their end. */
export async function sweepDiffs({ database, clock }: Pick<CatalogDeps, 'database' | 'clock'>): Promise<void> {
  const now = clock.nowUs();
  await database.query(
    'delete from deck_diff where asked_at < from_us($1) or (summary is null and asked_at < from_us($2))',
    [now - KEPT_US, now - UNFINISHED_US],
  );
}
