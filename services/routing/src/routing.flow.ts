import { publicEvents, RoutingService } from '@tollwire/contracts';
import { readModel } from '@tollwire/event-store';
import { answers, commonConfig, decision, flow, on, wholeNumber } from '@tollwire/platform';
import { deckReplicaEvents } from '@tollwire/rate-decks';
import { outcomesOf } from './domain/attempts.ts';
import { foldNews } from './domain/call-lease.ts';
import { locksDue } from './domain/carrier-quality.ts';
import { planPolicy } from './domain/plan-policy.ts';
import { provider } from './domain/provider.ts';
import { route } from './domain/route.ts';
import { WhatIf } from './domain/what-if.ts';
import { GatewayGroup, Provider, ProviderDestination, ProviderRate } from './entities/provider.entity.ts';
import { admit } from './domain/admission.ts';
import { learnLists, listEvents } from './lists/list-table.ts';
import { tellHits } from './lists/tell-hits.ts';
import { grants, migrations } from './migrations/index.ts';
import { announceCarriers, announcePolicies, directRates } from './projections/direct-rates.ts';
import { policyHistory, policyTable } from './projections/policy-table.ts';
import { providerList } from './projections/provider-list.ts';
import { pruneSpent } from './projections/spent-table.ts';
import { leaseCalls } from './reactions/lease-calls.ts';
import { measureQuality } from './reactions/measure-quality.ts';
import { spendBalances } from './reactions/spend-balances.ts';
import { routingAnswers } from './routing.answers.ts';
import { createRouting, qualityWindowSecDefault, type RoutingDeps } from './routing.deps.ts';
import { countLeasesNow, forgetLeases } from './sweeps/count-leases.ts';
import { forgetQuality, judgeCarriers } from './sweeps/judge-carriers.ts';
import { publicProviderEvent } from './wire/public-events.ts';

const config = commonConfig.extend({
  /** How far back the quality of carriers is measured, in seconds. */
  QUALITY_WINDOW_SEC: wholeNumber({ min: 60, max: 86_400, default: qualityWindowSecDefault }),
});

/** Routing: which carriers a call may go over, in which order, and why. */
export const routingFlow = flow('routing', {
  config,
  schema: { entities: [Provider, ProviderDestination, ProviderRate, GatewayGroup], migrations, grants },
  aggregates: (stored) => ({
    providers: stored(provider, {
      streamPrefix: 'provider-',
      readModels: [readModel(providerList), directRates, announceCarriers],
      publish: publicProviderEvent,
    }),
    policies: stored(planPolicy, { streamPrefix: 'policy-', readModels: [policyTable, policyHistory, announcePolicies] }),
  }),
  decides: [decision(route), decision(outcomesOf, ['quality_minute', 'call_ringing']), decision(locksDue), decision(WhatIf), decision(admit),
    decision(foldNews, ['call_lease'])],
  deps: createRouting,
  answers: [answers(RoutingService, routingAnswers)],
  reactions: [
    on(deckReplicaEvents, 'replicate-decks', (deps: RoutingDeps) => deps.replica.reaction()),
    on([publicEvents.CallRinging, publicEvents.CallEnded], 'measure-quality', measureQuality),
    on([publicEvents.CallStarted, publicEvents.CallAnswered, publicEvents.CallEnded, publicEvents.CallAbandoned], 'lease-calls', leaseCalls),
    on([publicEvents.CallRated], 'spend-balances', spendBalances),
    on(listEvents, 'learn-lists', learnLists),
  ],
  publishes: [publicEvents.ProviderRegistered, publicEvents.ProviderRatesLoaded, publicEvents.ProviderRatesWithdrawn, publicEvents.NumbersScreened],
  sweeps: [
    { name: 'follow-decks', everyMs: 500, run: ({ replica }) => replica.refresh() },
    { name: 'judge-carriers', everyMs: 1000, run: judgeCarriers },
    { name: 'read-balances', everyMs: 1000, run: ({ router, balances }) => balances.refresh(router.carriers) },
    { name: 'count-leases', everyMs: 200, run: countLeasesNow },
    { name: 'forget-candidates', everyMs: 600_000, run: async ({ router }) => router.forgetCandidates() },
    { name: 'forget-spent', everyMs: 600_000, run: ({ database }) => pruneSpent(database) },
    { name: 'forget-leases', everyMs: 60_000, run: forgetLeases },
    { name: 'forget-quality', everyMs: 60_000, run: forgetQuality },
    { name: 'follow-lists', everyMs: 250, run: ({ lists }) => lists.refresh() },
    { name: 'tell-list-hits', everyMs: 1_000, run: tellHits },
  ],
  prepare: async ({ replica, lists }) => {
    await lists.refresh();
    await replica.start();
  },
  readiness: ({ router, clock }) => ({ isReady: () => router.ready, describe: () => router.describe(), versions: () => router.versionsAt(clock.nowUs()) }),
});
