import { type CallEnded, CallEndedSchema, callKey, type CodedRefusal, dataOf, type Money as MoneyMessage, partyKey, type ReceivedEvent } from '@tollwire/contracts';
import { type InstantUs, instantUs, ok, refuse, type Result } from '@tollwire/core';
import { currencyOf, isPlausibleInstant, nanos, portedNumberOf } from '@tollwire/telecom';
import type { Money } from '../domain/price-at.ts';
import type { EndedCall } from '../domain/rate-call.ts';

/** A CallEnded that can be read: the call as the domain sees it, and what its rating is told under. */
export interface ReceivedCall {
  readonly eventId: string;
  readonly traceparent: string | undefined;
  readonly callKey: string;
  readonly partyKey: string;
  readonly q850Cause: number;
  readonly call: EndedCall;
}

const TEXT_LENGTH_MAX = 255;
/** Beyond every key of a call that can be stored, and no more than a dead letter should tell. */
const KEY_SHOWN_MAX = 2_000;
/** A smallint, as the record of the call holds it. */
const LEG_MAX = 32_767;
/** More than any switch hunts over. */
const ATTEMPTS_MAX = 255;

/**
 * Reads a CallEnded, as of `nowUs`. Refused with the field at fault where no call, party or believable time can be read
 * from it, by the limits that hold for its CDR, too: what has no record is not charged. Never throws.
 */
export function receivedCallOf(event: ReceivedEvent, nowUs: InstantUs): Result<ReceivedCall, CodedRefusal> {
  try {
    return callOf(event, dataOf(CallEndedSchema, event), nowUs);
  } catch (error) {
    return refuse({ code: 'message_malformed', detail: error instanceof Error ? error.message : String(error) });
  }
}

function callOf(event: ReceivedEvent, ended: CallEnded, nowUs: InstantUs): Result<ReceivedCall, CodedRefusal> {
  const fault = faultOf(ended, nowUs);
  const about = aboutCall(callKey(ended.call), partyKey(ended.charged));
  if (fault !== undefined) return refuse({ ...fault, facts: about });
  const preRatedSell = moneyOf(ended.preRatedSell);
  if (!preRatedSell.ok) return refuse({ ...preRatedSell.refusal, facts: about });
  return ok({
    eventId: event.id,
    traceparent: event.traceparent,
    callKey: callKey(ended.call),
    partyKey: partyKey(ended.charged),
    q850Cause: ended.q850Cause,
    call: {
      ...numbersOf(ended),
      startedAt: at(ended.startedAtUs),
      answeredAt: ended.answeredAtUs === 0n ? undefined : at(ended.answeredAtUs),
      endedAt: at(ended.endedAtUs),
      carrierCode: ended.carrierCode,
      ...failedOf(ended),
      preRatedSell: preRatedSell.value,
    },
  });
}

/** Which call a refusal is of, and what kind of party pays; not which party, because a card's id is a secret. */
export function aboutCall(call: string, party: string): Readonly<Record<'call' | 'party', string>> {
  return { call: call.slice(0, KEY_SHOWN_MAX), party: party.split(':', 1).join() };
}

function faultOf(ended: CallEnded, nowUs: InstantUs): CodedRefusal | undefined {
  const { call, charged, carrierCode, q850Cause, startedAtUs, answeredAtUs, endedAtUs } = ended;
  if (call === undefined || call.switchId === '') return missing('call.switchId');
  if (call.callId === '') return missing('call.callId');
  if (charged?.party.case === undefined) return missing('charged');
  const texts = { 'call.switchId': call.switchId, 'call.callId': call.callId, charged: charged.party.value, carrierCode, routingNumber: ended.routingNumber };
  for (const [field, text] of Object.entries(texts)) if (!isStorable(text)) return { code: 'field_malformed', field };
  if (ended.attempts.length > ATTEMPTS_MAX) return outOfRange('attempts');
  const badAttempt = ended.attempts.findIndex((attempt) => !isStorable(attempt.carrierCode));
  if (badAttempt >= 0) return { code: 'field_malformed', field: `attempts[${badAttempt}].carrierCode` };
  if (call.leg > LEG_MAX) return outOfRange('call.leg');
  if (q850Cause > 0x7fffffff) return outOfRange('q850Cause');
  const odd = timeFault('startedAtUs', startedAtUs, nowUs) ?? timeFault('endedAtUs', endedAtUs, nowUs);
  return odd ?? (answeredAtUs === 0n ? undefined : timeFault('answeredAtUs', answeredAtUs, nowUs));
}

/** An adapter may hand on what SIP says of number portability as it stands beside the number. */
function numbersOf({ calledNumber, routingNumber }: CallEnded): Pick<EndedCall, 'calledNumber' | 'routingNumber'> {
  const told = portedNumberOf(calledNumber);
  const ported = routingNumber || told.routingNumber?.slice(0, TEXT_LENGTH_MAX).replaceAll('\0', '');
  return { calledNumber: told.number, ...(ported === undefined ? {} : { routingNumber: ported }) };
}

function timeFault(field: string, us: bigint, nowUs: InstantUs): CodedRefusal | undefined {
  if (us === 0n) return missing(field);
  return isPlausibleInstant(Number(us), nowUs) ? undefined : outOfRange(field);
}

function missing(field: string): CodedRefusal {
  return { code: 'field_missing', field };
}

function outOfRange(field: string): CodedRefusal {
  return { code: 'field_out_of_range', field };
}

/** All attempts but the one that connected an answered call: the last over its carrier. One without a time began with the call. */
function failedOf({ attempts, answeredAtUs, carrierCode, startedAtUs }: CallEnded): Pick<EndedCall, 'failedAttempts'> {
  const connecting = answeredAtUs === 0n ? -1 : attempts.findLastIndex((attempt) => attempt.carrierCode === carrierCode);
  const failed = attempts.filter((attempt, index) => index !== connecting && attempt.carrierCode !== '');
  if (failed.length === 0) return {};
  return { failedAttempts: failed.map((attempt) => ({ carrierCode: attempt.carrierCode, startedAt: at(attempt.startedAtUs > 0n ? attempt.startedAtUs : startedAtUs) })) };
}

/** PostgreSQL's text holds no NUL. */
function isStorable(text: string): boolean {
  return text.length <= TEXT_LENGTH_MAX && !text.includes('\0');
}

function moneyOf(money: MoneyMessage | undefined): Result<Money | undefined, CodedRefusal> {
  if (money === undefined) return ok(undefined);
  const currency = currencyOf(money.currency);
  if (!currency.ok) return refuse({ code: 'currency_malformed', field: 'preRatedSell.currency' });
  if (money.nanos < 0n) return refuse({ code: 'amount_malformed', field: 'preRatedSell.nanos' });
  return ok({ nanos: nanos(money.nanos), currency: currency.value });
}

function at(us: bigint): InstantUs {
  return instantUs(Number(us));
}
