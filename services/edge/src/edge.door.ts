import { APP_FILTER, APP_PIPE } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { HttpDoor } from '@tollwire/platform';
import { AlarmsController } from './api/alarms.controller.ts';
import { AllowancesController } from './api/allowances.controller.ts';
import { ApiKeysController } from './api/api-keys.controller.ts';
import { CallControlController } from './api/call-control.controller.ts';
import { CallersController } from './api/callers.controller.ts';
import { CallsController } from './api/calls.controller.ts';
import { CardLifeController } from './api/card-life.controller.ts';
import { CardsController } from './api/cards.controller.ts';
import { CarrierWatchController } from './api/carrier-watch.controller.ts';
import { CarriersController } from './api/carriers.controller.ts';
import { CatalogController } from './api/catalog.controller.ts';
import { DeckImportsController } from './api/deck-imports.controller.ts';
import { DecksController } from './api/decks.controller.ts';
import { ExchangeRatesController } from './api/exchange-rates.controller.ts';
import { FraudController } from './api/fraud.controller.ts';
import { ImportsController } from './api/imports.controller.ts';
import { ListsController } from './api/lists.controller.ts';
import { MoneyController } from './api/money.controller.ts';
import { NumberRulesController } from './api/number-rules.controller.ts';
import { OpsController } from './api/ops.controller.ts';
import { PaymentWebhooksController } from './api/payment-webhooks.controller.ts';
import { PlansController } from './api/plans.controller.ts';
import { RecordsController } from './api/records.controller.ts';
import { ReratingsController } from './api/reratings.controller.ts';
import { ProviderRatesController } from './api/provider-rates.controller.ts';
import { RoutingPoliciesController } from './api/routing-policies.controller.ts';
import { VouchersController } from './api/vouchers.controller.ts';
import { WatchController } from './api/watch.controller.ts';
import { EDGE, type EdgeDeps } from './edge.deps.ts';
import { access, rolesOf } from './http/access.ts';
import { hangDoor, serverOptions } from './http/door.ts';
import { document } from './http/openapi.ts';
import { parsePipe } from './http/parse.ts';
import { ProblemFilter } from './http/problem.filter.ts';

/** The one HTTP door of Tollwire: a controller for each area, how every body is parsed, and how every error leaves. */
export const edgeDoor: HttpDoor<EdgeDeps> = {
  controllers: [
    ...[CallsController, ImportsController, CatalogController, DeckImportsController, DecksController, PlansController, ExchangeRatesController],
    ...[CardsController, CardLifeController, CallersController, CarriersController, CarrierWatchController, ProviderRatesController, RoutingPoliciesController],
    ...[AllowancesController, ReratingsController, WatchController, AlarmsController, RecordsController, OpsController, ApiKeysController],
    ...[CallControlController, MoneyController, VouchersController, PaymentWebhooksController],
    ...[ListsController, FraudController, NumberRulesController],
  ],
  routes: access,
  providers: (deps) => [
    { provide: EDGE, useValue: deps },
    { provide: APP_FILTER, useValue: new ProblemFilter(deps.log) },
    { provide: APP_PIPE, useValue: parsePipe },
  ],
  server: ({ limits }) => serverOptions(limits),
  configure(app, deps) {
    refuseUnlistedRoutes(app);
    hangDoor(app, deps);
    document(app);
  },
};

/** A route that no role may call is a mistake that stops the start. */
function refuseUnlistedRoutes(app: NestFastifyApplication): void {
  app.getHttpAdapter().getInstance().addHook('onRoute', ({ method, url }) => {
    for (const verb of [method].flat()) {
      if (url.startsWith('/v1/') && rolesOf(verb, url) === undefined) {
        throw new Error(`${verb} ${url} is not in the table of access: nobody could call it`);
      }
    }
  });
}
