import { CatalogService, DeckKind } from '@tollwire/contracts';
import type { Clock } from '@tollwire/core';
import type { Database, HandlerOf } from '@tollwire/event-store';
import type { Resources } from '@tollwire/platform';
import { DeckReplica, type ReplicaOptions } from '@tollwire/rate-decks';
import type { provider } from './domain/provider.ts';
import { LiveRouter } from './live/live-router.ts';
import { carrierBook } from './live/load-carriers.ts';

/** What the parts of routing share. */
export interface RoutingDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly router: LiveRouter;
  readonly replica: DeckReplica;
  /** Who carries out the commands of providers; the flow says where they are stored. */
  readonly providers: HandlerOf<typeof provider>;
}

/** What routing is made of: in production the platform's resources. */
export type RoutingResources = Pick<Resources, 'database' | 'clock' | 'logger'> & Pick<RoutingDeps, 'providers'> & { readonly catalog: ReplicaOptions['catalog'] };

export function createRouting(resources: Resources, providers: RoutingDeps['providers']): RoutingDeps {
  return routingOn({ ...resources, providers, catalog: resources.ask(CatalogService, 'catalog') });
}

export function routingOn({ database, clock, logger, providers, catalog }: RoutingResources): RoutingDeps {
  const router = new LiveRouter(carrierBook(database));
  const replica = new DeckReplica({
    database,
    catalog,
    kinds: [DeckKind.CARRIER],
    apply: (state) => router.apply(state),
    onError: (error) => logger.warn({ err: error }, 'A rate deck cannot be taken in yet'),
  });
  return { database, clock, router, replica, providers };
}
