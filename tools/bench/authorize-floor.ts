import { Database } from '@tollwire/event-store';
import { z } from 'zod';
import { migrate } from '../../libs/platform/src/orm.ts';
import { secrets } from '../servers/secrets.ts';
import { busUrl } from '../stack/environment.ts';
import { requestFlags } from '../stack/node-flags.ts';
import type { RunState } from '../stack/run-state.ts';
import { runChild } from './child.ts';
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
  const ended: Promise<unknown>[] = [];
  const begin = async (role: (typeof roles)[number]): Promise<unknown> => {
    const ready = Promise.withResolvers<unknown>();
    const program = runChild('floor/authorize-stage.ts', { role, ...common }, z.unknown(), { flags: requestFlags, onNews: ready.resolve, signal: stopping.signal });
    ended.push(program.catch(() => undefined));
    return await Promise.race([ready.promise, program]);
  };
  try {
    const [port] = (await Promise.all(roles.map(begin))).slice(-1);
    return await work(`http://127.0.0.1:${z.number().parse(port)}`);
  } finally {
    stopping.abort();
    await Promise.all(ended);
  }
}
