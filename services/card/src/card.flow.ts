import {
  AllowanceService, CallControlService, CallersService, CardLifeService, CardService, MoneyService, publicEvents, RatingService, RoutingService,
} from '@tollwire/contracts';
import { readModel } from '@tollwire/event-store';
import { answers, commonConfig, decision, flow, on, wholeNumber } from '@tollwire/platform';
import { z } from 'zod';
import { gatewayLinks } from './accounts/gateway-links.ts';
import { accountList } from './accounts/account-projection.ts';
import { RefusedRoutes } from './authorize/refused-routes.ts';
import { callControlAnswers } from './call-control.answers.ts';
import { cardForgets } from './callers/forget-number.ts';
import { callersAnswers } from './callers.answers.ts';
import { cardAnswers } from './card.answers.ts';
import { type CardDeps, defaultPinPolicy, defaultPolicy } from './card.deps.ts';
import { randomCardIds } from './cards/card-ids.ts';
import { batchList, cardList, cardTypeList, orderList, saleList, streamPrefixes } from './cards/card-projections.ts';
import { account } from './domain/account.ts';
import { cardBatch } from './domain/card-batch.ts';
import { cardType } from './domain/card-type.ts';
import { card } from './domain/card.ts';
import { creditProposal } from './domain/credit-proposal.ts';
import { credit } from './domain/credit.ts';
import { payment } from './domain/payment.ts';
import { voucherRefusal } from './domain/voucher.ts';
import { entities } from './entities/index.ts';
import { observeReservations } from './ledger/counts.ts';
import { lifeAnswers } from './life.answers.ts';
import { grants, migrations } from './migrations/index.ts';
import { moneyAnswers } from './money.answers.ts';
import { aloneMaxOf, aloneMaxText } from './money/alone-max.ts';
import { proposalList, proposalStreamPrefix } from './money/proposal-projection.ts';
import { PinSecrets } from './pins/pin-secrets.ts';
import { releaseAbandoned } from './reactions/release-abandoned.ts';
import { settleCharges } from './reactions/settle-charges.ts';
import { expireCards } from './sweeps/expire-cards.ts';
import { expireReservations } from './sweeps/expire-reservations.ts';
import { forfeitCredit } from './sweeps/forfeit-credit.ts';
import { forgetRefused } from './sweeps/forget-refused.ts';
import { forgetFailedTries } from './sweeps/forget-tries.ts';
import { restoreExtended } from './sweeps/restore-credit.ts';
import { accountEventsOf, cardEventsOf } from './wire/public-events.ts';

const config = commonConfig.extend({
  /** The longest call that one reservation pays for, in seconds. */
  CALL_SEC_MAX: wholeNumber({ min: 60, max: 86_400, default: defaultPolicy.callSecMax }),
  /** How long a reservation outlives its longest call, in seconds. */
  RESERVATION_GRACE_SEC: wholeNumber({ min: 10, max: 86_400, default: defaultPolicy.graceSec }),
  /** What PINs are kept under; lost or changed, every PIN is void. */
  CARD_PIN_KEY: z.string().min(32, 'must be at least 32 characters').max(256),
  /** Digits of a PIN where a request names no number. */
  PIN_LENGTH: wholeNumber({ min: 8, max: 16, default: defaultPinPolicy.length }),
  /** Wrong PINs within any stretch of the window's length: from one caller, and from a trunk or an address where many call from. */
  PIN_TRIES_MAX: wholeNumber({ min: 1, max: 100, default: defaultPinPolicy.triesMax }),
  PIN_SHARED_TRIES_MAX: wholeNumber({ min: 1, max: 10_000, default: defaultPinPolicy.sharedTriesMax }),
  /** How long a wrong PIN is counted, in seconds. */
  PIN_WINDOW_SEC: wholeNumber({ min: 10, max: 86_400, default: defaultPinPolicy.windowSec }),
  /** Keys the index of voucher codes; without it no vouchers are made or redeemed. Another key makes all codes of before unknown. */
  VOUCHER_KEY: z.string().min(32, 'must be at least 32 characters').max(256).optional(),
  /** What one person may post as credit without a second one, by currency, in units. */
  CREDIT_ALONE_MAX: aloneMaxText,
  /** Days after its expiry after which the credit of a card goes to breakage; 0 for never. */
  FORFEIT_AFTER_DAYS: wholeNumber({ min: 0, max: 36_500, default: 0 }),
});

