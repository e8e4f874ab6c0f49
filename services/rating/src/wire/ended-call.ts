import { type CallEnded, CallEndedSchema, callKey, type CodedRefusal, dataOf, type Money as MoneyMessage, partyKey, type ReceivedEvent } from '@tollwire/contracts';
import { type InstantUs, instantUs, ok, refuse, type Result } from '@tollwire/core';
import { callAtMin, currencyOf, nanos } from '@tollwire/telecom';
import type { EndedCall, Money } from '../domain/rate-call.ts';

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
const LATEST_US = 8_000_000_000_000_000;

/** Reads a CallEnded. Refused with the field at fault where no call, party or time can be read from it; never throws. */
export function receivedCallOf(event: ReceivedEvent): Result<ReceivedCall, CodedRefusal> {
  try {
    return callOf(event, dataOf(CallEndedSchema, event));
  } catch (error) {
    return refuse({ code: 'message_malformed', detail: error instanceof Error ? error.message : String(error) });
  }
}

function callOf(event: ReceivedEvent, ended: CallEnded): Result<ReceivedCall, CodedRefusal> {
  const fault = faultOf(ended);
  if (fault !== undefined) return refuse(fault);
  const preRatedSell = moneyOf(ended.preRatedSell);
  if (!preRatedSell.ok) return preRatedSell;
  return ok({
    eventId: event.id,
    traceparent: event.traceparent,
    callKey: callKey(ended.call),
    partyKey: partyKey(ended.charged),
    q850Cause: ended.q850Cause,
    call: {
      calledNumber: ended.calledNumber,
      startedAt: at(ended.startedAtUs),
      answeredAt: ended.answeredAtUs === 0n ? undefined : at(ended.answeredAtUs),
      endedAt: at(ended.endedAtUs),
      carrierCode: ended.carrierCode,
      preRatedSell: preRatedSell.value,
    },
  });
}

function faultOf({ call, charged, carrierCode, q850Cause, startedAtUs, answeredAtUs, endedAtUs }: CallEnded): CodedRefusal | undefined {
  if (call === undefined || call.switchId === '') return missing('call.switchId');
  if (call.callId === '') return missing('call.callId');
  if (charged?.party.case === undefined) return missing('charged');
  const texts = { 'call.switchId': call.switchId, 'call.callId': call.callId, charged: charged.party.value, carrierCode };
  for (const [field, text] of Object.entries(texts)) if (!isStorable(text)) return { code: 'field_malformed', field };
  if (call.leg > 0x7fffffff) return outOfRange('call.leg');
  if (q850Cause > 0x7fffffff) return outOfRange('q850Cause');
  return timeFault('startedAtUs', startedAtUs) ?? timeFault('endedAtUs', endedAtUs) ?? (answeredAtUs === 0n ? undefined : timeFault('answeredAtUs', answeredAtUs));
}

function timeFault(field: string, us: bigint): CodedRefusal | undefined {
  if (us === 0n) return missing(field);
  return us < callAtMin || us > LATEST_US ? outOfRange(field) : undefined;
}

function missing(field: string): CodedRefusal {
  return { code: 'field_missing', field };
}

function outOfRange(field: string): CodedRefusal {
  return { code: 'field_out_of_range', field };
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
