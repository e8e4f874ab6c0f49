import { callOfKey, publicEventOf, publicEvents } from '@tollwire/contracts';
import type { CallRef, ChargedParty, PublicEvent } from '@tollwire/contracts';
import { present, unreachable } from '@tollwire/core';
import type { InstantUs } from '@tollwire/core';
import type { AccountEvent } from '../domain/account.ts';
import type { CardOrder } from '../domain/card-batch.ts';
import type { CardType } from '../domain/card-type.ts';
import type { CardEvent } from '../domain/card.ts';
import { lifeEventOf } from './life-events.ts';
import { moneyOf } from './money.ts';
import { chargedOfKey } from './party.ts';

const source = 'tollwire/card';

/** What the world is told of a card's event, the `version`-th of its life; its sale and payment, and its place in a batch, stay inside. */
export function cardEventsOf(cardId: string, event: CardEvent, version: number, traceparent?: string): PublicEvent[] {
  switch (event.type) {
    case 'CardFirstUsed':
    case 'CardExtended':
    case 'CardSuspended':
    case 'CardResumed':
    case 'CliBound':
    case 'CliUnbound':
      return [lifeEventOf(cardId, event, version, traceparent)];
    case 'CardActivated':
      return [
        publicEventOf(publicEvents.CardActivated, {
          source,
          timeUs: event.at,
          parts: [cardId],
          traceparent,
          data: { cardId, resellerId: event.resellerId, activatedAtUs: BigInt(event.at), expiresAtUs: BigInt(event.expiresAt ?? 0) },
        }),
      ];
    case 'CardDeactivated':
      return [
        publicEventOf(publicEvents.CardDeactivated, {
          source,
          timeUs: event.at,
          parts: [cardId],
          traceparent,
          data: { cardId, deactivatedAtUs: BigInt(event.at) },
        }),
      ];
    case 'CardIssued':
    case 'CardSold':
    case 'CardPaid':
    case 'CardExpired':
      return [];
    default:
      return unreachable(event);
  }
}

/** Cards were made: their ids, and all that rating must know of them. */
export function cardsIssuedOf(order: CardOrder, cardType: CardType, cardIds: readonly string[], at: InstantUs, traceparent?: string): PublicEvent {
  return publicEventOf(publicEvents.CardsIssued, {
    source,
    timeUs: at,
    parts: [order.batchId, ...cardIds.slice(0, 1)],
    traceparent,
    data: {
      batchId: order.batchId,
      cardTypeId: order.cardTypeId,
      plan: { plan: { case: 'tariffId', value: cardType.tariffId } },
      resellerId: order.resellerId,
      cardIds: [...cardIds],
      creditEach: moneyOf(cardType.valueNanos, cardType.currency),
      issuedAtUs: BigInt(at),
      frequencySec: cardType.frequencySec,
      startpulseSec: cardType.startpulseSec,
      incomingLeg: cardType.incomingLeg ?? false,
    },
  });
}

/** What the world is told of an account; its dialling limits stay inside. */
export function accountEventsOf(event: AccountEvent, traceparent?: string): PublicEvent[] {
  switch (event.type) {
    case 'AccountOpened':
      return [accountOpenedOf(event, traceparent)];
    case 'AccountSuspended': {
      const { customerId, reason, at } = event;
      const data = { customerId, reason, suspendedAtUs: BigInt(at) };
      return [publicEventOf(publicEvents.AccountSuspended, { source, timeUs: at, parts: [customerId], traceparent, data })];
    }
    case 'AccountResumed': {
      const { customerId, at } = event;
      return [publicEventOf(publicEvents.AccountResumed, { source, timeUs: at, parts: [customerId], traceparent, data: { customerId, resumedAtUs: BigInt(at) } })];
    }
    case 'DiallingLimited':
    case 'GatewaysAllowed':
      return [];
    default:
      return unreachable(event);
  }
}

function accountOpenedOf({ terms, at }: Extract<AccountEvent, { type: 'AccountOpened' }>, traceparent?: string): PublicEvent {
  return publicEventOf(publicEvents.AccountOpened, {
    source,
    timeUs: at,
    parts: [terms.customerId],
    traceparent,
    data: {
      customerId: terms.customerId,
      accountCodes: [...terms.accountCodes],
      plan: { plan: { case: 'voipPlanId', value: terms.voipPlanId } },
      currency: terms.currency,
      postpaid: terms.postpaid,
      openedAtUs: BigInt(at),
    },
  });
}

/** Credit was taken for a call. */
export function creditReservedOf(reserved: {
  readonly reservationId: string;
  readonly call: CallRef;
  readonly charged: ChargedParty;
  readonly amountNanos: bigint;
  readonly currency: string;
  readonly maxDurationSec: number;
  readonly at: InstantUs;
  readonly validUntil: InstantUs;
  /** Where it is told who is called. */
  readonly e164?: string;
  readonly traceparent?: string | undefined;
}): PublicEvent {
  return publicEventOf(publicEvents.CreditReserved, {
    source,
    timeUs: reserved.at,
    parts: [reserved.reservationId],
    traceparent: reserved.traceparent,
    data: {
      reservationId: reserved.reservationId,
      call: reserved.call,
      charged: reserved.charged,
      amount: moneyOf(reserved.amountNanos, reserved.currency),
      maxDurationSec: reserved.maxDurationSec,
      reservedAtUs: BigInt(reserved.at),
      validUntilUs: BigInt(reserved.validUntil),
      calledE164: reserved.e164 ?? '',
    },
  });
}

/** A call was charged; `posted` is the difference to what an earlier rating of it was charged. */
export function cardDebitedOf(debited: {
  readonly call: CallRef;
  readonly charged: ChargedParty;
  readonly callKey: string;
  readonly revision: number;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly postedNanos: bigint;
  readonly aboveReservationNanos: bigint;
  readonly transferId: string;
  readonly at: InstantUs;
  readonly traceparent: string | undefined;
}): PublicEvent {
  return publicEventOf(publicEvents.CardDebited, {
    source,
    timeUs: debited.at,
    parts: [debited.callKey, String(debited.revision)],
    traceparent: debited.traceparent,
    data: {
      call: debited.call,
      charged: debited.charged,
      amount: moneyOf(debited.amountNanos, debited.currency),
      aboveReservation: moneyOf(debited.aboveReservationNanos, debited.currency),
      transferId: debited.transferId,
      revision: debited.revision,
      debitedAtUs: BigInt(debited.at),
      posted: moneyOf(debited.postedNanos, debited.currency),
    },
  });
}

/** The time of a reservation was over and its credit is free again. */
export function reservationExpiredOf(expired: {
  readonly reservationId: string;
  readonly callKey: string;
  readonly party: string;
  readonly amountNanos: bigint;
  readonly currency: string;
  readonly at: InstantUs;
}): PublicEvent {
  return publicEventOf(publicEvents.ReservationExpired, {
    source,
    timeUs: expired.at,
    parts: [expired.reservationId],
    data: {
      reservationId: expired.reservationId,
      call: present(callOfKey(expired.callKey), 'the key of a call'),
      charged: chargedOfKey(expired.party),
      amount: moneyOf(expired.amountNanos, expired.currency),
      expiredAtUs: BigInt(expired.at),
    },
  });
}
