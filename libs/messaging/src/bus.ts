import { type JetStreamClient, type JetStreamManager, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type ConnectionOptions, type NatsConnection } from '@nats-io/transport-node';
import { setTimeout as delay } from 'node:timers/promises';

export interface BusOptions {
  /** `nats://user:password@host:port`, several servers of one cluster separated by commas; `tls:` asks for TLS. */
  readonly url: string;
  /** Names the connection to the server, and its inboxes: `_INBOX_<name>`. Letters, digits, `_` and `-`. */
  readonly name: string;
  /** How long to go on trying where no server answers at first, in milliseconds. Default 0: fails at once. */
  readonly waitMs?: number;
  /** Told when the connection breaks, comes back or reports an error. */
  readonly onNotice?: (notice: string) => void;
}

/** One connection to NATS, which comes back by itself for as long as the process lives. */
export interface Bus {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
  /** First token of every inbox of this connection; a server that limits it must allow `<prefix>.>`. */
  readonly inboxPrefix: string;
  /** How often the connection was made: 1 at first, one more for each reconnect. */
  connectionCount(): number;
  isConnected(): boolean;
  /** Calls back when the connection breaks, until the function that it returns is called. */
  onDisconnect(listener: () => void): () => void;
  /** Calls back after each reconnect, until the function that it returns is called. */
  onReconnect(listener: () => void): () => void;
  /** Sends what is still to be sent, then closes. */
  close(): Promise<void>;
}

/** Connects to NATS. Rejects where no server answers within `waitMs`, or the server refuses the credentials. */
export async function connectBus(options: BusOptions): Promise<Bus> {
  const inboxPrefix = `_INBOX_${options.name.replaceAll(/[^A-Za-z0-9_-]/g, '_')}`;
  const connection = await connectWithin(options.waitMs ?? 0, {
    ...serversOf(options.url),
    name: options.name,
    inboxPrefix,
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 250,
    pingInterval: 20_000,
    // A server that restarts may refuse everybody for a moment; giving up would leave the service deaf for good.
    ignoreAuthErrorAbort: true,
    // A stack trace per request costs more than the request.
    noAsyncTraces: true,
  });
  const state: BusState = { count: 1, connected: true, onDisconnect: new Set(), onReconnect: new Set() };
  void watch(connection, state, options.onNotice);
  return {
    connection,
    jetstream: jetstream(connection),
    manager: await jetstreamManager(connection, { checkAPI: false }),
    inboxPrefix,
    connectionCount: () => state.count,
    isConnected: () => state.connected && !connection.isClosed(),
    onDisconnect: (listener) => listen(state.onDisconnect, listener),
    onReconnect: (listener) => listen(state.onReconnect, listener),
    close: () => (connection.isClosed() ? Promise.resolve() : connection.drain()),
  };
}

/** The servers and credentials of a URL; the client itself does not read the user and password in it. */
export function serversOf(url: string): Pick<ConnectionOptions, 'servers' | 'user' | 'pass' | 'tls'> {
  const urls = url.split(',').map((part) => new URL(part.trim()));
  const [first] = urls;
  return {
    servers: urls.map(({ host }) => host),
    ...(first === undefined || first.username === ''
      ? {}
      : { user: decodeURIComponent(first.username), pass: decodeURIComponent(first.password) }),
    ...(first?.protocol === 'tls:' ? { tls: {} } : {}),
  };
}

async function connectWithin(waitMs: number, options: ConnectionOptions): Promise<NatsConnection> {
  const deadlineMs = performance.now() + waitMs;
  for (;;) {
    try {
      return await connect(options);
    } catch (error) {
      if (performance.now() >= deadlineMs) throw error;
      await delay(250);
    }
  }
}

interface BusState {
  count: number;
  connected: boolean;
  readonly onDisconnect: Set<() => void>;
  readonly onReconnect: Set<() => void>;
}

function listen(listeners: Set<() => void>, listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

async function watch(
  connection: NatsConnection,
  state: BusState,
  notice: (notice: string) => void = () => undefined,
): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') {
      state.connected = false;
      notice('The connection to NATS broke');
      for (const listener of state.onDisconnect) listener();
    } else if (status.type === 'reconnect') {
      state.connected = true;
      state.count += 1;
      notice('The connection to NATS is back');
      for (const listener of state.onReconnect) listener();
    } else if (status.type === 'error') {
      notice(`NATS reports: ${status.error.message}`);
    }
  }
  state.connected = false;
}
