import { CallAbandonedSchema, callKey, dataOf, publicEvents } from '@tollwire/contracts';
import type { Reaction } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { creditCounts } from '../ledger/counts.ts';
import { expireReservationsOf } from '../sweeps/expire-reservations.ts';

/**
 * Frees what is reserved for calls whose end never came, as soon as they are closed by rule: their reservations expire
 * then, not only when their own time is over. If the end comes late, its charge is posted all the same.
 */
export function releaseAbandoned({ clock, root }: Pick<CardDeps, 'clock' | 'root'>): Reaction {
  const counts = creditCounts();
  return {
    name: 'release-abandoned',
    events: [publicEvents.CallAbandoned],
    handle: async (tx, events) => {
      const callKeys = events.map((event) => callKey(dataOf(CallAbandonedSchema, event).call));
      const expired = await expireReservationsOf(tx, root, [...new Set(callKeys)], clock.nowUs());
      return { park: [], committed: () => counts.expired(expired) };
    },
  };
}
