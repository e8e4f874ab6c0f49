import type { DynamicModule, LoggerService, LogLevel } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { HttpDoor } from './flow.ts';

/** How often connections that fell idle are looked for while the server closes. */
const sweepMs = 50;

/**
 * The HTTP server of a service, configured and not yet listening. `close()` takes no more connections, lets the
 * requests that are under way end, and closes each connection as soon as it is idle.
 */
export async function httpApp<Deps>(
  door: HttpDoor<Deps> | undefined,
  deps: Deps,
  module: DynamicModule,
  logger: LoggerService | LogLevel[],
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter(door?.server?.(deps) ?? {});
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger, abortOnError: false });
  closeConnectionsAsTheyFallIdle(app);
  await door?.configure?.(app, deps);
  return app;
}

/**
 * Fastify closes idle connections once, as it begins to close. One whose answer was sent before all of its request had
 * come (an upload that was refused) falls idle later, and would hold the process for as long as it is kept alive: 72 s.
 */
function closeConnectionsAsTheyFallIdle(app: NestFastifyApplication): void {
  const server = app.getHttpServer();
  app.getHttpAdapter().getInstance().addHook('preClose', (done) => {
    const sweep = setInterval(() => server.closeIdleConnections(), sweepMs).unref();
    server.once('close', () => clearInterval(sweep));
    done();
  });
}
