import { callKey } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import type { CallEvent } from '../domain/call.ts';

/** Which of these calls are erased, by their keys. */
export async function erasedAmong(sql: Sql, events: readonly { readonly event: CallEvent }[]): Promise<ReadonlySet<string>> {
  const keys = [...new Set(events.map(({ event }) => callKey(event.call)))];
  const rows = await sql.query<{ call_key: string }>('SELECT call_key FROM erased_call WHERE call_key = ANY($1::text[])', [keys]);
  return new Set(rows.map(({ call_key: key }) => key));
}
