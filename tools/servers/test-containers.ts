import { randomBytes } from 'node:crypto';
import { GenericContainer, Wait } from 'testcontainers';
import type { StartedTestContainer } from 'testcontainers';
import { images } from './docker.ts';

/** Throw-away servers in containers, for the tests of a machine with a Docker engine. */
export async function startContainers(wanted: { postgres: boolean; nats: boolean }): Promise<{
  environment: Record<string, string>;
  remove: () => Promise<void>;
}> {
  const password = randomBytes(12).toString('hex');
  const environment: Record<string, string> = {};
  const started: StartedTestContainer[] = [];
  if (wanted.postgres) {
    const container = await new GenericContainer(images.postgres)
      .withEnvironment({ POSTGRES_PASSWORD: password })
      .withCommand(['-c', 'fsync=off', '-c', 'max_connections=200'])
      .withExposedPorts(5432)
      .withWaitStrategy(Wait.forLogMessage(/ready to accept connections/, 2))
      .start();
    started.push(container);
    environment['TOLLWIRE_TEST_PG_URL'] = `postgres://postgres:${password}@${container.getHost()}:${container.getMappedPort(5432)}/postgres`;
  }
  if (wanted.nats) {
    const container = await new GenericContainer(images.nats)
      .withCommand(['-js'])
      .withExposedPorts(4222)
      .withWaitStrategy(Wait.forLogMessage(/Server is ready/))
      .start();
    started.push(container);
    environment['TOLLWIRE_TEST_NATS_URL'] = `nats://${container.getHost()}:${container.getMappedPort(4222)}`;
  }
  return {
    environment,
    remove: async () => {
      await Promise.all(started.map((container) => container.stop()));
    },
  };
}
