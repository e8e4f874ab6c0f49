import type { ReadModel, Sql } from '@tollwire/event-store';
import { bumpRevision } from '@tollwire/rate-decks';
import type { PlanPolicyEvent } from '../domain/plan-policy.ts';
import type { ProviderRatesLoaded, ProviderRatesWithdrawn } from '../domain/direct-rates.ts';
import type { ProviderEvent } from '../domain/provider.ts';

const closeRates = `
  update providerrate r set valid_until = from_us($2)
  from unnest($3::text[]) as l (prefix)
  where r.providerid = $1 and r.prefix = l.prefix and r.valid_until is null and r.valid_from < from_us($2)`;

// A second load at the same instant replaces the first, so that no rate has an empty validity.
const openRates = `
  insert into providerrate (providerid, countryprefixid, prefix, rate, currency, valid_from)
  select $1, countryprefixid, prefix, nanos / 10000000.0, $6, from_us($2)
  from unnest($3::text[], $4::int[], $5::bigint[]) as l (prefix, countryprefixid, nanos)
  on conflict (providerid, prefix) where valid_until is null
  do update set rate = excluded.rate, currency = excluded.currency, countryprefixid = excluded.countryprefixid`;

const openDestinations = `
  insert into providerdestination (providerid, countryprefixid)
  select distinct $1::int, id from unnest($2::int[]) as l (id) where id > 0
  on conflict do nothing`;

// A destination is one for as long as a rate stands for it.
const closeDestinations = `
  delete from providerdestination d
  where d.providerid = $1 and not exists (
    select from providerrate r where r.providerid = d.providerid and r.countryprefixid = d.countryprefixid and r.valid_until is null)`;

/** The documented tables `providerdestination` and `providerrate`: one event of a load, or of a withdrawal, is many rows. */
export const directRates: ReadModel<ProviderEvent> = {
  name: 'direct-rates',
  table: 'providerrate',
  streamPrefix: 'provider-',
  async apply(tx, recorded) {
    for (const { event } of recorded) {
      if (event.type === 'ProviderRatesLoaded') await applyLoad(tx, event);
      if (event.type === 'ProviderRatesWithdrawn') await applyWithdrawal(tx, event);
    }
  },
  async clear(tx) {
    await tx.query('lock table providerrate, providerdestination in exclusive mode');
    await tx.query('delete from providerrate');
    await tx.query('delete from providerdestination');
  },
};

async function applyLoad(tx: Sql, { providerId, rates, currency, validFrom }: ProviderRatesLoaded): Promise<void> {
  const prefixes = rates.map(({ prefix }) => prefix);
  const destinations = rates.map(({ countryPrefixId }) => countryPrefixId);
  await tx.query(closeRates, [providerId, validFrom, prefixes]);
  await tx.query(openRates, [providerId, validFrom, prefixes, destinations, rates.map(({ ratePerMinNanos }) => ratePerMinNanos), currency]);
  await tx.query(openDestinations, [providerId, destinations]);
  await tx.query(closeDestinations, [providerId]);
}

async function applyWithdrawal(tx: Sql, { providerId, prefixes, validUntil }: ProviderRatesWithdrawn): Promise<void> {
  await tx.query(closeRates, [providerId, validUntil, prefixes]);
  await tx.query(closeDestinations, [providerId]);
}

/** Tells every instance that the carriers are other now, in the transaction that made them so. */
export const announceCarriers: ReadModel<ProviderEvent> = {
  name: 'announce-carriers',
  table: 'replica_revision',
  streamPrefix: 'provider-',
  apply: (tx) => bumpRevision(tx),
  clear: () => Promise.resolve(),
};

/** The same for how plans are routed. */
export const announcePolicies: ReadModel<PlanPolicyEvent> = {
  name: 'announce-policies',
  table: 'replica_revision',
  streamPrefix: 'policy-',
  apply: (tx) => bumpRevision(tx),
  clear: () => Promise.resolve(),
};
