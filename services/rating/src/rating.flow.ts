import { AllowanceService, publicEvents, RatingService } from '@tollwire/contracts';
import { answers, commonConfig, decision, flow, on } from '@tollwire/platform';
import { deckReplicaEvents } from '@tollwire/rate-decks';
import { expireHolds } from './allowances/keep.ts';
import { allowanceAnswers } from './answers/allowance-answers.ts';
import { ratingAnswers } from './answers/rating-answers.ts';
import { drawFrom } from './domain/allowance.ts';
import { quote } from './domain/quote.ts';
import { rateCall } from './domain/rate-call.ts';
import { grants, migrations } from './migrations/index.ts';
import { expireAuthorized } from './rated-calls/authorized-calls.ts';
import { expirePorted } from './rated-calls/ported-calls.ts';
import { ratingForgets } from './rated-calls/forget-number.ts';
import { createRating, type RatingDeps } from './rating.deps.ts';
import { rate } from './reactions/rate.ts';
import { retryParked } from './reactions/retry-parked.ts';
import { rerate } from './rerate/rerate.ts';
import { takeDirectRates } from './spread/take-direct-rates.ts';
import { enrolSubscribers } from './subscribers/enrol.ts';

/** Rating: what calls sell for and cost, exactly, and how it came about. */
export const ratingFlow = flow('rating', {
  config: commonConfig,
  schema: { entities: [], migrations, grants },
  deps: createRating,
  aggregates: () => ({}),
  decides: [decision(rateCall, ['rated_call']), decision(drawFrom, ['allowance_use', 'allowance_hold']), decision(quote)],
  answers: [answers(RatingService, ratingAnswers), answers(AllowanceService, allowanceAnswers)],
  reactions: [
    on([publicEvents.CallEnded], 'rate', rate),
    on([publicEvents.CardsIssued, publicEvents.AccountOpened], 'enrol-subscribers', () => enrolSubscribers),
    on([publicEvents.ProviderRatesLoaded, publicEvents.ProviderRatesWithdrawn], 'take-direct-rates', () => takeDirectRates),
    on(deckReplicaEvents, 'replicate-decks', (deps: RatingDeps) => deps.replica.reaction()),
  ],
  sweeps: [
    { name: 'follow-decks', everyMs: 500, run: ({ replica }) => replica.refresh() },
    { name: 'keep-authorized', everyMs: 500, run: ({ authorized, database, tables, clock }) => authorized.follow(database, tables.now, clock.nowUs()) },
    { name: 'retry-parked', everyMs: 5_000, run: retryParked },
    { name: 'rerate', everyMs: 500, run: rerate },
    { name: 'follow-grants', everyMs: 500, run: ({ allowances, database }) => allowances.refresh(database) },
    { name: 'follow-erasures', everyMs: 1_000, run: ({ erased, database }) => erased.refresh(database) },
    { name: 'expire-holds', everyMs: 60_000, run: ({ database, clock }) => expireHolds(database, clock.nowUs()) },
    { name: 'expire-ported', everyMs: 60_000, run: ({ database, clock }) => expirePorted(database, clock.nowUs()) },
    { name: 'expire-authorized', everyMs: 60_000, run: ({ database, clock }) => expireAuthorized(database, clock.nowUs()) },
  ],
  forgets: ratingForgets,
  prepare: async ({ replica, allowances, erased, database }) => {
    await Promise.all([replica.start(), allowances.refresh(database), erased.refresh(database)]);
  },
  readiness: ({ tables, clock }) => ({ isReady: () => tables.loaded, describe: () => tables.describe(), versions: () => tables.versionsAt(clock.nowUs()) }),
  close: ({ authorized, database }) => authorized.keep(database),
  publishes: [publicEvents.CallRated],
});
