import {
  AckPolicy,
  type ConsumerInfo,
  DeliverPolicy,
  DiscardPolicy,
  JetStreamApiError,
  RetentionPolicy,
  StorageType,
  type StreamConfig,
} from '@nats-io/jetstream';
import { nanos } from '@nats-io/transport-node';
import { type EventDefinition, filterOf, streamOf, streamSubjectsOf } from '@tollwire/contracts';
import type { Bus } from './bus.ts';

/** What a stream is called, what it takes in and how many copies it has. */
export interface StreamSpec {
  readonly name: string;
  readonly subjects: readonly string[];
  /** 1 to 5; more than one needs a cluster. */
  readonly replicas: number;
}

/** The stream of a service. The same for everybody who asks, so that whoever starts first may make it. */
export function streamSpecOf(root: string, service: string, replicas = 1): StreamSpec {
  return { name: streamOf(root, service), subjects: streamSubjectsOf(root, service), replicas };
}

/** What a reaction to `events` needs: one stream for each service that publishes some of them, with its filters. */
export function subscriptionsOf(
  root: string,
  events: readonly EventDefinition[],
  replicas = 1,
): { stream: StreamSpec; filters: string[] }[] {
  const byService = Map.groupBy(events, ({ service }) => service);
  return [...byService].map(([service, definitions]) => ({
    stream: streamSpecOf(root, service, replicas),
    filters: definitions.map((definition) => filterOf(root, definition)),
  }));
}

const dayMs = 86_400_000;

function configOf({ name, subjects, replicas }: StreamSpec) {
  return {
    name,
    subjects: [...subjects],
    num_replicas: replicas,
    storage: StorageType.File,
    retention: RetentionPolicy.Limits,
    discard: DiscardPolicy.Old,
    max_age: nanos(7 * dayMs),
    duplicate_window: nanos(120_000),
  } satisfies Partial<StreamConfig>;
}

const nameInUseWithOtherConfig = 10058;

/** Makes the streams that are missing and mends those that differ. Safe when many do it at once, and again and again. */
export async function ensureTopology(bus: Bus, streams: readonly StreamSpec[]): Promise<void> {
  await Promise.all(streams.map((stream) => ensureStream(bus, stream)));
}

async function ensureStream(bus: Bus, stream: StreamSpec): Promise<void> {
  const config = configOf(stream);
  try {
    await bus.manager.streams.add(config);
  } catch (error) {
    if (!(error instanceof JetStreamApiError) || error.code !== nameInUseWithOtherConfig) throw error;
    await bus.manager.streams.update(stream.name, config);
  }
}

/** How a durable consumer takes its messages. */
export interface ConsumerSpec {
  readonly stream: StreamSpec;
  /** `<service>-<reaction>`. */
  readonly durable: string;
  readonly filters: readonly string[];
  /** A message that is not acknowledged for this long is delivered again, in milliseconds. */
  readonly ackWaitMs: number;
  /** Messages that all instances together may hold without having acknowledged them. */
  readonly ackPendingMax: number;
  /** Where a consumer that is made now begins: at what was published from then on; at the beginning, where nothing is said. */
  readonly since?: Date | undefined;
}

/** Makes the durable consumer (and its stream) where it is missing, mends it where it differs, and says how it stands. */
export async function ensureConsumer(bus: Bus, spec: ConsumerSpec): Promise<ConsumerInfo> {
  await ensureStream(bus, spec.stream);
  return bus.manager.consumers.add(spec.stream.name, {
    durable_name: spec.durable,
    ack_policy: AckPolicy.Explicit,
    ...(spec.since === undefined ? { deliver_policy: DeliverPolicy.All } : { deliver_policy: DeliverPolicy.StartTime, opt_start_time: spec.since.toISOString() }),
    filter_subjects: [...spec.filters],
    ack_wait: nanos(spec.ackWaitMs),
    max_ack_pending: spec.ackPendingMax,
    max_deliver: -1,
  });
}
