import { CardService, publicEvents, RatingService, RoutingService } from '@tollwire/contracts';
import { answers, commonConfig, flow, on, wholeNumber } from '@tollwire/platform';
import { accountList } from './accounts/account-projection.ts';
import { aggregatesOf } from './card.aggregates.ts';
import { cardAnswers } from './card.answers.ts';
import { type CardDeps, defaultPolicy } from './card.deps.ts';
import { batchList, cardList, cardTypeList, orderList, saleList } from './cards/card-projections.ts';
import { account } from './domain/account.ts';
import { cardBatch } from './domain/card-batch.ts';
import { cardType } from './domain/card-type.ts';
import { card } from './domain/card.ts';
import { credit } from './domain/credit.ts';
import { entities } from './entities/index.ts';
import { grants, migrations } from './migrations/index.ts';
import { settleCharges } from './reactions/settle-charges.ts';
import { expireCards } from './sweeps/expire-cards.ts';
import { expireReservations } from './sweeps/expire-reservations.ts';

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
  deps: (resources): CardDeps => ({
    ...resources,
    rating: resources.ask(RatingService, 'rating'),
    routing: resources.ask(RoutingService, 'routing'),
    policy: { callSecMax: resources.config.CALL_SEC_MAX, graceSec: resources.config.RESERVATION_GRACE_SEC },
  }),
  aggregates: [card, cardType, cardBatch, account, credit],
  answers: [answers(CardService, cardAnswers)],
  projections: [cardList, cardTypeList, batchList, orderList, saleList, accountList],
  reactions: [on([publicEvents.CallRated], 'settle-charges', settleCharges)],
  sweeps: (deps) => [
    { name: 'expire-reservations', everyMs: 1_000, run: () => expireReservations(deps) },
    { name: 'expire-cards', everyMs: 60_000, run: () => expireCards(deps, aggregatesOf(deps)) },
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
