import type { Sql } from '@tollwire/event-store';

const ROWS_MAX = 50_000;

/** Removes the rates that an import copied and that became no version, in short steps. The database refuses those of a version. */
export async function discardRates(sql: Sql, deckId: bigint): Promise<void> {
  for (;;) {
    const [step] = await sql.query<{ removed: bigint }>('select discard_unfinished_rates($1, $2) as removed', [deckId, ROWS_MAX]);
    if ((step?.removed ?? 0n) === 0n) return;
  }
}
