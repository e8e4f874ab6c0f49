import 'reflect-metadata';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { APP_FILTER, APP_PIPE, NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ApiKeysController } from './api/api-keys.controller.ts';
import { CallsController } from './api/calls.controller.ts';
import { CardsController } from './api/cards.controller.ts';
import { CarriersController } from './api/carriers.controller.ts';
import { CatalogController } from './api/catalog.controller.ts';
import { ImportsController } from './api/imports.controller.ts';
import { OpsController } from './api/ops.controller.ts';
import { EDGE, type EdgeDeps } from './edge.deps.ts';
import { rolesOf } from './http/access.ts';
import { doorOptions, hangDoor } from './http/door.ts';
import { document } from './http/openapi.ts';
import { parsePipe } from './http/parse.ts';
import { ProblemFilter } from './http/problem.filter.ts';

/** One controller for each area of the API. */
export const controllers: readonly Type[] = [
  CallsController, ImportsController, CatalogController, CardsController, CarriersController, OpsController, ApiKeysController,
];

/** What the controllers are given, how every body is parsed, and how every error leaves. */
export function providersOf(deps: EdgeDeps) {
  return [
    { provide: EDGE, useValue: deps },
    { provide: APP_FILTER, useValue: new ProblemFilter(deps.log) },
    { provide: APP_PIPE, useValue: parsePipe },
  ];
}

/** Hangs the door before the controllers and documents them; a route that no role may call stops the start. */
export function furnish(app: NestFastifyApplication, deps: EdgeDeps): void {
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const verb of [method].flat()) {
      if (url.startsWith('/v1/') && verb !== 'HEAD' && rolesOf(verb, url) === undefined) {
        throw new Error(`${verb} ${url} is not in the table of access: nobody could call it`);
      }
    }
  });
  hangDoor(fastify, deps);
  document(app);
}

@Module({})
class EdgeModule {}

/** The edge as an HTTP application, ready to listen. */
export async function edgeApp(deps: EdgeDeps): Promise<NestFastifyApplication> {
  const module: DynamicModule = { module: EdgeModule, controllers: [...controllers], providers: providersOf(deps) };
  const adapter = new FastifyAdapter(doorOptions(deps.limits.jsonBytesMax));
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { bodyParser: false, logger: ['error', 'warn'] });
  furnish(app, deps);
  return app;
}
