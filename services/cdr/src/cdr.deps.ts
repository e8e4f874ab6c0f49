import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import { Switches } from './projections/switches.ts';

/** What the parts of the service share. */
export interface CdrDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** First token of every subject on the bus. */
  readonly root: string;
  readonly switches: Switches;
}

/** Makes what the parts share from what the platform has opened. */
export function createCdr({ database, clock, root }: Pick<CdrDeps, 'database' | 'clock' | 'root'>): CdrDeps {
  return { database, clock, root, switches: new Switches() };
}
