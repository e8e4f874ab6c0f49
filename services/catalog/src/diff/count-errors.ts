import type { Sql } from '@tollwire/event-store';
import type { ImportedDeck } from '../domain/rate-deck.ts';

const countOfImport = `
  select count(*) as count from deck_import_error where import_id = (
    select import_id from deck_import
    where status = 'finished' and kind = $1 and owner_id = $2 and outcome ->> 'digest' = $3 order by touched_at desc limit 1)`;

/** Bad rows of the last import that came to this version. */
export async function countErrors(sql: Sql, { kind, ownerId, digest }: ImportedDeck): Promise<bigint> {
  const [row] = await sql.query<{ count: bigint }>(countOfImport, [kind, ownerId, digest]);
  return row?.count ?? 0n;
}
