import { dataOf, publicEvents } from '@tollwire/contracts';
import type { Reaction } from '@tollwire/event-store';
import { bumpRevision } from '@tollwire/rate-decks';

const { ProviderRatesLoaded } = publicEvents;

const insertRates = `
  insert into direct_rate (carrier_code, prefix, valid_from_us, currency, rate_per_min_nanos)
  select $1, prefix, $2, $3, rate from unnest($4::text[], $5::bigint[]) as l (prefix, rate)
  order by prefix
  on conflict do nothing`;

/** Keeps the direct rates that a provider's load brought; every instance takes them in at its next look. */
export const takeDirectRates: Reaction = {
  name: 'take-direct-rates',
  events: [ProviderRatesLoaded],
  async handle(tx, events) {
    for (const event of events) {
      const { carrierCode, validFromUs, currency, prefix, ratePerMinNanos } = dataOf(ProviderRatesLoaded.schema, event);
      await tx.query(insertRates, [carrierCode, validFromUs, currency, prefix, ratePerMinNanos]);
    }
    await bumpRevision(tx);
  },
};
