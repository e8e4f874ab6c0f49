import { create, toBinary } from '@bufbuild/protobuf';
import {
  type CallAbandoned,
  CallAbandonedSchema,
  type CallAnswered,
  CallAnsweredSchema,
  type CallEnded,
  CallEndedSchema,
  type CallRated,
  CallRatedSchema,
  type CallRinging,
  CallRingingSchema,
  type CallStarted,
  CallStartedSchema,
  publicEventOf,
  publicEvents,
  type PublicEvent,
  type ReceivedEvent,
} from '@tollwire/contracts';
import { atSec } from './domain/call.fixtures.ts';

/** An event as a consumer receives it. */
export function received(event: PublicEvent): ReceivedEvent {
  const { id, definition, source, key, timeUs, data } = event;
  return { id, type: definition.type, source, key, timeUs, dataBytes: toBinary(definition.schema, create(definition.schema, data)) };
}

export interface CallOf {
  readonly callId: string;
  readonly switchId?: string;
  readonly accountCode?: string;
  readonly atSec?: number;
}

const source = 'switch/fs1';

function commonOf({ callId, switchId = 'fs1', accountCode, atSec: at = 0 }: CallOf) {
  const party = accountCode === undefined ? ({ case: 'cardId', value: '0012345678901234' } as const) : ({ case: 'accountCode', value: accountCode } as const);
  return { call: { switchId, callId, leg: 0 }, charged: { party }, at, parts: [switchId, callId] };
}

export function callStarted(of: CallOf, over: Partial<CallStarted> = {}): ReceivedEvent {
  const { call, charged, at, parts } = commonOf(of);
  const base = { call, charged, cli: '4315550100', calledNumber: '442071838750', startedAtUs: BigInt(atSec(at)), channel: 'sofia/1' };
  return received(publicEventOf(publicEvents.CallStarted, { source, timeUs: atSec(at), parts, data: Object.assign(create(CallStartedSchema, base), over) }));
}

export function callRinging(of: CallOf, over: Partial<CallRinging> = {}): ReceivedEvent {
  const { call, at, parts } = commonOf(of);
  const data = Object.assign(create(CallRingingSchema, { call, ringingAtUs: BigInt(atSec(at + 2)) }), over);
  return received(publicEventOf(publicEvents.CallRinging, { source, timeUs: atSec(at + 2), parts, data }));
}

export function callAbandoned(of: CallOf, over: Partial<CallAbandoned> = {}): ReceivedEvent {
  const { call, charged, at, parts } = commonOf(of);
  const base = { call, charged, startedAtUs: BigInt(atSec(at)), reason: 'silence', abandonedAtUs: BigInt(atSec(at + 600)) };
  return received(publicEventOf(publicEvents.CallAbandoned, { source: 'tollwire/cdr', timeUs: atSec(at + 600), parts, data: Object.assign(create(CallAbandonedSchema, base), over) }));
}

export function callAnswered(of: CallOf, over: Partial<CallAnswered> = {}): ReceivedEvent {
  const { call, at, parts } = commonOf(of);
  const base = { call, answeredAtUs: BigInt(atSec(at + 4)), carrierCode: 'C1' };
  return received(publicEventOf(publicEvents.CallAnswered, { source, timeUs: atSec(at + 4), parts, data: Object.assign(create(CallAnsweredSchema, base), over) }));
}

export function callEnded(of: CallOf, over: Partial<CallEnded> = {}): ReceivedEvent {
  const { call, charged, at, parts } = commonOf(of);
  const base = {
    ...{ call, charged, cli: '4315550100', calledNumber: '442071838750', channel: 'sofia/1' },
    startedAtUs: BigInt(atSec(at)),
    answeredAtUs: BigInt(atSec(at + 4)),
    endedAtUs: BigInt(atSec(at + 64)),
    q850Cause: 16,
    carrierCode: 'C1',
    attempts: [{ carrierCode: 'C1', startedAtUs: BigInt(atSec(at + 1)), endedAtUs: BigInt(atSec(at + 64)), q850Cause: 16 }],
  };
  return received(publicEventOf(publicEvents.CallEnded, { source, timeUs: atSec(at + 64), parts, data: Object.assign(create(CallEndedSchema, base), over) }));
}

export function callRated(of: CallOf, over: Partial<CallRated> = {}): ReceivedEvent {
  const { call, charged, at, parts } = commonOf(of);
  const base = {
    ...{ call, charged, calledE164: '442071838750', q850Cause: 16, carrierCode: 'C1', durationSec: 60, revision: 1, countryPrefixId: 44 },
    plan: { plan: { case: 'tariffId', value: 7 } } as const,
    startedAtUs: BigInt(atSec(at)),
    answeredAtUs: BigInt(atSec(at + 4)),
    endedAtUs: BigInt(atSec(at + 64)),
    sell: { amount: { nanos: 12_345_678n, currency: 'EUR' }, prefix: '4420', billedSec: 66 },
    buy: { amount: { nanos: 5_000_001n, currency: 'EUR' }, prefix: '44', billedSec: 60 },
    ratedAtUs: BigInt(atSec(at + 65)),
  };
  return received(publicEventOf(publicEvents.CallRated, { source: 'tollwire/rating', timeUs: atSec(at + 65), parts, data: Object.assign(create(CallRatedSchema, base), over) }));
}

export function providerRegistered(carrierCode: string, providerId: number): ReceivedEvent {
  const data = { carrierCode, providerId, name: carrierCode };
  return received(publicEventOf(publicEvents.ProviderRegistered, { source: 'tollwire/routing', timeUs: atSec(0), parts: [carrierCode], data }));
}

/** All four events of a call. */
export function wholeCall(of: CallOf): ReceivedEvent[] {
  return [callStarted(of), callAnswered(of), callEnded(of), callRated(of)];
}
