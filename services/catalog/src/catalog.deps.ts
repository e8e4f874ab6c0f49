import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';

/** What everything in the service is made of. */
export interface CatalogDeps {
  readonly database: Database;
  /** Where COPY goes, on a connection of its own: `postgres://…`, as the database's. */
  readonly databaseUrl: string;
  readonly clock: Clock;
  /** First token of every subject. */
  readonly root: string;
  /** Whether a version must be approved by another than who imported it. */
  readonly fourEyes: boolean;
  /** Tells the relay that a commit left something to publish. */
  readonly wakeRelay: () => void;
}
