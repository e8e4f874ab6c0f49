import { CallRatedSchema, callKey, dataOf, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import type { ParkedEvent, Reaction } from '@tollwire/event-store';
import type { Carrier } from '../domain/carriers.ts';
import { type CallSpending, spend } from '../projections/spent-table.ts';
import type { RoutingDeps } from '../routing.deps.ts';

/**
 * Takes what carriers charge for rated calls off their balances: for calls that began since the balance was stated, the difference where one is
 * rated again. Of a call the highest revision counts, so repeats and any order do no harm, and no other receipt is kept. It stands by while no carrier
 * has a balance. A price in another currency that no exchange rate leads from is not counted.
 */
export function spendBalances({ router }: Pick<RoutingDeps, 'router'>): Reaction {
  return {
    name: 'spend-balances',
    events: [publicEvents.CallRated],
    receipts: 'own',
    standsBy: () => !router.carriers.some(({ balance }) => balance !== undefined),
    handle: async (tx, events) => {
      const carriers = new Map(router.carriers.filter(({ balance }) => balance !== undefined).map((carrier) => [carrier.carrierCode, carrier]));
      const park: ParkedEvent[] = [];
      await spend(tx, events.flatMap((event) => spendingOf(event, carriers, router, park)));
      return { park };
    },
  };
}

function spendingOf(event: ReceivedEvent, carriers: ReadonlyMap<string, Carrier>, router: Pick<RoutingDeps['router'], 'converted'>, park: ParkedEvent[]): CallSpending[] {
  try {
    const { call, carrierCode, startedAtUs, revision, buy } = dataOf(CallRatedSchema, event);
    const balance = carriers.get(carrierCode)?.balance;
    if (balance === undefined || buy?.amount === undefined || startedAtUs < BigInt(balance.sinceUs)) return [];
    const { nanos, currency } = buy.amount;
    const spent = router.converted(nanos, currency, balance.currency, Number(startedAtUs));
    return spent === undefined ? [] : [{ carrierCode, sinceUs: balance.sinceUs, callKey: callKey(call), revision, nanos: spent }];
  } catch (error) {
    park.push({ eventId: event.id, code: 'message_malformed', detail: error instanceof Error ? error.message : String(error) });
    return [];
  }
}
