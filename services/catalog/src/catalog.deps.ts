import type { Clock } from '@tollwire/core';
import type { CardService } from '@tollwire/contracts';
import type { Database, HandlerOf } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';
import type { banPlan } from './domain/ban-plan.ts';
import type { carrierPlan } from './domain/carrier-plan.ts';
import type { exchangeRate } from './domain/exchange-rate.ts';
import type { rateDeck } from './domain/rate-deck.ts';
import type { retailPlan } from './domain/retail-plan.ts';
import type { tariff } from './domain/tariff.ts';
import type { voipPlan } from './domain/voip-plan.ts';
import type { RateCopier } from './import/copy-rates.ts';

/** Who carries out the commands of each kind of aggregate; the flow says where each is stored. */
export interface Aggregates {
  readonly decks: HandlerOf<typeof rateDeck>;
  readonly tariffs: HandlerOf<typeof tariff>;
  readonly retailPlans: HandlerOf<typeof retailPlan>;
  readonly carrierPlans: HandlerOf<typeof carrierPlan>;
  readonly banPlans: HandlerOf<typeof banPlan>;
  readonly voipPlans: HandlerOf<typeof voipPlan>;
  readonly exchangeRates: HandlerOf<typeof exchangeRate>;
}

/** What everything in the service is made of. */
export interface CatalogDeps {
  readonly database: Database;
  readonly clock: Clock;
  /** First token of every subject. */
  readonly root: string;
  /** Whether a version must be approved by another than who imported it. */
  readonly fourEyes: boolean;
  /** Who pays by a plan is known to card. */
  readonly card: Pick<Asker<typeof CardService>, 'listPlanUsers'>;
  /** Tells the relay that a commit left something to publish. */
  readonly wakeRelay: () => void;
  readonly aggregates: Aggregates;
  readonly copier: RateCopier;
}
