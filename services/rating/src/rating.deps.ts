import { CatalogService, DeckKind } from '@tollwire/contracts';
import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import type { Resources } from '@tollwire/platform';
import { DeckReplica } from '@tollwire/rate-decks';
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
  readonly replica: DeckReplica;
}

/** Makes the parts from what the platform has opened. */
export function createRating({ database, clock, root, wakeRelay, ask, logger }: Pick<Resources, 'database' | 'clock' | 'root' | 'wakeRelay' | 'ask' | 'logger'>): RatingDeps {
  const onError = (error: unknown) => logger.warn({ err: error }, 'A rate deck cannot be taken in yet');
  const tables = new CurrentTables(onError);
  const replica = new DeckReplica({
    database,
    catalog: ask(CatalogService, 'catalog'),
    kinds: [DeckKind.TARIFF, DeckKind.RETAIL, DeckKind.CARRIER],
    apply: (state) => tables.take(state),
    onError,
  });
  return { database, clock, root, wakeRelay, tables, subscribers: new SubscriberPlans(), replica };
}
