import { CatalogService, DeckKind } from '@tollwire/contracts';
import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import type { Resources } from '@tollwire/platform';
import { DeckReplica, type ReplicaOptions } from '@tollwire/rate-decks';
import { AllowanceTargets } from './allowances/targets.ts';
import { AsOfTables } from './as-of/as-of-tables.ts';
import type { HistoryCatalog } from './as-of/catalog-history.ts';
import { AuthorizedCalls } from './rated-calls/authorized-calls.ts';
import { ErasedCalls } from './rated-calls/erased-calls.ts';
import { directDecks } from './spread/direct-rates.ts';
import { CurrentTables } from './spread/current-tables.ts';
import { SubscriberPlans } from './subscribers/subscriber-plans.ts';

/** What everything in the service is made of. */
export interface RatingDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** First token of every subject. */
  readonly root: string;
  /** Tells the relay that a commit left something to publish. */
  readonly wakeRelay: () => void;
  readonly tables: CurrentTables;
  readonly subscribers: SubscriberPlans;
  readonly allowances: AllowanceTargets;
  readonly replica: DeckReplica;
  readonly catalog: ReplicaOptions['catalog'];
  readonly asOf: AsOfTables;
  /** Calls whose people are erased. */
  readonly erased: ErasedCalls;
  /** Calls that were authorized and are not rated yet. */
  readonly authorized: AuthorizedCalls;
}

/** What the parts are made from. */
export interface RatingSources extends Pick<RatingDeps, 'database' | 'clock' | 'root' | 'wakeRelay'> {
  readonly catalog: ReplicaOptions['catalog'] & HistoryCatalog;
  /** Told of a deck that cannot be taken in yet, or is left out. */
  readonly onError: (error: unknown) => void;
}

/** Makes the parts; nothing is in memory before `replica.start`. */
export function ratingOf({ catalog, onError, ...shared }: RatingSources): RatingDeps {
  const tables = new CurrentTables(onError);
  const replica = new DeckReplica({
    database: shared.database,
    catalog,
    kinds: [DeckKind.TARIFF, DeckKind.RETAIL, DeckKind.CARRIER],
    apply: async (state) => tables.take(state, await directDecks(shared.database)),
    onError,
  });
  const asOf = new AsOfTables({ database: shared.database, catalog, current: () => tables.now, onError });
  return { ...shared, tables, subscribers: new SubscriberPlans(), allowances: new AllowanceTargets(), replica, catalog, asOf, erased: new ErasedCalls(), authorized: new AuthorizedCalls() };
}

/** Makes the parts from what the platform has opened. */
export function createRating(resources: Resources): RatingDeps {
  const { database, clock, root, wakeRelay, logger } = resources;
  const onError = (error: unknown) => logger.warn({ err: error }, 'A rate deck cannot be taken in yet');
  return ratingOf({ database, clock, root, wakeRelay, catalog: resources.ask(CatalogService, 'catalog'), onError });
}
