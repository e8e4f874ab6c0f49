import type { SendsMail } from './alarms/send-mail.ts';
import type { Clock } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import { type ClosingRules, defaultRules } from './domain/abandon.ts';
import type { NamesDestinations } from './projections/destinations.ts';
import { NumberKeys } from './numbers/number-keys.ts';
import { Switches } from './projections/switches.ts';

/** What the parts of the service share. */
export interface CdrDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** First token of every subject on the bus. */
  readonly root: string;
  readonly switches: Switches;
  /** By which the numbers of calls are sealed. */
  readonly numbers: NumberKeys;
  /** After how long a call without an end is closed. */
  readonly rules: ClosingRules;
  /** Sends notices of alarms by e-mail; undefined: there is no server for it. */
  readonly mail: SendsMail | undefined;
  /** Whether webhooks may lie within a network: loopback, private, link-local. */
  readonly allowsPrivateWebhooks: boolean;
  /** For how many days calls are kept; 0: for good. */
  readonly callKeptDays: number;
  /** For how many days numbers can be read; 0: as long as there are calls. */
  readonly numbersKeptDays: number;
  /** Names destinations; answered by catalog. */
  readonly catalog: NamesDestinations;
}

type Needed = Pick<CdrDeps, 'database' | 'clock' | 'root' | 'catalog'>;

type Settings = Pick<CdrDeps, 'rules' | 'numbersKeptDays' | 'callKeptDays' | 'mail' | 'allowsPrivateWebhooks'>;
const usual: Settings = { rules: defaultRules, numbersKeptDays: 0, callKeptDays: 0, mail: undefined, allowsPrivateWebhooks: false };

/** Makes what the parts share from what the platform has opened. */
export function createCdr({ database, clock, root, catalog, ...settings }: Needed & Partial<Settings>): CdrDeps {
  return { ...usual, ...settings, database, clock, root, catalog, switches: new Switches(), numbers: new NumberKeys(clock) };
}
