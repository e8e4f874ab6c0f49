import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import type { DeckReplica } from '@tollwire/rate-decks';
import type { CurrentTables } from './spread/current-tables.ts';
import type { SubscriberPlans } from './subscribers/subscriber-plans.ts';

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
