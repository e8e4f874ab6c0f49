import { CatalogService, publicEvents } from '@tollwire/contracts';
import { answers, commonConfig, flow } from '@tollwire/platform';
import { z } from 'zod';
import { catalogAnswers } from './catalog.answers.ts';
import type { CatalogDeps } from './catalog.deps.ts';
import { deckActivationList, rateDeckList } from './decks/deck-projections.ts';
import { banPlan } from './domain/ban-plan.ts';
import { carrierPlan } from './domain/carrier-plan.ts';
import { sweepDiffs } from './diff/sweep-diffs.ts';
import { rateDeck } from './domain/rate-deck.ts';
import { retailPlan } from './domain/retail-plan.ts';
import { tariff } from './domain/tariff.ts';
import { voipPlan } from './domain/voip-plan.ts';
import { entities } from './entities/index.ts';
import { sweepImports } from './import/sweep-imports.ts';
import { grants, migrations } from './migrations/index.ts';
import {
  banPlanList, banPrefixes, carrierPlanList, carrierPlansOfRetailPlans, retailPlanList, tariffList, voipPlanLinks, voipPlanList,
} from './plans/plan-projections.ts';

const config = commonConfig.extend({
  /** A version of a deck must be approved by another than who imported it. */
  CATALOG_FOUR_EYES: z.stringbool().default(false),
});

/** Catalog: the number plan, rate decks with their versions, and the plans that decks and bans are put together in. */
export const catalogFlow = flow('catalog', {
  config,
  schema: { entities, migrations, grants },
  deps: ({ database, clock, root, wakeRelay, config: own }): CatalogDeps => {
    return { database, databaseUrl: own.DATABASE_URL, clock, root, wakeRelay, fourEyes: own.CATALOG_FOUR_EYES };
  },
  aggregates: [rateDeck, tariff, retailPlan, carrierPlan, banPlan, voipPlan],
  answers: [answers(CatalogService, catalogAnswers)],
  projections: [
    rateDeckList, deckActivationList, tariffList, retailPlanList, carrierPlanList, banPlanList, voipPlanList,
    banPrefixes, carrierPlansOfRetailPlans, ...voipPlanLinks,
  ],
  reactions: [],
  sweeps: (deps) => [
    { name: 'sweep-imports', everyMs: 600_000, run: () => sweepImports(deps) },
    { name: 'sweep-diffs', everyMs: 600_000, run: () => sweepDiffs(deps) },
  ],
  publishes: [
    publicEvents.DeckImported, publicEvents.DeckApproved, publicEvents.DeckRejected, publicEvents.DeckActivated, publicEvents.DeckRolledBack,
    publicEvents.DeckWithdrawn, publicEvents.VoipPlanComposed, publicEvents.SellTermsSet,
  ],
});
