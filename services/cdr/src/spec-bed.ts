import { create } from '@bufbuild/protobuf';
import { CoverCountryReplySchema, NameCountryPrefixesReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { Database } from '@tollwire/event-store';
import { migrate, storedIn } from '@tollwire/platform';
import { type TestClock, testClock, testDatabase } from '@tollwire/testing';
import { type CdrDeps, createCdr } from './cdr.deps.ts';
import { cdrFlow } from './cdr.flow.ts';
import { schema } from './migrations/index.ts';

/** A migrated database as the service sees it in production: its role owns nothing. */
export interface CdrBed {
  readonly deps: CdrDeps;
  readonly clock: TestClock;
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

const austria = { countryCode: 'AT', countryName: 'Austria' };
const plan = [
  { countryPrefixId: 43, prefix: '43', subcode: '', ...austria },
  { countryPrefixId: 4366, prefix: '43664', subcode: 'MOB', ...austria },
  { countryPrefixId: 44, prefix: '44', subcode: '', countryCode: 'GB', countryName: 'United Kingdom' },
];

/** The catalog's names, of a small number plan. */
const numberPlan: CdrDeps['catalog'] = {
  nameCountryPrefixes: ({ countryPrefixIds = [] }) =>
    Promise.resolve(ok(create(NameCountryPrefixesReplySchema, { prefixes: plan.filter(({ countryPrefixId }) => countryPrefixIds.includes(countryPrefixId)) }))),
  coverCountry: ({ countryCode = '' }) => {
    const prefixes = plan.filter((each) => each.countryCode === countryCode && each.prefix.length === 2).map(({ prefix }) => prefix);
    return Promise.resolve(prefixes.length === 0 ? refuse({ code: 'unknown_country' as const }) : ok(create(CoverCountryReplySchema, { countryCode, prefixes })));
  },
};

/** A card service that nobody answers for; a spec that blocks brings its own. */
const card: CdrDeps['fraud']['blocks'] = (() => {
  const away = () => Promise.resolve(refuse({ code: 'service_unavailable' as const }));
  return { cards: { getCard: away, suspendCards: away, resumeCards: away }, accounts: { showDialing: away, suspendAccount: away, resumeAccount: away } };
})();

export async function cdrBed(root = 't'): Promise<CdrBed> {
  const testing = await testDatabase('cdr', { leastPrivilege: true });
  await migrate(testing.ownerUrl, testing.appRole, schema);
  const owner = await Database.connect({ url: testing.ownerUrl, applicationName: 'cdr-spec-owner', poolMax: 1 });
  const database = await Database.connect({ url: testing.url, applicationName: 'cdr-spec', poolMax: 8 });
  const clock = testClock('2026-03-02T00:00:00Z');
  const aggregates = cdrFlow.aggregates(storedIn({ database, root, wakeRelay: () => undefined }));
  const instance = (): CdrDeps => createCdr({ database, clock, root, callKeptDays: 400, catalog: numberPlan, blocks: card, ...aggregates });
  return {
    deps: instance(),
    clock,
    database,
    owner,
    url: testing.url,
    ownerUrl: testing.ownerUrl,
    appRole: testing.appRole,
    instance,
    empty: async () => {
      await owner.query(`TRUNCATE call, call_place, call_past, call_aside, call_event, inbox, outbox, outbox_pending, dead_letter, account_code, carrier,
        report_difference, report_bucket, live_calls, destination, alarm, alarm_report, alarm_notice,
        fraud_rule, fraud_range, fraud_call, fraud_sum, fraud_case, fraud_block, event, list_entry, list_hit, blacklist, whitelist, unmasking,
        number_erasure, number_erasure_service, number_erasure_place, erased_call, list_notice`);
      await owner.query('UPDATE abandon_walk SET walked_until_us = 0');
      await owner.query('UPDATE report_kept_since SET since_us = 0');
    },
    close: async () => {
      await owner.close();
      await database.close();
      await testing.drop();
    },
  };
}
