import type { Sql } from '@tollwire/event-store';

/** By which numbers the carriers of rated calls were found, by call, where that was not the called one. What was found at the last rating counts. */
export async function routedByOf(sql: Sql, callKeys: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const rows = await sql.query<{ call_key: string; routed_by: string | null }>(
    'select distinct on (call_key) call_key, routed_by from rated_call where call_key = any($1) order by call_key, revision desc',
    [callKeys],
  );
  return new Map(rows.flatMap(({ call_key, routed_by }) => (routed_by === null ? [] : [[call_key, routed_by]])));
}
