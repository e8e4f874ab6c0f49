import {
  CallAbandonedSchema, CallAnsweredSchema, CallEndedSchema, callKey, CallStartedSchema, CardDebitedSchema, CreditReservedSchema, dataOf, EventRefused, partyKey, publicEvents,
  ReservationExpiredSchema, ReservationExtendedSchema, ReservationReleasedSchema, type ReceivedEvent,
} from '@tollwire/contracts';
import type { Reaction } from '@tollwire/event-store';
import { normalizeE164 } from '@tollwire/telecom';
import type { CdrDeps } from '../cdr.deps.ts';
import type { WatchedEvent } from '../domain/fraud-call.ts';
import { type HeardEvent, keepHeard } from './fraud-table.ts';

const { CallStarted, CallAnswered, CallEnded, CallAbandoned, CreditReserved, ReservationExtended, ReservationExpired, ReservationReleased, CardDebited } = publicEvents;

/** What calls under way are watched by. */
export const watchedEvents = [CallStarted, CallAnswered, CallEnded, CallAbandoned, CreditReserved, ReservationExtended, ReservationExpired, ReservationReleased, CardDebited];

const DAY_US = 86_400_000_000;

/**
 * Adds up what calls do while they go on, for the rules that are at work; without rules it stands by. What cannot be read or
 * believed is left out here and parked where it is recorded. Needs no receipts: an event that comes again changes nothing.
 */
export function watchFraud({ fraud, clock }: Pick<CdrDeps, 'fraud' | 'clock'>): Reaction {
  return {
    name: 'watch-fraud',
    events: watchedEvents,
    receipts: 'own',
    standsBy: () => fraud.book.isIdle,
    handle: async (tx, events) => {
      const watch = await fraud.book.watch(tx);
      if (watch.rules.length === 0) return {};
      const nowUs = clock.nowUs();
      const heard = events.flatMap((event) => heardOf(event) ?? []).filter((each) => isBelieved(each, nowUs));
      if (heard.length === 0) return {};
      const grown = await keepHeard(tx, watch, heard, nowUs);
      return { committed: () => fraud.book.noteGrown(grown) };
    },
  };
}

function heardOf(received: ReceivedEvent): HeardEvent | undefined {
  try {
    return parsed(received);
  } catch (error) {
    if (error instanceof EventRefused) return undefined;
    throw error;
  }
}

function parsed(received: ReceivedEvent): HeardEvent | undefined {
  switch (received.type) {
    case CallStarted.type: {
      const { call, charged, cli, calledNumber, startedAtUs } = dataOf(CallStartedSchema, received);
      return { callKey: callKey(call), event: { type: 'started', party: partyOf(charged), cli, called: e164Of(calledNumber), atUs: Number(startedAtUs) } };
    }
    case CallAnswered.type: {
      const { call, answeredAtUs } = dataOf(CallAnsweredSchema, received);
      return { callKey: callKey(call), event: { type: 'answered', atUs: Number(answeredAtUs) } };
    }
    case CallEnded.type: {
      const { call, charged, cli, calledNumber, startedAtUs, answeredAtUs, endedAtUs } = dataOf(CallEndedSchema, received);
      const times = { startedAtUs: Number(startedAtUs), answeredAtUs: Number(answeredAtUs), atUs: Number(endedAtUs) };
      return { callKey: callKey(call), event: { type: 'ended', party: partyOf(charged), cli, called: e164Of(calledNumber), ...times } };
    }
    case CallAbandoned.type:
      return { callKey: callKey(dataOf(CallAbandonedSchema, received).call), event: { type: 'abandoned' } };
    default:
      return ofCredit(received);
  }
}

function ofCredit(received: ReceivedEvent): HeardEvent | undefined {
  switch (received.type) {
    case CreditReserved.type: {
      const { call, charged, amount, reservedAtUs, calledE164 } = dataOf(CreditReservedSchema, received);
      return { callKey: callKey(call), event: reserved(partyOf(charged), calledE164, amount, reservedAtUs) };
    }
    case ReservationExtended.type: {
      const { call, charged, amount, extendedAtUs } = dataOf(ReservationExtendedSchema, received);
      return { callKey: callKey(call), event: reserved(partyOf(charged), '', amount, extendedAtUs) };
    }
    case ReservationExpired.type:
      return { callKey: callKey(dataOf(ReservationExpiredSchema, received).call), event: { type: 'freed' } };
    case ReservationReleased.type:
      return { callKey: callKey(dataOf(ReservationReleasedSchema, received).call), event: { type: 'freed' } };
    case CardDebited.type: {
      const { call, charged, amount, revision } = dataOf(CardDebitedSchema, received);
      return { callKey: callKey(call), event: { type: 'charged', party: partyOf(charged), nanos: amount?.nanos ?? 0n, currency: amount?.currency ?? '', revision } };
    }
    default:
      return undefined;
  }
}

function reserved(party: string, called: string, amount: { readonly nanos: bigint; readonly currency: string } | undefined, atUs: bigint): WatchedEvent {
  return { type: 'reserved', party, called, nanos: amount?.nanos ?? 0n, currency: amount?.currency ?? '', atUs: Number(atUs) };
}

function partyOf(charged: Parameters<typeof partyKey>[0]): string {
  const key = partyKey(charged);
  return key === 'unknown' ? '' : key;
}

function e164Of(dialled: string): string {
  const number = normalizeE164(dialled);
  return number.ok ? number.value : '';
}

/** Calls of the last day, in texts that can be stored: a file of last month's CDRs is no fraud while it happens. */
function isBelieved({ callKey: key, event }: HeardEvent, nowUs: number): boolean {
  const instants = Object.entries(event).flatMap(([name, value]) => (name.endsWith('Us') && typeof value === 'number' && value !== 0 ? [value] : []));
  const texts = [key, ...Object.values(event).filter((value) => typeof value === 'string')];
  return instants.every((us) => us > nowUs - DAY_US && us < nowUs + DAY_US) && texts.every((text) => text.length <= 800 && !text.includes('\0'));
}
