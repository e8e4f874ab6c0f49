import { dataOf, publicEvents } from '@tollwire/contracts';
import type { ParkedEvent, Reaction } from '@tollwire/event-store';
import { bumpRevision } from '@tollwire/rate-decks';
import { faultOfRates } from './direct-rates.ts';

const { ProviderRatesLoaded } = publicEvents;

const insertRates = `
  insert into direct_rate (carrier_code, prefix, valid_from_us, currency, rate_per_min_nanos, recorded_at_us)
  select $1, prefix, $2, $3, rate, $6 from unnest($4::text[], $5::bigint[]) as l (prefix, rate)
  order by prefix
  on conflict do nothing`;

/**
 * Keeps the direct rates that a provider's load brought; every instance takes them in at its next look. A load that no
 * table can be made of is parked: kept, it would stand in the way of all news of rates, at every instance.
 */
export const takeDirectRates: Reaction = {
  name: 'take-direct-rates',
  events: [ProviderRatesLoaded],
  async handle(tx, events) {
    const park: ParkedEvent[] = [];
    for (const event of events) {
      const { carrierCode, validFromUs, currency, prefix, ratePerMinNanos } = dataOf(ProviderRatesLoaded.schema, event);
      const fault = faultOfRates(prefix, ratePerMinNanos);
      if (fault === undefined) await tx.query(insertRates, [carrierCode, validFromUs, currency, prefix, ratePerMinNanos, event.timeUs]);
      else park.push({ eventId: event.id, code: 'deck_malformed', detail: fault });
    }
    await bumpRevision(tx);
    return { park };
  },
};
