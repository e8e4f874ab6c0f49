import { CardService, CatalogService, publicEvents } from '@tollwire/contracts';
import { readModel } from '@tollwire/event-store';
import { answers, commonConfig, flow } from '@tollwire/platform';
import { z } from 'zod';
import { catalogAnswers } from './catalog.answers.ts';
import type { CatalogDeps } from './catalog.deps.ts';
import { deckActivationList, deckStreamPrefix, rateDeckList } from './decks/deck-projections.ts';
import { banPlan } from './domain/ban-plan.ts';
import { carrierPlan } from './domain/carrier-plan.ts';
import { sweepDiffs } from './diff/sweep-diffs.ts';
import { exchangeRate } from './domain/exchange-rate.ts';
import { rateDeck } from './domain/rate-deck.ts';
import { retailPlan } from './domain/retail-plan.ts';
import { tariff } from './domain/tariff.ts';
import { voipPlan } from './domain/voip-plan.ts';
import { entities } from './entities/index.ts';
import { exchangeRateList, exchangeRateStreamPrefix } from './exchange/exchange-rate-list.ts';
import { RateCopier } from './import/copy-rates.ts';
import { sweepImports } from './import/sweep-imports.ts';
import { grants, migrations } from './migrations/index.ts';
import {
  banPlanList, banPrefixes, carrierPlanList, carrierPlansOfRetailPlans, retailPlanList, streamPrefixes, tariffList, voipPlanLinks, voipPlanList,
} from './plans/plan-projections.ts';
import { deckEventsOf, exchangeRateEventsOf, tariffEventsOf, voipPlanEventsOf } from './wire/public-events.ts';

const config = commonConfig.extend({
  /** A version of a deck must be approved by another than who imported it. */
  CATALOG_FOUR_EYES: z.stringbool().default(false),
});

/** Catalog: the number plan, rate decks with their versions, and the plans that decks and bans are put together in. */
export const catalogFlow = flow('catalog', {
  config,
  schema: { entities, migrations, grants },
  aggregates: (stored) => ({
    decks: stored(rateDeck, {
      streamPrefix: deckStreamPrefix,
      readModels: [readModel(rateDeckList), readModel(deckActivationList)],
      publish: ({ event, meta }) => deckEventsOf(event, meta['traceparent']),
    }),
    tariffs: stored(tariff, {
      streamPrefix: streamPrefixes.tariff,
      readModels: [readModel(tariffList)],
      publish: ({ event, meta }) => tariffEventsOf(event, meta['traceparent']),
    }),
    retailPlans: stored(retailPlan, { streamPrefix: streamPrefixes.retailPlan, readModels: [readModel(retailPlanList), carrierPlansOfRetailPlans] }),
    carrierPlans: stored(carrierPlan, { streamPrefix: streamPrefixes.carrierPlan, readModels: [readModel(carrierPlanList)] }),
    banPlans: stored(banPlan, { streamPrefix: streamPrefixes.banPlan, readModels: [readModel(banPlanList), banPrefixes] }),
    voipPlans: stored(voipPlan, {
      streamPrefix: streamPrefixes.voipPlan,
      readModels: [readModel(voipPlanList), ...voipPlanLinks],
      publish: ({ event, meta }) => voipPlanEventsOf(event, meta['traceparent']),
    }),
    exchangeRates: stored(exchangeRate, {
      streamPrefix: exchangeRateStreamPrefix,
      readModels: [readModel(exchangeRateList)],
      publish: ({ event, meta }) => exchangeRateEventsOf(event, meta['traceparent']),
    }),
  }),
  deps: (resources, aggregates): CatalogDeps => {
    const { database, clock, root, wakeRelay, config: own } = resources;
    const card = resources.ask(CardService, 'card');
    const copier = new RateCopier({ database, databaseUrl: own.DATABASE_URL, clock });
    return { database, clock, root, wakeRelay, fourEyes: own.CATALOG_FOUR_EYES, aggregates, card, copier };
  },
  answers: [answers(CatalogService, catalogAnswers)],
  reactions: [],
  sweeps: [
    { name: 'copy-rates', everyMs: 250, run: async ({ copier }) => { await copier.copyNext(); } },
    { name: 'sweep-imports', everyMs: 600_000, run: sweepImports },
    { name: 'sweep-diffs', everyMs: 600_000, run: sweepDiffs },
  ],
  // Prices do not wait for the copy, so it takes nobody's readiness; who looks sees how much is left of it.
  readiness: ({ copier }) => ({ isReady: () => true, describe: () => ({ versionsToCopy: copier.waitingCount }) }),
  publishes: [
    publicEvents.DeckImported, publicEvents.DeckApproved, publicEvents.DeckRejected, publicEvents.DeckActivated, publicEvents.DeckRolledBack,
    publicEvents.DeckWithdrawn, publicEvents.VoipPlanComposed, publicEvents.SellTermsSet, publicEvents.ExchangeRateSet,
  ],
});
