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
  /** Of a service that works by versions of decks: which one counts now, by the deck, as tariff:3. */
  readonly versions?: Readonly<Record<string, number>>;
}

interface OwnReadiness extends Pick<ReadinessReport, 'facts' | 'versions'> {
  readonly prepared: boolean;
  readonly relayError: unknown;
}

const askMsMax = 1500;

/** What can be missing; why follows behind a colon where an error tells. */
export const reasons = {
  preparing: 'the service is still preparing',
  postgresql: 'PostgreSQL does not answer',
  nats: 'NATS or its JetStream does not answer',
  outbox: 'the outbox cannot be published',
} as const;

const settings = `select current_setting('server_version') as version, current_setting('synchronous_commit') as synchronous_commit,
  current_setting('fsync') as fsync, current_setting('synchronous_standby_names') as synchronous_standby_names`;

/** Asks PostgreSQL and NATS themselves, so that the answer is theirs and not a memory of them. */
export async function readinessOf(resources: Resources, own: OwnReadiness): Promise<ReadinessReport> {
  const [postgresql, nats] = await Promise.all([asked(() => postgresqlFacts(resources)), asked(() => natsFacts(resources))]);
  const missing = [
    ...(own.prepared ? [] : [reasons.preparing]),
    ...(postgresql.ok ? [] : [`${reasons.postgresql}: ${postgresql.why}`]),
    ...(nats.ok ? [] : [`${reasons.nats}: ${nats.why}`]),
    ...(own.relayError === undefined ? [] : [`${reasons.outbox}: ${whyOf(own.relayError)}`]),
  ];
  return {
    status: missing.length === 0 ? 'ready' : 'not_ready',
    service: resources.service,
    missing,
    postgresql: postgresql.ok ? postgresql.value : {},
    nats: nats.ok ? nats.value : {},
    facts: own.facts,
    ...(own.versions === undefined ? {} : { versions: own.versions }),
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

type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** The answer, or why there is none. */
async function asked<T>(ask: () => Promise<T>): Promise<Answer<T>> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Answer<T>>((resolve) => (timer = setTimeout(() => resolve({ ok: false, why: `nothing within ${askMsMax} ms` }), askMsMax)));
  try {
    return await Promise.race([ask().then((value): Answer<T> => ({ ok: true, value })), timeout]);
  } catch (error) {
    return { ok: false, why: whyOf(error) };
  } finally {
    clearTimeout(timer);
  }
}

/** An error in one line: its message, or its code where it has none, as a connection refused on every address has. */
function whyOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : error.name;
  return error.message.split('\n', 1)[0] || code;
}
