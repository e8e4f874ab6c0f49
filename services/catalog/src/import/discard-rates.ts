import type { Sql } from '@tollwire/event-store';

const ROWS_MAX = 50_000;

/** Removes the rates that an import copied and that became no version, in short steps. The database refuses those of a version. */
export async function discardRates(sql: Sql, deckId: bigint): Promise<void> {
  for (;;) {
    const [step] = await sql.query<{ removed: bigint }>('select discard_unfinished_rates($1, $2) as removed', [deckId, ROWS_MAX]);
    if ((step?.removed ?? 0n) === 0n) return;
  }
}

/** Removes the content that an import stored and that became no version. The database keeps that of a version, and of an import under way. */
export async function discardChunks(sql: Sql, digest: string): Promise<void> {
  await sql.query('select discard_unused_chunks($1)', [digest]);
}
