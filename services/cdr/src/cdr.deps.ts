import type { SendsMail } from './alarms/send-mail.ts';
import type { Clock } from '@tollwire/core';
import type { CatalogService } from '@tollwire/contracts';
import type { Database, HandlerOf } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';
import { type ClosingRules, defaultRules } from './domain/abandon.ts';
import type { fraudCase } from './domain/fraud-case.ts';
import type { listEntry } from './domain/list-entry.ts';
import type { Blocks } from './fraud/block-fraud.ts';
import { WatchBook } from './fraud/watch-book.ts';
import { CallFiling } from './projections/call-filing.ts';
import type { NamesDestinations } from './projections/destinations.ts';
import type { Forgetters } from './numbers/ask-services.ts';
import { NumberKeys } from './numbers/number-keys.ts';
import type { CallArchive } from './sweeps/call-archive.ts';
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
  /** Under which day each call is filed, and its partition. */
  readonly filing: CallFiling;
  /** After how long a call without an end is closed. */
  readonly rules: ClosingRules;
  /** Sends notices of alarms by e-mail; undefined: there is no server for it. */
  readonly mail: SendsMail | undefined;
  /** Whether webhooks may lie within a network: loopback, private, link-local. */
  readonly allowsPrivateWebhooks: boolean;
  /** For how many days calls are kept; 0: for good. */
  readonly callKeptDays: number;
  /** Whether a switch must be registered before it is listened to; else it is when it is seen first. */
  readonly refusesUnknownSwitches: boolean;
  /** Where calls are written before they are dropped; undefined: nowhere. */
  readonly callArchive: CallArchive | undefined;
  /** For how many days numbers can be read; 0: as long as there are calls. */
  readonly numbersKeptDays: number;
  /** Names destinations, and says what numbers a country has; answered by catalog. */
  readonly catalog: NamesDestinations & Pick<Asker<typeof CatalogService>, 'coverCountry'>;
  /** Every service, which is asked to take a number that is erased out of what it keeps. */
  readonly forgetters: Forgetters;
  /** Who carries out what is ordered of the entries of lists; the flow says where they are stored. */
  readonly lists: HandlerOf<typeof listEntry>;
  /** The watch against fraud: what this instance knows of it, who carries out what becomes of cases, and how payers are suspended. */
  readonly fraud: { readonly book: WatchBook; readonly cases: HandlerOf<typeof fraudCase>; readonly blocks: Blocks };
}

/** What is set; what is usual goes where nothing is. */
type Settings = Pick<CdrDeps, 'rules' | 'numbersKeptDays' | 'callKeptDays' | 'callArchive' | 'refusesUnknownSwitches' | 'mail' | 'allowsPrivateWebhooks'>;

/** What the service is made of: in production the platform's resources. */
export type CdrResources = Pick<CdrDeps, 'database' | 'clock' | 'root' | 'catalog' | 'lists'> & Partial<Settings> & Partial<Pick<CdrDeps, 'forgetters'>> & {
  readonly cases: HandlerOf<typeof fraudCase>;
  readonly blocks: Blocks;
};

/** Makes what the parts share from what the platform has opened. */
export function createCdr({
  database, clock, root, catalog, forgetters = {}, lists, cases, blocks,
  rules = defaultRules, numbersKeptDays = 0, callKeptDays = 0, callArchive, refusesUnknownSwitches = false, mail, allowsPrivateWebhooks = false,
}: CdrResources): CdrDeps {
  const fraud = { book: new WatchBook(), cases, blocks };
  const settings = { rules, numbersKeptDays, callKeptDays, callArchive, refusesUnknownSwitches, mail, allowsPrivateWebhooks };
  return {
    ...settings, database, clock, root, catalog, forgetters, lists, fraud, switches: new Switches(), numbers: new NumberKeys(clock), filing: new CallFiling(clock, callKeptDays),
  };
}
