import { CatalogService, DeckKind } from '@tollwire/contracts';
import type { Clock } from '@tollwire/core';
import { type CommandHandler, commandHandler, type Database, readModel } from '@tollwire/event-store';
import type { Resources } from '@tollwire/platform';
import { DeckReplica, type ReplicaOptions } from '@tollwire/rate-decks';
import { provider, type ProviderCommand, type ProviderEvent, type ProviderRefusal, type ProviderState } from './domain/provider.ts';
import { LiveRouter } from './live/live-router.ts';
import { carrierBook } from './live/load-carriers.ts';
import { announceCarriers, directRates } from './projections/direct-rates.ts';
import { providerList } from './projections/provider-list.ts';
import { publicProviderEvent } from './wire/public-events.ts';

/** What the parts of routing share. */
export interface RoutingDeps {
  readonly database: Database;
  readonly clock: Clock;
  readonly router: LiveRouter;
  readonly replica: DeckReplica;
  readonly providers: CommandHandler<ProviderState, ProviderCommand, ProviderEvent, ProviderRefusal>;
}

/** The stream of a provider. */
export const providerStream = (carrierCode: string) => `provider-${carrierCode}`;

/** The read models that a provider's events feed. */
export const providerReadModels = [readModel(providerList), directRates, announceCarriers];

/** What routing is made of: in production the platform's resources. */
export type RoutingResources = Pick<Resources, 'database' | 'clock' | 'root' | 'logger' | 'wakeRelay'> & { readonly catalog: ReplicaOptions['catalog'] };

export function createRouting(resources: Resources): RoutingDeps {
  return routingOn({ ...resources, catalog: resources.ask(CatalogService, 'catalog') });
}

export function routingOn({ database, clock, root, logger, wakeRelay, catalog }: RoutingResources): RoutingDeps {
  const router = new LiveRouter(carrierBook(database));
  const replica = new DeckReplica({
    database,
    catalog,
    kinds: [DeckKind.CARRIER],
    apply: (state) => router.apply(state),
    onError: (error) => logger.warn({ err: error }, 'A rate deck cannot be taken in yet'),
  });
  const providers = commandHandler({
    database, decider: provider, streamOf: providerStream, projections: providerReadModels, root, publish: publicProviderEvent, afterPublish: wakeRelay,
  });
  return { database, clock, router, replica, providers };
}
