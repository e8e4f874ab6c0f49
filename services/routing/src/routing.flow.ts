import { publicEvents, RoutingService } from '@tollwire/contracts';
import { readModel } from '@tollwire/event-store';
import { answers, commonConfig, decision, flow, on } from '@tollwire/platform';
import { deckReplicaEvents } from '@tollwire/rate-decks';
import { planPolicy } from './domain/plan-policy.ts';
import { provider } from './domain/provider.ts';
import { route } from './domain/route.ts';
import { Provider, ProviderDestination, ProviderRate } from './entities/provider.entity.ts';
import { admit } from './domain/admission.ts';
import { learnLists, listEvents } from './lists/list-table.ts';
import { tellHits } from './lists/tell-hits.ts';
import { grants, migrations } from './migrations/index.ts';
import { announceCarriers, announcePolicies, directRates } from './projections/direct-rates.ts';
import { policyTable } from './projections/policy-table.ts';
import { providerList } from './projections/provider-list.ts';
import { routingAnswers } from './routing.answers.ts';
import { createRouting, type RoutingDeps } from './routing.deps.ts';
import { publicProviderEvent } from './wire/public-events.ts';

/** Routing: which carriers a call may go over, in which order, and why. */
export const routingFlow = flow('routing', {
  config: commonConfig,
  schema: { entities: [Provider, ProviderDestination, ProviderRate], migrations, grants },
  aggregates: (stored) => ({
    providers: stored(provider, {
      streamPrefix: 'provider-',
      readModels: [readModel(providerList), directRates, announceCarriers],
      publish: publicProviderEvent,
    }),
    policies: stored(planPolicy, { streamPrefix: 'policy-', readModels: [policyTable, announcePolicies] }),
  }),
  decides: [decision(route), decision(admit)],
  deps: createRouting,
  answers: [answers(RoutingService, routingAnswers)],
  reactions: [
    on(deckReplicaEvents, 'replicate-decks', (deps: RoutingDeps) => deps.replica.reaction()),
    on(listEvents, 'learn-lists', learnLists),
  ],
  publishes: [publicEvents.ProviderRegistered, publicEvents.ProviderRatesLoaded, publicEvents.NumbersScreened],
  sweeps: [
    { name: 'follow-decks', everyMs: 500, run: ({ replica }) => replica.refresh() },
    { name: 'follow-lists', everyMs: 250, run: ({ lists }) => lists.refresh() },
    { name: 'tell-list-hits', everyMs: 1_000, run: tellHits },
  ],
  prepare: async ({ replica, lists }) => {
    await lists.refresh();
    await replica.start();
  },
  readiness: ({ router }) => ({ isReady: () => router.ready, describe: () => router.describe() }),
});
