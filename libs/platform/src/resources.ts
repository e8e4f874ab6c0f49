import type { DescService } from '@bufbuild/protobuf';
import type { Meter } from '@opentelemetry/api';
import type { Clock } from '@tollwire/core';
import { Database } from '@tollwire/event-store';
import { type Asker, askerOf, type Bus, connectBus } from '@tollwire/messaging';
import { setTimeout as delay } from 'node:timers/promises';
import { systemClock } from './clock.ts';
import type { CommonConfig } from './config.ts';
import type { Logger } from './logger.ts';
import { requestRecorder } from './observe.ts';

/** What the platform opens for a service, and the service makes its parts from. */
export interface Resources<Config extends CommonConfig = CommonConfig> {
  readonly service: string;
  readonly config: Config;
  readonly database: Database;
  readonly bus: Bus;
  /** First token of every subject. */
  readonly root: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly meter: Meter;
  /** Tells the relay that a commit left something to publish. */
  readonly wakeRelay: () => void;
  /** Asks another service over the bus. */
  ask<Service extends DescService>(descriptor: Service, service: string): Asker<Service>;
}

/** How long a service waits for its servers when it starts: they may be starting too. */
const startWaitMs = 60_000;

/** Opens the database and the bus; rejects with what to look at when one does not answer within a minute. */
export async function openResources<Config extends CommonConfig>(
  service: string,
  config: Config,
  logger: Logger,
  meter: Meter,
  wakeRelay: () => void,
): Promise<Resources<Config>> {
  const applicationName = `tollwire-${service}`;
  const database = await withinStart('PostgreSQL', 'DATABASE_URL', () =>
    Database.connect({
      url: config.DATABASE_URL,
      applicationName,
      poolMax: config.DATABASE_POOL_MAX,
      onError: (error) => logger.warn({ err: error }, 'A connection to PostgreSQL was lost'),
    }),
  );
  const bus = await withinStart('NATS', 'NATS_URL', () =>
    connectBus({ url: config.NATS_URL, name: applicationName, onNotice: (notice) => logger.warn(notice) }),
  );
  const root = config.BUS_ROOT;
  const onAnswered = requestRecorder(meter, 'client');
  return {
    service, config, database, bus, root, logger, meter, wakeRelay,
    clock: systemClock,
    ask: (descriptor, answering) => askerOf(descriptor, bus, { root, service: answering, onAnswered }),
  };
}

async function withinStart<T>(server: string, variable: string, open: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + startWaitMs;
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (performance.now() >= deadline) {
        throw new Error(`${server} did not take a connection for ${startWaitMs / 1000} s; check ${variable} and that the server runs`, { cause: error });
      }
      await delay(250);
    }
  }
}
