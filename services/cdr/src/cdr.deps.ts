import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import type { Switches } from './projections/switches.ts';

/** What the parts of the service share. */
export interface CdrDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** First token of every subject on the bus. */
  readonly root: string;
  readonly switches: Switches;
}
