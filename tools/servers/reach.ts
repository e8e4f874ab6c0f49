import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { messageOf } from '../cli/stop.ts';

/** How long to go on trying. */
export interface Patience {
  /** In milliseconds; 0 tries once. */
  readonly timeoutMs?: number;
  /** Aborted when there is no more sense in it; its reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Waits until PostgreSQL takes a query at this address. Throws at the deadline with what it said last. */
export async function reachPostgres(url: string, patience: Patience = {}): Promise<void> {
  await retry(`PostgreSQL at ${withoutPassword(url)}`, patience, async () => {
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
    try {
      await client.connect();
      await client.query('SELECT 1');
    } finally {
      await client.end();
    }
  });
}

/** Waits until a NATS server greets at this address (its greeting is the line `INFO {…}`). */
export async function reachNats(url: string, patience: Patience = {}): Promise<void> {
  const { hostname, port } = new URL(url);
  await retry(`NATS at ${hostname}:${port}`, patience, async () => {
    const socket = connect({ host: hostname, port: Number(port === '' ? 4222 : port) });
    socket.setTimeout(2_000, () => socket.destroy(new Error('no greeting within 2 s')));
    try {
      const received: unknown[] = await once(socket, 'data');
      if (!String(received[0]).startsWith('INFO ')) throw new Error('something else listens there');
    } finally {
      socket.destroy();
    }
  });
}

async function retry(what: string, { timeoutMs = 60_000, signal }: Patience, attempt: () => Promise<void>): Promise<void> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    try {
      await attempt();
      return;
    } catch (error) {
      signal?.throwIfAborted();
      if (performance.now() >= deadlineMs) throw new Error(`${what} does not answer: ${messageOf(error)}`);
      await delay(50);
    }
  }
}

/** An address that may be shown. */
export function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.toString();
}
