import { dataOf, ProviderRegisteredSchema, publicEvents } from '@tollwire/contracts';
import type { ParkedEvent, Reaction } from '@tollwire/event-store';
import { learnCarriers, type NumberedCarrier } from '../projections/carriers.ts';

/** Remembers the numbers that routing gives to carriers, by which calls name who connected them. */
export function learnCarrierNumbers(): Reaction {
  return {
    name: 'learn-carriers',
    events: [publicEvents.ProviderRegistered],
    handle: async (tx, events) => {
      const park: ParkedEvent[] = [];
      const carriers: NumberedCarrier[] = [];
      for (const event of events) {
        const { carrierCode, providerId } = dataOf(ProviderRegisteredSchema, event);
        if (carrierCode === '' || providerId === 0) park.push({ eventId: event.id, code: 'field_missing', detail: 'field: carrier_code or provider_id' });
        else carriers.push({ carrierCode, providerId });
      }
      await learnCarriers(tx, carriers);
      return { park };
    },
  };
}
