import { Database } from '@tollwire/event-store';
import { z } from 'zod';
import { migrate } from '../../libs/platform/src/orm.ts';
import { secrets } from '../servers/secrets.ts';
import { busUrl } from '../stack/environment.ts';
import type { RunState } from '../stack/run-state.ts';
import { startProgram } from './child.ts';
import { schemas } from './floor/schemas.ts';
import { openAccounts } from './floor/writes.ts';
import { databaseAddress, withDatabase } from './servers.ts';

const databaseName = 'tollwire_floor_authorize';
const roles = ['rating', 'routing', 'keeper', 'door'] as const;

/**
 * Runs the bare programs on the way of an authorization: a door, a keeper of reservations with a database of its own, and what stands for rating and routing. They answer
 * with `answer` whatever is asked. Hands their address to `work`, and ends them when that is done.
 */
export async function withAuthorizeFloor<T>(state: RunState, answer: string, work: (baseUrl: string) => Promise<T>): Promise<T> {
  const databaseUrl = databaseAddress(state, databaseName);
  await withDatabase(state, 'postgres', (admin) => admin.query(`CREATE DATABASE ${databaseName}`));
  await migrate(databaseUrl, 'postgres', schemas.card);
  const database = await Database.connect({ url: databaseUrl, applicationName: 'floor-authorize' });
  await openAccounts(database);
  await database.close();
  const stopping = new AbortController();
  const common = { busUrl: busUrl(state.plan, 'operator', secrets()), databaseUrl, answer };
  const starting = roles.map((role) => startProgram('floor/authorize-stage.ts', { role, ...common }, stopping.signal));
  try {
    const door = (await Promise.all(starting)).at(-1);
    return await work(`http://127.0.0.1:${z.number().parse(door?.ready)}`);
  } finally {
    stopping.abort();
    const started = await Promise.allSettled(starting);
    await Promise.all(started.flatMap((each) => (each.status === 'fulfilled' ? [each.value.ended] : [])));
  }
}
