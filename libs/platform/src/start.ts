import 'reflect-metadata';
import { OutboxRelay } from '@tollwire/event-store';
import { JetStreamPublisher, streamSpecOf } from '@tollwire/messaging';
import { commonConfig, ConfigurationError, readConfig } from './config.ts';
import type { Flow, ServiceConfig } from './flow.ts';
import { httpApp } from './http-app.ts';
import { createLogger, type Logger, nestLogger } from './logger.ts';
import { metricNames } from './metrics.ts';
import { migrate } from './orm.ts';
import { openResources, type Resources } from './resources.ts';
import { Runtime } from './runtime.ts';
import { ServiceModule } from './service-module.ts';
import { startTelemetry } from './telemetry.ts';

/** The exit status for a wrong environment (`EX_CONFIG` of sysexits.h): starting again would not help. */
const exitConfiguration = 78;

/**
 * Runs a service as this process: reads the environment, migrates, opens the servers, and works until SIGTERM or
 * SIGINT. Ends the process with one sentence when it cannot start.
 */
export async function startService<Deps, Config extends ServiceConfig>(flow: Flow<Deps, Config>): Promise<void> {
  const startup = createLogger(flow.name, 'info');
  try {
    const running = await launch(flow, process.env);
    stopOnSignal(() => running.stop(), running.logger);
    await running.ready;
    running.logger.info({ address: running.address }, 'ready');
  } catch (error) {
    if (error instanceof ConfigurationError) startup.fatal(error.message);
    else startup.fatal({ err: error }, `${flow.name} cannot start`);
    process.exit(error instanceof ConfigurationError ? exitConfiguration : 1);
  }
}

/** A service that listens; it is at work once `ready` resolves. */
export interface Running {
  readonly address: string;
  readonly logger: Logger;
  /** Rejects where the service cannot begin its work. */
  readonly ready: Promise<void>;
  /** Finishes what is under way and closes everything; may be called before the service is ready. */
  stop(): Promise<void>;
}

/**
 * Opens the servers, migrates, listens for health, and sets the service to work. Rejects with a ConfigurationError where
 * the environment does not configure it, and when its servers stay away or its migration fails.
 */
export async function launch<Deps, Config extends ServiceConfig>(
  flow: Flow<Deps, Config>,
  env: Readonly<Record<string, string | undefined>>,
  openTelemetry: typeof startTelemetry = startTelemetry,
): Promise<Running> {
  const common = readConfig(commonConfig, env);
  const config = readConfig(flow.config, env);
  const logger = createLogger(flow.name, common.LOG_LEVEL);
  const telemetry = openTelemetry(flow.name, common, logger);
  // The relay is made from the resources, which can wake it: nothing rings before both are there.
  const relays: OutboxRelay[] = [];
  const wakeRelay = () => {
    for (const relay of relays) relay.wake();
  };
  const resources = await openResources(flow.name, config, logger, telemetry.meter, wakeRelay);
  // After the servers have answered, because a migration that fails is not tried again.
  if (common.MIGRATION_DATABASE_URL !== undefined) {
    await migrate(common.MIGRATION_DATABASE_URL, new URL(common.DATABASE_URL).username, flow.schema);
  }
  const relay = relayOf(resources);
  relays.push(relay);
  const deps = flow.deps(resources);
  const runtime = new Runtime(flow, deps, resources, relay);
  const app = await httpApp(flow.http, deps, ServiceModule.of(flow, deps, runtime, telemetry), nestLogger(logger));
  await app.listen(common.HTTP_PORT, common.HTTP_HOST);
  const stop = async () => {
    await app.close();
    await runtime.stop();
    await telemetry.shutdown();
  };
  return { address: await app.getUrl(), logger, ready: runtime.start(), stop };
}

function relayOf({ database, bus, root, service, config, logger, meter }: Resources): OutboxRelay {
  const published = meter.createCounter(metricNames.published, { description: 'Events that the relay has published' });
  return new OutboxRelay({
    database,
    publisher: new JetStreamPublisher(bus, streamSpecOf(root, service, config.STREAM_REPLICAS)),
    service,
    onPublished: ({ events }) => published.add(events),
    onRedrive: (rows) => logger.warn({ rows }, 'The stream had lost messages; they are published again'),
    onError: (error) => logger.warn({ err: error }, 'The outbox could not be published; trying again'),
  });
}

function stopOnSignal(stop: () => Promise<void>, logger: Logger): void {
  let stopping = false;
  const onSignal = (signal: NodeJS.Signals) => {
    if (stopping) return;
    stopping = true;
    logger.info({ signal }, 'stopping');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.error({ err: error }, 'The service did not stop cleanly; what it had not finished is done again at the next start');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
}