/** Card: calling cards and customer accounts, and the money that calls are authorized against and charged to. */
export const cardFlow = flow('card', {
  config,
  schema: { entities, migrations, grants },
  aggregates: (stored) => ({
    cards: stored(card, {
      streamPrefix: streamPrefixes.card,
      readModels: [readModel(cardList), readModel(orderList), readModel(saleList)],
      publish: ({ id, event, version, meta }) => cardEventsOf(id, event, version, meta['traceparent']),
    }),
    cardTypes: stored(cardType, { streamPrefix: streamPrefixes.cardType, readModels: [readModel(cardTypeList)] }),
    batches: stored(cardBatch, { streamPrefix: streamPrefixes.batch, readModels: [readModel(batchList)] }),
    accounts: stored(account, {
      streamPrefix: streamPrefixes.account,
      readModels: [readModel(accountList), gatewayLinks],
      publish: ({ event, meta }) => accountEventsOf(event, meta['traceparent']),
    }),
    proposals: stored(creditProposal, { streamPrefix: proposalStreamPrefix, readModels: [readModel(proposalList)] }),
  }),
  deps: (resources, aggregates): CardDeps => {
    observeReservations(resources.database, resources.meter);
    const { PIN_LENGTH: length, PIN_TRIES_MAX: triesMax, PIN_SHARED_TRIES_MAX: sharedTriesMax, PIN_WINDOW_SEC: windowSec } = resources.config;
    return {
      ...resources,
      rating: resources.ask(RatingService, 'rating'),
      allowances: resources.ask(AllowanceService, 'rating'),
      routing: resources.ask(RoutingService, 'routing'),
      refused: new RefusedRoutes(resources.database, (error) => resources.logger.warn({ err: error }, 'How a refused call was decided is not kept')),
      policy: { callSecMax: resources.config.CALL_SEC_MAX, graceSec: resources.config.RESERVATION_GRACE_SEC },
      pins: { secrets: new PinSecrets(resources.config.CARD_PIN_KEY), policy: { length, triesMax, sharedTriesMax, windowSec } },
      money: {
        voucherKey: resources.config.VOUCHER_KEY ?? null,
        creditAloneMax: aloneMaxOf(resources.config.CREDIT_ALONE_MAX),
        forfeitAfterDays: resources.config.FORFEIT_AFTER_DAYS,
      },
      aggregates,
      drawCardIds: randomCardIds,
    };
  },
  // The ledger is the record of credit, so its rows are locked, decided upon and written; there is no stream of them.
  decides: [
    decision(credit, ['ledger_account', 'reservation', 'reservation_extension', 'transfer', 'charge', 'broken_credit']),
    decision(payment, ['payment', 'payment_reversal', 'commission']),
    decision(voucherRefusal, ['voucher_batch', 'voucher_void', 'voucher', 'voucher_redemption']),
  ],
  answers: [
    answers(CardService, cardAnswers), answers(CardLifeService, lifeAnswers), answers(CallersService, callersAnswers), answers(MoneyService, moneyAnswers),
    answers(CallControlService, callControlAnswers),
  ],
  reactions: [
    on([publicEvents.CallRated], 'settle-charges', settleCharges),
    on([publicEvents.CallAbandoned], 'release-abandoned', releaseAbandoned),
  ],
  forgets: cardForgets,
  sweeps: [
    { name: 'expire-reservations', everyMs: 1_000, run: expireReservations },
    { name: 'expire-cards', everyMs: 60_000, run: (deps) => expireCards(deps, deps.aggregates) },
    { name: 'forget-tries', everyMs: 600_000, run: forgetFailedTries },
    { name: 'forget-refused', everyMs: 60_000, run: forgetRefused },
    { name: 'forfeit-credit', everyMs: 600_000, run: forfeitCredit },
    { name: 'restore-credit', everyMs: 60_000, run: restoreExtended },
  ],
  close: ({ refused }) => refused.written(),
  publishes: [
    publicEvents.CardsIssued,
    publicEvents.CardActivated,
    publicEvents.CardDeactivated,
    publicEvents.CardFirstUsed,
    publicEvents.CardExtended,
    publicEvents.CardSuspended,
    publicEvents.CardResumed,
    publicEvents.CliBound,
    publicEvents.CliUnbound,
    publicEvents.AccountOpened,
    publicEvents.CreditReserved,
    publicEvents.CardDebited,
    publicEvents.ReservationExpired,
    publicEvents.PaymentReceived,
    publicEvents.PaymentReversed,
    publicEvents.VoucherRedeemed,
    publicEvents.BalanceLow,
    publicEvents.CreditForfeited,
    publicEvents.CreditRestored,
    publicEvents.ReservationExtended,
    publicEvents.ReservationReleased,
    publicEvents.AccountSuspended,
    publicEvents.AccountResumed,
  ],
});
