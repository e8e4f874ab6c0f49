import { AllowanceService, CardService, publicEvents, RatingService, RoutingService } from '@tollwire/contracts';
import { readModel } from '@tollwire/event-store';
import { answers, commonConfig, decision, flow, on, wholeNumber } from '@tollwire/platform';
import { accountList } from './accounts/account-projection.ts';
import { cardAnswers } from './card.answers.ts';
import { type CardDeps, defaultPolicy } from './card.deps.ts';
import { batchList, cardList, cardTypeList, orderList, saleList, streamPrefixes } from './cards/card-projections.ts';
import { account } from './domain/account.ts';
import { cardBatch } from './domain/card-batch.ts';
import { cardType } from './domain/card-type.ts';
import { card } from './domain/card.ts';
import { credit } from './domain/credit.ts';
import { entities } from './entities/index.ts';
import { observeReservations } from './ledger/counts.ts';
import { grants, migrations } from './migrations/index.ts';
import { settleCharges } from './reactions/settle-charges.ts';
import { expireCards } from './sweeps/expire-cards.ts';
import { expireReservations } from './sweeps/expire-reservations.ts';
import { accountEventsOf, cardEventsOf } from './wire/public-events.ts';

const config = commonConfig.extend({
  /** The longest call that one reservation pays for, in seconds. */
  CALL_SEC_MAX: wholeNumber({ min: 60, max: 86_400, default: defaultPolicy.callSecMax }),
  /** How long a reservation outlives its longest call, in seconds. */
  RESERVATION_GRACE_SEC: wholeNumber({ min: 10, max: 86_400, default: defaultPolicy.graceSec }),
});

/** Card: calling cards and customer accounts, and the money that calls are authorized against and charged to. */
export const cardFlow = flow('card', {
  config,
  schema: { entities, migrations, grants },
  aggregates: (stored) => ({
    cards: stored(card, {
      streamPrefix: streamPrefixes.card,
      readModels: [readModel(cardList), readModel(orderList), readModel(saleList)],
      publish: ({ id, event, meta }) => cardEventsOf(id, event, meta['traceparent']),
    }),
    cardTypes: stored(cardType, { streamPrefix: streamPrefixes.cardType, readModels: [readModel(cardTypeList)] }),
    batches: stored(cardBatch, { streamPrefix: streamPrefixes.batch, readModels: [readModel(batchList)] }),
    accounts: stored(account, {
      streamPrefix: streamPrefixes.account,
      readModels: [readModel(accountList)],
      publish: ({ event, meta }) => accountEventsOf(event, meta['traceparent']),
    }),
  }),
  deps: (resources, aggregates): CardDeps => {
    observeReservations(resources.database, resources.meter);
    return {
      ...resources,
      rating: resources.ask(RatingService, 'rating'),
      allowances: resources.ask(AllowanceService, 'rating'),
      routing: resources.ask(RoutingService, 'routing'),
      policy: { callSecMax: resources.config.CALL_SEC_MAX, graceSec: resources.config.RESERVATION_GRACE_SEC },
      aggregates,
    };
  },
  // The ledger is the record of credit, so its rows are locked, decided upon and written; there is no stream of them.
  decides: [decision(credit, ['ledger_account', 'reservation', 'transfer', 'charge'])],
  answers: [answers(CardService, cardAnswers)],
  reactions: [on([publicEvents.CallRated], 'settle-charges', settleCharges)],
  sweeps: [
    { name: 'expire-reservations', everyMs: 1_000, run: expireReservations },
    { name: 'expire-cards', everyMs: 60_000, run: (deps) => expireCards(deps, deps.aggregates) },
  ],
  publishes: [
    publicEvents.CardsIssued,
    publicEvents.CardActivated,
    publicEvents.CardDeactivated,
    publicEvents.AccountOpened,
    publicEvents.CreditReserved,
    publicEvents.CardDebited,
    publicEvents.ReservationExpired,
  ],
});
