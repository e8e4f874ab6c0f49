import { CatalogService, DeckKind, ListService } from '@tollwire/contracts';
import type { Clock } from '@tollwire/core';
import type { Database, HandlerOf } from '@tollwire/event-store';
import type { Resources } from '@tollwire/platform';
import { DeckReplica, type ReplicaOptions } from '@tollwire/rate-decks';
import type { planPolicy } from './domain/plan-policy.ts';
import type { provider } from './domain/provider.ts';
import { LiveRouter } from './live/live-router.ts';
import { carrierBook } from './live/load-carriers.ts';
import { LiveLists, type TellsLists } from './lists/live-lists.ts';

/** What the parts of routing share. */
export interface RoutingDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly router: LiveRouter;
  readonly replica: DeckReplica;
  /** Blacklist and whitelist. */
  readonly lists: LiveLists;
  /** First token of every subject. */
  readonly root: string;
  readonly wakeRelay: () => void;
  /** Who carries out the commands of providers; the flow says where they are stored. */
  readonly providers: HandlerOf<typeof provider>;
  /** Who carries out the commands of plans' policies. */
  readonly policies: HandlerOf<typeof planPolicy>;
}

/** Who carries out commands. */
export type RoutingAggregates = Pick<RoutingDeps, 'providers' | 'policies'>;

/** What routing is made of: in production the platform's resources. */
export type RoutingResources = Pick<Resources, 'database' | 'clock' | 'logger' | 'root' | 'wakeRelay'> & RoutingAggregates & {
  readonly catalog: ReplicaOptions['catalog'];
  readonly cdr: TellsLists;
};

export function createRouting(resources: Resources, aggregates: RoutingAggregates): RoutingDeps {
  return routingOn({ ...resources, ...aggregates, catalog: resources.ask(CatalogService, 'catalog'), cdr: resources.ask(ListService, 'cdr') });
}

export function routingOn({ database, clock, logger, root, wakeRelay, providers, policies, catalog, cdr }: RoutingResources): RoutingDeps {
  const lists = new LiveLists(database, cdr);
  const router = new LiveRouter(carrierBook(database), lists);
  const replica = new DeckReplica({
    database,
    catalog,
    kinds: [DeckKind.CARRIER],
    apply: (state) => router.apply(state),
    onError: (error) => logger.warn({ err: error }, 'A rate deck cannot be taken in yet'),
  });
  return { database, clock, router, replica, lists, root, wakeRelay, providers, policies };
}
