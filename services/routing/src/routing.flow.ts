import { publicEvents, RoutingService } from '@tollwire/contracts';
import { answers, commonConfig, flow, on } from '@tollwire/platform';
import { deckReplicaEvents } from '@tollwire/rate-decks';
import { provider } from './domain/provider.ts';
import { Provider, ProviderDestination, ProviderRate } from './entities/provider.entity.ts';
import { grants, migrations } from './migrations/index.ts';
import { routingAnswers } from './routing.answers.ts';
import { createRouting, providerReadModels, type RoutingDeps } from './routing.deps.ts';

/** Routing: which carriers a call may go over, in which order, and why. */
export const routingFlow = flow('routing', {
  config: commonConfig,
  schema: { entities: [Provider, ProviderDestination, ProviderRate], migrations, grants },
  deps: createRouting,
  aggregates: [provider],
  projections: providerReadModels,
  answers: [answers(RoutingService, routingAnswers)],
  reactions: [on(deckReplicaEvents, 'replicate-decks', (deps: RoutingDeps) => deps.replica.reaction())],
  publishes: [publicEvents.ProviderRegistered, publicEvents.ProviderRatesLoaded],
  sweeps: ({ replica }) => [{ name: 'follow-decks', everyMs: 500, run: () => replica.refresh() }],
  prepare: ({ replica }) => replica.start(),
  readiness: ({ router }) => ({ isReady: () => router.ready, describe: () => router.describe() }),
});
