import type { DedicatedConnection } from '../sql/connection.ts';
import type { Database } from '../sql/database.ts';

/** Session lock of the one relay that publishes; locks are per database, so every service may use the same. */
const RELAY_LOCK = 'pg_try_advisory_lock(7041964, 1)';

/**
 * How the relay's session works. Its reads are small and by key, whatever the statistics of a table that is empty one
 * moment and full the next say. Its marks need not outlive a crash of PostgreSQL: unmarked rows are published again.
 */
const settings = `SET synchronous_commit = off; SET enable_seqscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off`;

/** Opens the relay's own connection; no transaction is ever left open on it. */
export async function openRelaySession(database: Pick<Database, 'dedicated'>): Promise<DedicatedConnection> {
  const connection = await database.dedicated();
  try {
    await connection.query(settings);
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

/** Whether this session leads from now on: it holds the lock until it ends. */
export async function takeLead(connection: DedicatedConnection): Promise<boolean> {
  const [answer] = await connection.query<{ leads: boolean }>(`SELECT ${RELAY_LOCK} AS leads`);
  return answer?.leads === true;
}
