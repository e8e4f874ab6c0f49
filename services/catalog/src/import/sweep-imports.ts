import type { CatalogDeps } from '../catalog.deps.ts';
import { discardChunks, discardRates } from './discard-rates.ts';

/** How long an import may rest before it is taken to be abandoned. */
const ABANDONED_AFTER_US = 86_400 * 1_000_000;

/** Removes imports that nobody went on with for a day, with whatever they left. */
export async function sweepImports({ database, clock }: Pick<CatalogDeps, 'database' | 'clock'>): Promise<void> {
  const abandoned = await database.query<{ importId: string; deckId: bigint; digest: string | null }>(
    `select import_id as "importId", deck_id as "deckId", digest from deck_import where status <> 'finished' and touched_at < from_us($1)`,
    [clock.nowUs() - ABANDONED_AFTER_US],
  );
  for (const { importId, deckId, digest } of abandoned) {
    await discardRates(database, deckId);
    await database.transaction(async (tx) => {
      await tx.query(`delete from deck_import where import_id = $1 and status <> 'finished'`, [importId]);
      if (digest !== null) await discardChunks(tx, digest);
    });
  }
}
