import { CallAbandonedSchema, CallAnsweredSchema, CallEndedSchema, callKey, type CallRef, CallStartedSchema, dataOf, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import type { ParkedEvent, Reaction } from '@tollwire/event-store';
import { foldNews, LEASE_SEC, type LeaseNews, type LeaseState } from '../domain/call-lease.ts';
import { hasCapacityLimit } from '../live/call-leases.ts';
import { writeNews } from '../projections/lease-table.ts';
import type { RoutingDeps } from '../routing.deps.ts';

const { CallStarted, CallAnswered, CallEnded, CallAbandoned } = publicEvents;

/**
 * Carries on the leases of calls over carriers with limits of their capacity. A lease only ever goes on, so repeats and any order
 * do no harm, and no other receipt is kept. It stands by while no carrier has a limit and nothing is in use.
 */
export function leaseCalls({ router, leases }: Pick<RoutingDeps, 'router' | 'leases'>): Reaction {
  const limitedCarriers = () => router.carriers.filter(hasCapacityLimit).map(({ carrierCode }) => carrierCode);
  return {
    name: 'lease-calls',
    events: [CallStarted, CallAnswered, CallEnded, CallAbandoned],
    receipts: 'own',
    standsBy: () => leases.isIdle && !router.carriers.some(hasCapacityLimit),
    handle: async (tx, events) => {
      const park: ParkedEvent[] = [];
      await writeNews(tx, foldNews(events.flatMap((event) => newsOf(event, park))), limitedCarriers());
      return { park };
    },
  };
}

function newsOf(event: ReceivedEvent, park: ParkedEvent[]): LeaseNews[] {
  try {
    const news = read(event);
    if (!`${news.callKey}${news.carrierCode}`.includes('\0')) return [news];
    park.push({ eventId: event.id, code: 'field_malformed', detail: 'field: call or carrier_code' });
  } catch (error) {
    park.push({ eventId: event.id, code: 'message_malformed', detail: error instanceof Error ? error.message : String(error) });
  }
  return [];
}

function read(event: ReceivedEvent): LeaseNews {
  switch (event.type) {
    case CallStarted.type: {
      const { call, startedAtUs } = dataOf(CallStartedSchema, event);
      return news(call, 'started', startedAtUs);
    }
    case CallAnswered.type: {
      const { call, answeredAtUs, carrierCode } = dataOf(CallAnsweredSchema, event);
      return news(call, 'answered', answeredAtUs, carrierCode);
    }
    case CallEnded.type: {
      const { call, endedAtUs, carrierCode } = dataOf(CallEndedSchema, event);
      return news(call, 'over', endedAtUs, carrierCode);
    }
    case CallAbandoned.type: {
      const { call, abandonedAtUs } = dataOf(CallAbandonedSchema, event);
      return news(call, 'over', abandonedAtUs);
    }
    default:
      throw new Error(`${event.type} says nothing of a lease`);
  }
}

function news(call: CallRef | undefined, state: LeaseState, atUs: bigint, carrierCode = ''): LeaseNews {
  return { callKey: callKey(call), carrierCode, state, untilUs: Number(atUs) + LEASE_SEC[state] * 1_000_000 };
}
