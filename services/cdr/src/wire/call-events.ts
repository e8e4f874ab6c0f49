import { ok, refuse, type InstantUs, type Result } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import {
  CallAbandonedSchema,
  CallAnsweredSchema,
  CallEndedSchema,
  CallRatedSchema,
  CallRingingSchema,
  CallStartedSchema,
  dataOf,
  publicEvents,
  type CallRated as CallRatedMessage,
  type CallRef,
  type ChargedParty,
  type Money as MoneyMessage,
  type ReceivedEvent,
} from '@tollwire/contracts';
import type { AbandonReason, Attempt, CallEvent, CallId, Charged, InstantOrZero, Money } from '../domain/call.ts';

const { CallStarted, CallRinging, CallAnswered, CallEnded, CallRated, CallAbandoned } = publicEvents;

/** The call event that was received. Refused where its bytes are not that message or it is no event of a call. */
export function callEventOf(received: ReceivedEvent): Result<CallEvent, { code: 'message_malformed'; detail: string }> {
  try {
    return ok(parse(received));
  } catch (error) {
    return refuse({ code: 'message_malformed', detail: error instanceof Error ? error.message : String(error) });
  }
}

function parse(received: ReceivedEvent): CallEvent {
  switch (received.type) {
    case CallStarted.type:
      return started(received);
    case CallRinging.type:
      return ringing(received);
    case CallAnswered.type:
      return answered(received);
    case CallEnded.type:
      return ended(received);
    case CallRated.type:
      return rated(received);
    case CallAbandoned.type:
      return abandoned(received);
    default:
      throw new Error(`${received.type} is not an event of a call`);
  }
}

function started(received: ReceivedEvent): CallEvent {
  const { call, charged, cli, calledNumber, channel, startedAtUs } = dataOf(CallStartedSchema, received);
  const facts = { ...chargedOf(charged), cli, calledNumber, channel, startedAtUs: instantOf(startedAtUs) };
  return { type: 'CallStarted', call: callIdOf(call), facts };
}

function ringing(received: ReceivedEvent): CallEvent {
  const { call, ringingAtUs } = dataOf(CallRingingSchema, received);
  return { type: 'CallRinging', call: callIdOf(call), facts: { ringingAtUs: instantOf(ringingAtUs) } };
}

function answered(received: ReceivedEvent): CallEvent {
  const { call, answeredAtUs, carrierCode } = dataOf(CallAnsweredSchema, received);
  return { type: 'CallAnswered', call: callIdOf(call), facts: { answeredAtUs: instantOf(answeredAtUs), carrierCode } };
}

function ended(received: ReceivedEvent): CallEvent {
  const message = dataOf(CallEndedSchema, received);
  const facts = {
    ...chargedOf(message.charged),
    cli: message.cli,
    calledNumber: message.calledNumber,
    channel: message.channel,
    startedAtUs: instantOf(message.startedAtUs),
    answeredAtUs: instantOrZero(message.answeredAtUs),
    endedAtUs: instantOf(message.endedAtUs),
    q850Cause: message.q850Cause,
    carrierCode: message.carrierCode,
    attempts: message.attempts.map(attemptOf),
    preRatedSell: moneyOf(message.preRatedSell),
  };
  return { type: 'CallEnded', call: callIdOf(message.call), facts };
}

function attemptOf(attempt: { carrierCode: string; startedAtUs: bigint; endedAtUs: bigint; q850Cause: number }): Attempt {
  const { carrierCode, q850Cause } = attempt;
  return {
    carrierCode,
    startedAtUs: instantOrZero(attempt.startedAtUs),
    endedAtUs: instantOrZero(attempt.endedAtUs),
    q850Cause,
  };
}

function rated(received: ReceivedEvent): CallEvent {
  const message = dataOf(CallRatedSchema, received);
  const plan = message.plan?.plan;
  const facts = {
    ...chargedOf(message.charged),
    startedAtUs: instantOf(message.startedAtUs),
    answeredAtUs: instantOrZero(message.answeredAtUs),
    endedAtUs: instantOf(message.endedAtUs),
    q850Cause: message.q850Cause,
    carrierCode: message.carrierCode,
    calledE164: message.calledE164,
    sellPrefix: message.sell?.prefix ?? '',
    countryPrefixId: message.countryPrefixId,
    tariffId: plan?.case === 'tariffId' ? plan.value : 0,
    voipPlanId: plan?.case === 'voipPlanId' ? plan.value : 0,
    durationSec: message.durationSec,
    billedSec: message.sell?.billedSec ?? 0,
    sell: moneyOf(message.sell?.amount),
    buy: moneyOf(message.buy?.amount),
    buyRefusal: message.buyRefusal,
    margin: marginOf(message),
    preRated: message.preRated,
    ratedAtUs: instantOf(message.ratedAtUs),
    revision: message.revision,
  };
  return { type: 'CallRated', call: callIdOf(message.call), facts };
}

/** A margin is in the currency of the sell price, or it is none. */
function marginOf({ sell, margin }: CallRatedMessage): Money | undefined {
  return margin?.amount?.currency === sell?.amount?.currency ? moneyOf(margin?.amount) : undefined;
}

const abandonReasons: ReadonlySet<string> = new Set<AbandonReason>(['silence', 'max_duration', 'switch_restarted']);

function isAbandonReason(reason: string): reason is AbandonReason {
  return abandonReasons.has(reason);
}

function abandoned(received: ReceivedEvent): CallEvent {
  const { call, reason, abandonedAtUs } = dataOf(CallAbandonedSchema, received);
  if (!isAbandonReason(reason)) throw new Error(`${reason} is no rule that closes a call`);
  return { type: 'CallAbandoned', call: callIdOf(call), facts: { reason, abandonedAtUs: instantOf(abandonedAtUs) } };
}

function callIdOf(call: CallRef | undefined): CallId {
  return { switchId: call?.switchId ?? '', callId: call?.callId ?? '', leg: call?.leg ?? 0 };
}

function chargedOf(charged: ChargedParty | undefined): Charged {
  const party = charged?.party;
  return {
    cardId: party?.case === 'cardId' ? party.value : '',
    accountCode: party?.case === 'accountCode' ? party.value : '',
  };
}

function moneyOf(money: MoneyMessage | undefined): Money | undefined {
  return money === undefined ? undefined : { nanos: nanos(money.nanos), currency: money.currency };
}

/** What no number can hold exactly lies after 2255 and is parked for being there, so the nearest number serves. */
function instantOf(us: bigint): InstantUs {
  const value = Number(us);
  return (Number.isSafeInteger(value) ? value : Number.MAX_SAFE_INTEGER) as InstantUs;
}

function instantOrZero(us: bigint): InstantOrZero {
  return us === 0n ? 0 : instantOf(us);
}
