import type pg from 'pg';
import type { RunState } from '../stack/run-state.ts';
import { withDatabase } from './servers.ts';

/** Calls that have come to their end, as the outboxes tell it: a few rows for each thousand calls, so asking is cheap. */
export interface Outcome {
  readonly charged: number;
  readonly closed: number;
}

const countSql = 'SELECT coalesce(sum(event_count), 0)::int AS count FROM outbox WHERE subject LIKE $1 AND position > $2';
const lastSql = 'SELECT coalesce(max(position), 0)::text AS last FROM outbox';

/** Watches two services' outboxes from now on. CdrClosed and CardDebited are written in the transaction of what they tell. */
export async function withOutcome<T>(state: RunState, work: (outcome: () => Promise<Outcome>) => Promise<T>): Promise<T> {
  return await withDatabase(state, 'tollwire_card', (card) =>
    withDatabase(state, 'tollwire_cdr', async (cdr) => {
      const charged = await counterOf(card, '%.credit.debited.%');
      const closed = await counterOf(cdr, '%.call.closed.%');
      return await work(async () => ({ charged: await charged(), closed: await closed() }));
    }),
  );
}

async function counterOf(client: pg.Client, subject: string): Promise<() => Promise<number>> {
  const { rows } = await client.query<{ last: string }>(lastSql);
  const last = rows[0]?.last ?? '0';
  return async () => {
    const counted = await client.query<{ count: number }>({ name: 'count', text: countSql, values: [subject, last] });
    return counted.rows[0]?.count ?? 0;
  };
}

/** Sizes of public events as the services wrote them, in bytes, by the name of the event. */
export async function eventSizes(state: RunState): Promise<Record<string, number>> {
  const sizes: Record<string, number> = {};
  for (const service of ['edge', 'rating', 'card', 'cdr']) {
    await withDatabase(state, `tollwire_${service}`, async (client) => {
      const { rows } = await client.query<{ event: string; bytes: number }>(
        "SELECT split_part(subject, '.', 5) AS event, (sum(octet_length(payload)) / sum(event_count))::int AS bytes FROM outbox GROUP BY 1",
      );
      for (const { event, bytes } of rows) sizes[event] = bytes;
    });
  }
  return sizes;
}
