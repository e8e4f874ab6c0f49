import { Database } from '@tollwire/event-store';
import { migrate } from '@tollwire/platform';
import { testClock, testDatabase } from '@tollwire/testing';
import { type CdrDeps, createCdr } from './cdr.deps.ts';
import { schema } from './migrations/index.ts';

/** A migrated database as the service sees it in production: its role owns nothing. */
export interface CdrBed {
  readonly deps: CdrDeps;
  readonly database: Database;
  /** The same database as its owner. */
  readonly owner: Database;
  readonly url: string;
  readonly ownerUrl: string;
  readonly appRole: string;
  /** Another instance of the service on the same database. */
  instance(): CdrDeps;
  /** Forgets every call, as the owner; switches stay. */
  empty(): Promise<void>;
  close(): Promise<void>;
}

export async function cdrBed(root = 't'): Promise<CdrBed> {
  const testing = await testDatabase('cdr', { leastPrivilege: true });
  await migrate(testing.ownerUrl, testing.appRole, schema);
  const owner = await Database.connect({ url: testing.ownerUrl, applicationName: 'cdr-spec-owner', poolMax: 1 });
  const database = await Database.connect({ url: testing.url, applicationName: 'cdr-spec', poolMax: 8 });
  const clock = testClock('2026-03-02T00:00:00Z');
  const instance = (): CdrDeps => createCdr({ database, clock, root });
  return {
    deps: instance(),
    database,
    owner,
    url: testing.url,
    ownerUrl: testing.ownerUrl,
    appRole: testing.appRole,
    instance,
    empty: async () => {
      await owner.query('TRUNCATE call, call_event, inbox, outbox, outbox_pending, dead_letter, account_code, carrier');
    },
    close: async () => {
      await owner.close();
      await database.close();
      await testing.drop();
    },
  };
}
