import { streamOf } from '@tollwire/contracts';
import type { Resources } from './resources.ts';

/** What a service says of itself when it is asked whether it can work. */
export interface ReadinessReport {
  readonly status: 'ready' | 'not_ready';
  readonly service: string;
  /** What is missing, in words; empty where it is ready. */
  readonly missing: readonly string[];
  readonly postgresql: Readonly<Record<string, string>>;
  readonly nats: Readonly<Record<string, string | number | boolean>>;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
}

interface OwnReadiness {
  readonly prepared: boolean;
  readonly facts: Readonly<Record<string, string | number | boolean>>;
  readonly relayError: unknown;
}

const askMsMax = 1500;

const settings = `select current_setting('server_version') as version, current_setting('synchronous_commit') as synchronous_commit,
  current_setting('fsync') as fsync, current_setting('synchronous_standby_names') as synchronous_standby_names`;

/** Asks PostgreSQL and NATS themselves, so that the answer is theirs and not a memory of them. */
export async function readinessOf(resources: Resources, own: OwnReadiness): Promise<ReadinessReport> {
  const [postgresql, nats] = await Promise.all([asked(() => postgresqlFacts(resources)), asked(() => natsFacts(resources))]);
  const missing = [
    ...(own.prepared ? [] : ['the service is still preparing']),
    ...(postgresql === undefined ? ['PostgreSQL does not answer'] : []),
    ...(nats === undefined ? ['NATS or its JetStream does not answer'] : []),
    ...(own.relayError === undefined ? [] : ['the outbox cannot be published']),
  ];
  return {
    status: missing.length === 0 ? 'ready' : 'not_ready',
    service: resources.service,
    missing,
    postgresql: postgresql ?? {},
    nats: nats ?? {},
    facts: own.facts,
  };
}

async function postgresqlFacts({ database }: Resources): Promise<Record<string, string>> {
  const [row] = await database.query<Record<string, string>>(settings);
  return row ?? {};
}

async function natsFacts({ bus, root, service }: Resources): Promise<Record<string, string | number | boolean>> {
  if (!bus.isConnected()) throw new Error('The connection to NATS is broken');
  const { config, state } = await bus.manager.streams.info(streamOf(root, service));
  return {
    server: bus.connection.info?.version ?? '',
    stream: config.name,
    replicas: config.num_replicas,
    // Whether each write is synced to disk is a setting of the server that it tells to no client.
    storage: config.storage,
    messages: state.messages,
  };
}

/** The answer, or undefined where there was an error or none in time. */
async function asked<T>(ask: () => Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => (timer = setTimeout(() => resolve(undefined), askMsMax)));
  try {
    return await Promise.race([ask(), timeout]);
  } catch {
    // Whatever the reason, the question was whether it answers, and the report says that it does not.
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
