import type { CatalogService } from '@tollwire/contracts';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { CatalogDeps } from './catalog.deps.ts';
import { deckAnswers } from './decks/deck-answers.ts';
import { deckRateAnswers } from './decks/deck-rates.ts';
import { reviewAnswers } from './decks/review-answers.ts';
import { snapshot } from './decks/snapshot.ts';
import { diffAnswers } from './diff/diff-answers.ts';
import { exchangeRateAnswers } from './exchange/exchange-rate-answers.ts';
import { RecentContent } from './import/recent-content.ts';
import { importAnswers } from './import/import-answers.ts';
import { numberPlanAnswers } from './number-plan/number-plan-answers.ts';
import { PlanInMemory } from './number-plan/plan-in-memory.ts';
import { makeAnswers } from './make/make-deck.ts';
import { planLifeAnswers } from './plans/plan-life-answers.ts';
import { planAnswers } from './plans/plan-answers.ts';

/** Answers every request to the catalog. */
export function catalogAnswers(deps: CatalogDeps): ServiceImplementation<typeof CatalogService> {
  const { aggregates } = deps;
  const [plan, recent] = [new PlanInMemory(deps.database), new RecentContent()];
  const imports = importAnswers({ ...deps, plan, recent });
  return {
    ...numberPlanAnswers(deps),
    ...planAnswers(deps, aggregates),
    ...planLifeAnswers(deps, aggregates),
    ...imports,
    ...makeAnswers(deps, aggregates, imports),
    ...deckAnswers(deps, aggregates),
    ...deckRateAnswers({ ...deps, plan }),
    ...reviewAnswers(deps, aggregates),
    ...diffAnswers({ ...deps, plan, recent }),
    ...exchangeRateAnswers(deps, aggregates),
    snapshot: ({ pageToken }) => snapshot(deps.database, deps.clock.nowUs(), pageToken),
  };
}
