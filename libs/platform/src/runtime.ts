import { metrics } from '@opentelemetry/api';
import { OpsService, type ReceivedEvent } from '@tollwire/contracts';
import { isTransient, keepParked, type OutboxRelay, prune, type Reaction, runReaction } from '@tollwire/event-store';
import { BatchConsumer, ensureTopology, type Served, serve, streamSpecOf, subscriptionsOf } from '@tollwire/messaging';
import { type Flow, reactionsOf, type Sweep } from './flow.ts';
import { forgetsOf, lettersOf } from './forget-number.ts';
import { latencyHistogram, metricNames } from './metrics.ts';
import { observeConsumers, observeDatabase, observeVersions, requestRecorder } from './observe.ts';
import { opsAnswers } from './ops-answers.ts';
import { type ReadinessReport, readinessOf } from './readiness.ts';
import type { Resources } from './resources.ts';
import { Sweeper } from './sweeper.ts';

/**
 * Events of one batch at most. Under load a larger batch is cheaper an event (one commit, fewer statements, several events
 * of one call at once); much larger ones would only make a transaction longer.
 */
const eventsMax = 3000;

/** A flow at work: its relay, consumers, answers and sweeps. Nothing runs before `start`. */
export class Runtime<Deps = unknown> {
  readonly #flow: Flow<Deps>;
  readonly #deps: Deps;
  readonly #resources: Resources;
  readonly #reactions: readonly Reaction[];
  readonly #relay: OutboxRelay;
  readonly #consumers: readonly BatchConsumer[];
  readonly #sweeper: Sweeper;
  #served: readonly Served[] = [];
  #prepared = false;
  #missing = '';

  constructor(flow: Flow<Deps>, deps: Deps, resources: Resources, relay: OutboxRelay) {
    this.#flow = flow;
    this.#deps = deps;
    this.#resources = resources;
    this.#relay = relay;
    this.#reactions = reactionsOf(flow, deps);
    this.#consumers = this.#reactions.flatMap((reaction) => this.#consumersOf(reaction));
    this.#sweeper = new Sweeper([...sweepsOf(flow, deps), pruning(resources)], resources.logger);
  }

  /** Publishes, reacts, fills what is kept in memory, and only then answers. */
  async start(): Promise<void> {
    const { bus, root, config, logger, service } = this.#resources;
    await ensureTopology(bus, [streamSpecOf(root, service, config.STREAM_REPLICAS)]);
    observeDatabase(this.#resources);
    observeConsumers(this.#resources.meter, this.#consumers);
    observeVersions(this.#resources.meter, () => this.#flow.readiness?.(this.#deps));
    this.#relay.start();
    const onError = (error: unknown, about: object) => logger.error({ err: error, ...about }, 'A request failed');
    const served = { root, service, onError, onAnswered: requestRecorder(this.#resources.meter, 'server') };
    this.#served = [serve(bus, OpsService, opsAnswers(this.#resources, this.#reactions, forgetsOf(this.#flow, this.#deps, lettersOf(this.#resources, this.#reactions))), served)];
    await this.#flow.prepare?.(this.#deps);
    await Promise.all(this.#consumers.map((consumer) => consumer.start()));
    const answers = this.#flow.answers.map(({ service: descriptor, make }) => serve(bus, descriptor, make(this.#deps), served));
    this.#served = [...this.#served, ...answers];
    // Ready is only who can be reached: until the server knows the subscriptions, it says that nobody answers.
    await bus.connection.flush();
    this.#sweeper.start();
    this.#prepared = true;
  }

  /** Takes nothing new, finishes what is under way, publishes what that left, and closes. */
  async stop(): Promise<void> {
    this.#prepared = false;
    await this.#sweeper.stop();
    await Promise.all(this.#served.map((served) => served.stop()));
    await Promise.all(this.#consumers.map((consumer) => consumer.stop()));
    await this.#relay.stop();
    await this.#flow.close?.(this.#deps);
    await this.#resources.bus.close();
    await this.#resources.database.close();
  }

  /** Whether it can work, and what is missing; a change of that goes into the log, too. */
  async readiness(): Promise<ReadinessReport> {
    const own = this.#flow.readiness?.(this.#deps);
    const versions = own?.versions?.();
    const report = await readinessOf(this.#resources, {
      prepared: this.#prepared && (own?.isReady() ?? true),
      facts: own?.describe() ?? {},
      ...(versions === undefined ? {} : { versions }),
      relayError: this.#relay.lastError,
    });
    const missing = report.missing.join('; ');
    if (missing !== this.#missing) this.#resources.logger[missing === '' ? 'info' : 'warn']({ missing: report.missing }, `Readiness: ${report.status}`);
    this.#missing = missing;
    return report;
  }

  #consumersOf(reaction: Reaction): BatchConsumer[] {
    const { bus, database, root, service, config, logger, wakeRelay } = this.#resources;
    const batchSec = latencyHistogram(metrics.getMeter('tollwire'), metricNames.consumerBatch, 'Time from a batch to its commit');
    const durable = `${service}-${reaction.name}`;
    const refused = metrics.getMeter('tollwire').createCounter(metricNames.refusedEvents, { description: 'Events that a reaction refused and parked, by code' });
    const handle = async (events: readonly ReceivedEvent[]) => {
      await runReaction(database, reaction, events, (codes) => {
        for (const code of codes) refused.add(1, { consumer: durable, code });
      });
      wakeRelay();
    };
    const subscriptions = subscriptionsOf(root, reaction.events, config.STREAM_REPLICAS);
    // Consumers of one durable share its messages, in one process as in several.
    return Array.from({ length: reaction.batchesAtOnce ?? 1 }, () => subscriptions).flat().map(({ stream, filters }) =>
      new BatchConsumer({
        bus, stream, durable, filters, handle, isTransient, eventsMax,
        ...(reaction.standsBy === undefined ? {} : { standsBy: reaction.standsBy }),
        park: (parked) => keepParked(database, reaction.name, parked),
        onBatch: ({ durationMs }) => batchSec.record(durationMs / 1000, { consumer: durable }),
        onNotice: ({ kind, ...facts }) => logger[kind === 'recovered' ? 'info' : 'warn'](facts, `Consumer: ${kind}`),
      }),
    );
  }
}

function sweepsOf<Deps>({ sweeps = [] }: Pick<Flow<Deps>, 'sweeps'>, deps: Deps): Sweep[] {
  return sweeps.map(({ name, everyMs, run }) => ({ name, everyMs, run: () => run(deps) }));
}

/** Drops outbox rows and receipts that are past their time; every instance does, and what one has dropped is gone for all. */
function pruning({ database }: Pick<Resources, 'database'>): Sweep {
  const run = async () => {
    await prune(database);
  };
  return { name: 'prune', everyMs: 3_600_000, run };
}
