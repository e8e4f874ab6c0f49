import pg from 'pg';
import { z } from 'zod';
import { Stop } from '../cli/stop.ts';
import { secrets } from '../servers/secrets.ts';
import { adminUrl } from '../stack/environment.ts';
import type { RunState } from '../stack/run-state.ts';

/** The address of a database on the stack's PostgreSQL, for its administrator. */
export function databaseAddress({ plan }: RunState, database: string): string {
  const url = new URL(adminUrl(plan, secrets()));
  url.pathname = `/${database}`;
  return url.toString();
}

/** One connection for the bench's own questions. */
export async function withDatabase<T>(state: RunState, database: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseAddress(state, database) });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const jetstream = z.object({ config: z.object({ sync_always: z.boolean().default(false) }) });

/** Stops unless an acknowledged write is on disk in both servers: figures of anything else would be for show. */
export async function assertDurable(state: RunState): Promise<void> {
  const off = await withDatabase(state, 'postgres', async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "SELECT name FROM pg_settings WHERE name IN ('fsync', 'synchronous_commit', 'full_page_writes') AND setting <> 'on'",
    );
    return rows.map(({ name }) => name);
  });
  if (off.length > 0) throw new Stop(`PostgreSQL runs with ${off.join(' and ')} off, so its figures would mean nothing.`);
  const answer = await fetch(`http://127.0.0.1:${state.plan.nats.monitorPort}/jsz?config=true`);
  if (!jetstream.parse(await answer.json()).config.sync_always) throw new Stop('JetStream does not sync every write, so its figures would mean nothing.');
}
