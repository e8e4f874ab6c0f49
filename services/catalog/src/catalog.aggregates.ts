import { commandHandler, readModel } from '@tollwire/event-store';
import type { CatalogDeps } from './catalog.deps.ts';
import { deckActivationList, deckStreamPrefix, rateDeckList } from './decks/deck-projections.ts';
import { banPlan } from './domain/ban-plan.ts';
import { carrierPlan } from './domain/carrier-plan.ts';
import { rateDeck } from './domain/rate-deck.ts';
import { retailPlan } from './domain/retail-plan.ts';
import { tariff } from './domain/tariff.ts';
import { voipPlan } from './domain/voip-plan.ts';
import {
  banPlanList, banPrefixes, carrierPlanList, carrierPlansOfRetailPlans, retailPlanList, streamPrefixes, tariffList, voipPlanLinks, voipPlanList,
} from './plans/plan-projections.ts';
import { deckEventsOf, tariffEventsOf, voipPlanEventsOf } from './wire/public-events.ts';

/** Who carries out the commands of each kind of aggregate. */
export type Aggregates = ReturnType<typeof aggregatesOf>;

/** Binds the deciders to their streams, read models and public events. */
export function aggregatesOf({ database, root, wakeRelay: afterPublish }: Pick<CatalogDeps, 'database' | 'root' | 'wakeRelay'>) {
  const stored = { database, root, afterPublish };
  return {
    decks: commandHandler({
      ...stored,
      decider: rateDeck,
      streamOf: (id) => `${deckStreamPrefix}${id}`,
      projections: [readModel(rateDeckList), readModel(deckActivationList)],
      publish: ({ event, meta }) => deckEventsOf(event, meta['traceparent']),
    }),
    tariffs: commandHandler({
      ...stored,
      decider: tariff,
      streamOf: (id) => `${streamPrefixes.tariff}${id}`,
      projections: [readModel(tariffList)],
      publish: ({ event, meta }) => tariffEventsOf(event, meta['traceparent']),
    }),
    retailPlans: commandHandler({
      ...stored,
      decider: retailPlan,
      streamOf: (id) => `${streamPrefixes.retailPlan}${id}`,
      projections: [readModel(retailPlanList), carrierPlansOfRetailPlans],
    }),
    carrierPlans: commandHandler({
      ...stored,
      decider: carrierPlan,
      streamOf: (id) => `${streamPrefixes.carrierPlan}${id}`,
      projections: [readModel(carrierPlanList)],
    }),
    banPlans: commandHandler({
      ...stored,
      decider: banPlan,
      streamOf: (id) => `${streamPrefixes.banPlan}${id}`,
      projections: [readModel(banPlanList), banPrefixes],
    }),
    voipPlans: commandHandler({
      ...stored,
      decider: voipPlan,
      streamOf: (id) => `${streamPrefixes.voipPlan}${id}`,
      projections: [readModel(voipPlanList), ...voipPlanLinks],
      publish: ({ event, meta }) => voipPlanEventsOf(event, meta['traceparent']),
    }),
  };
}
