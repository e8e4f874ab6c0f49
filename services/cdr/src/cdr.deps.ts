import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import { type ClosingRules, defaultRules } from './domain/abandon.ts';
import type { NamesDestinations } from './projections/destinations.ts';
import { Switches } from './projections/switches.ts';

/** What the parts of the service share. */
export interface CdrDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** First token of every subject on the bus. */
  readonly root: string;
  readonly switches: Switches;
  /** After how long a call without an end is closed. */
  readonly rules: ClosingRules;
  /** Names destinations; answered by catalog. */
  readonly catalog: NamesDestinations;
}

/** Makes what the parts share from what the platform has opened. */
export function createCdr({ database, clock, root, catalog, rules = defaultRules }: Pick<CdrDeps, 'database' | 'clock' | 'root' | 'catalog'> & Partial<Pick<CdrDeps, 'rules'>>): CdrDeps {
  return { database, clock, root, rules, catalog, switches: new Switches() };
}
