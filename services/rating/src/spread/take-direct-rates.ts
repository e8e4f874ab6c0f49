import { dataOf, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import type { ParkedEvent, Reaction } from '@tollwire/event-store';
import { bumpRevision } from '@tollwire/rate-decks';
import { faultOfRates } from './direct-rates.ts';

const { ProviderRatesLoaded, ProviderRatesWithdrawn } = publicEvents;

const insertWords = `
  insert into direct_rate (carrier_code, prefix, valid_from_us, currency, rate_per_min_nanos, recorded_at_us)
  select $1, prefix, $2, $3, rate, $6 from unnest($4::text[], $5::bigint[]) as l (prefix, rate)
  order by prefix
  on conflict do nothing`;

/** What was said of direct rates of a carrier, from an instant on; null: nothing is offered for the prefix. */
interface Words {
  readonly carrierCode: string;
  readonly fromUs: bigint;
  readonly currency: string;
  readonly prefix: readonly string[];
  readonly ratePerMinNanos: readonly (bigint | null)[];
}

/**
 * Keeps the direct rates that a provider's load brought, and which of them were withdrawn; every instance takes them in at its
 * next look. What no table can be made of is parked: kept, it would stand in the way of all news of rates, at every instance.
 */
export const takeDirectRates: Reaction = {
  name: 'take-direct-rates',
  events: [ProviderRatesLoaded, ProviderRatesWithdrawn],
  async handle(tx, events) {
    const park: ParkedEvent[] = [];
    for (const event of events) {
      const { carrierCode, fromUs, currency, prefix, ratePerMinNanos } = wordsOf(event);
      const fault = faultOfRates(prefix, ratePerMinNanos.map((rate) => rate ?? 0n));
      if (fault === undefined) await tx.query(insertWords, [carrierCode, fromUs, currency, prefix, ratePerMinNanos, event.timeUs]);
      else park.push({ eventId: event.id, code: 'deck_malformed', detail: fault });
    }
    await bumpRevision(tx);
    return { park };
  },
};

function wordsOf(event: ReceivedEvent): Words {
  if (event.type !== ProviderRatesWithdrawn.type) {
    const { validFromUs: fromUs, ...loaded } = dataOf(ProviderRatesLoaded.schema, event);
    return { ...loaded, fromUs };
  }
  const { carrierCode, prefix, validUntilUs: fromUs } = dataOf(ProviderRatesWithdrawn.schema, event);
  return { carrierCode, fromUs, currency: '', prefix, ratePerMinNanos: prefix.map(() => null) };
}
