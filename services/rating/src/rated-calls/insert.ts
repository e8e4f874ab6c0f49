import type { Sql } from '@tollwire/event-store';
import type { RatedRecord } from '../domain/rated-record.ts';
import { columns, arraysOf } from './columns.ts';

const names = columns.map(({ name }) => name).join(', ');
const values = columns.map(({ name }) => (name === 'pre_rated' ? 'pre_rated = 1' : name)).join(', ');
const arrays = columns.map(({ type }, at) => `$${at + 1}::${type}[]`).join(', ');

/** The keys come back only where some rows were there already. */
const insertRated = `
  with added as (
    insert into rated_call (${names})
    select ${values} from unnest(${arrays}) as r (${names})
    on conflict do nothing
    returning call_key)
  select count(*)::int as count, case when count(*) < cardinality($1::text[]) then array_agg(call_key) end as call_keys
  from added`;

/**
 * Keeps ratings of different calls in one statement, and answers those that were new: a rating that is there already
 * under the same call and revision stands. Rows go in by their keys, so that instances with the same calls wait for
 * each other and never deadlock.
 */
export async function insertRatedCalls(sql: Sql, records: readonly RatedRecord[]): Promise<readonly RatedRecord[]> {
  if (records.length === 0) return [];
  const ordered = records.toSorted((left, right) => (left.callKey < right.callKey ? -1 : left.callKey > right.callKey ? 1 : 0));
  const [answer] = await sql.query<{ count: number; call_keys: string[] | null }>(insertRated, arraysOf(ordered));
  if (answer?.count === ordered.length) return ordered;
  const added = new Set(answer?.call_keys);
  return ordered.filter(({ callKey }) => added.has(callKey));
}
