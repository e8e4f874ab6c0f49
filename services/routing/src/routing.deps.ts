import { CatalogService, DeckKind, ListService } from '@tollwire/contracts';
import type { Clock } from '@tollwire/core';
import type { Database, HandlerOf } from '@tollwire/event-store';
import type { CommonConfig, Resources } from '@tollwire/platform';
import { DeckReplica, type ReplicaOptions } from '@tollwire/rate-decks';
import { randomUUID } from 'node:crypto';
import type { planPolicy } from './domain/plan-policy.ts';
import type { provider } from './domain/provider.ts';
import { CallLeases } from './live/call-leases.ts';
import { LiveRouter } from './live/live-router.ts';
import { carrierBook } from './live/load-carriers.ts';
import { LiveLists, type TellsLists } from './lists/live-lists.ts';
import { SpentBalances } from './live/spent-balances.ts';
import { MeasuredQualities } from './live/measured-qualities.ts';

/** What the parts of routing share. */
export interface RoutingDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly router: LiveRouter;
  readonly replica: DeckReplica;
  /** Where versions are fetched that are not in force. */
  readonly catalog: ReplicaOptions['catalog'];
  /** Blacklist and whitelist. */
  readonly lists: LiveLists;
  /** First token of every subject. */
  readonly root: string;
  readonly wakeRelay: () => void;
  /** What was measured of carriers, for routes and for people. */
  readonly qualities: MeasuredQualities;
  /** What is in use of the capacity of carriers. */
  readonly leases: CallLeases;
  /** What calls have used up of the balances of carriers. */
  readonly balances: SpentBalances;
  /** How far back the quality of carriers is measured, in seconds. */
  readonly qualityWindowSec: number;
  /** Who carries out the commands of providers; the flow says where they are stored. */
  readonly providers: HandlerOf<typeof provider>;
  /** Who carries out the commands of plans' policies. */
  readonly policies: HandlerOf<typeof planPolicy>;
}

/** What the service reads of its environment, beyond what all do. */
export interface RoutingConfig extends CommonConfig {
  readonly QUALITY_WINDOW_SEC: number;
}

/** Who carries out commands. */
export type RoutingAggregates = Pick<RoutingDeps, 'providers' | 'policies'>;

/** What routing is made of: in production the platform's resources. */
export type RoutingResources = Pick<Resources, 'database' | 'clock' | 'logger' | 'root' | 'wakeRelay'> & RoutingAggregates & {
  readonly catalog: ReplicaOptions['catalog'];
  readonly cdr: TellsLists;
  readonly qualityWindowSec?: number;
};

/** A quarter of an hour. */
export const qualityWindowSecDefault = 900;

export function createRouting(
  { config, ...resources }: Resources<RoutingConfig>, aggregates: RoutingAggregates,
): RoutingDeps {
  const [catalog, cdr] = [resources.ask(CatalogService, 'catalog'), resources.ask(ListService, 'cdr')];
  return routingOn({ ...resources, ...aggregates, qualityWindowSec: config.QUALITY_WINDOW_SEC, catalog, cdr });
}

export function routingOn(
  { database, clock, logger, root, wakeRelay, providers, policies, catalog, cdr, qualityWindowSec = qualityWindowSecDefault }: RoutingResources,
): RoutingDeps {
  const qualities = new MeasuredQualities(database, qualityWindowSec);
  const leases = new CallLeases({ database, clock, instance: randomUUID() });
  const balances = new SpentBalances(database);
  const lists = new LiveLists(database, cdr);
  const router = new LiveRouter(carrierBook(database), { quality: qualities, capacity: leases, balances }, lists);
  const replica = new DeckReplica({
    database,
    catalog,
    kinds: [DeckKind.CARRIER],
    apply: (state) => router.apply(state),
    onError: (error) => logger.warn({ err: error }, 'A rate deck cannot be taken in yet'),
  });
  return { database, clock, router, replica, catalog, qualities, qualityWindowSec, leases, balances, lists, root, wakeRelay, providers, policies };
}
