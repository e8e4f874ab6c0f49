import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import { serverUrl, uniqueName } from './servers.ts';

/** A part of the bus that only one suite uses. */
export interface TestBus {
  /** Address of the server, with user and password where it wants them. */
  readonly url: string;
  /** First token of every subject, and (in upper case) first part of every stream name. */
  readonly root: string;
  /** Removes every stream whose name begins with the root. */
  drop(): Promise<void>;
}

/** A root of its own on the server of `TOLLWIRE_TEST_NATS_URL`; fails with one sentence when that is unset. */
export function testBus(name = 'bus'): TestBus {
  const url = serverUrl('TOLLWIRE_TEST_NATS_URL');
  const root = uniqueName(name);
  return { url, root, drop: () => removeStreams(url, `${root.toUpperCase()}_`) };
}

async function removeStreams(url: string, prefix: string): Promise<void> {
  const { username, password, host } = new URL(url);
  const connection = await connect({
    servers: host,
    ...(username === '' ? {} : { user: decodeURIComponent(username), pass: decodeURIComponent(password) }),
  });
  try {
    const manager = await jetstreamManager(connection);
    for await (const name of manager.streams.names()) {
      if (name.startsWith(prefix)) await manager.streams.delete(name);
    }
  } finally {
    await connection.close();
  }
}
