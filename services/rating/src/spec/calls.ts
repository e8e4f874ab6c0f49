import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { CallEndedSchema, eventIdOf, partyKey, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { instant } from './decks.ts';

/** A call as a test tells it; every field has a default of a call that was answered and lasted 31 s. */
export interface SpecCall {
  readonly callId?: string;
  readonly card?: string;
  readonly account?: string;
  readonly number?: string;
  readonly startedAt?: string;
  /** Seconds from set-up to answer; undefined: not answered. */
  readonly answeredAfterSec?: number | undefined;
  readonly durationSec?: number;
  readonly carrier?: string;
  /** Carriers that were tried, in order; with `carrier` the last of them connected it. */
  readonly tried?: readonly string[];
  readonly preRated?: { nanos: bigint; currency: string };
}

/** The CallEnded message of a call. */
export function callEnded(call: SpecCall) {
  const startedAtUs = instant(call.startedAt ?? '2026-06-01T12:00:00');
  const answeredAfterSec = 'answeredAfterSec' in call ? call.answeredAfterSec : 5;
  const answeredAtUs = answeredAfterSec === undefined ? 0n : startedAtUs + BigInt(answeredAfterSec) * 1_000_000n;
  const talkUs = BigInt(Math.round((call.durationSec ?? 31) * 1_000_000));
  return {
    call: { switchId: 'fs1', callId: call.callId ?? 'c1', leg: 0 },
    charged: { party: partyOf(call) },
    cli: '34911111111',
    calledNumber: call.number ?? '34650123456',
    startedAtUs,
    answeredAtUs,
    endedAtUs: answeredAtUs === 0n ? startedAtUs + 20_000_000n : answeredAtUs + talkUs,
    q850Cause: answeredAtUs === 0n ? 19 : 16,
    carrierCode: call.carrier ?? '',
    attempts: (call.tried ?? []).map((carrierCode, at) => ({ carrierCode, startedAtUs: startedAtUs + BigInt(at), endedAtUs: startedAtUs + BigInt(at + 1), q850Cause: 34 })),
    ...(call.preRated === undefined ? {} : { preRatedSell: call.preRated }),
  };
}

function partyOf({ account, card = '0001' }: SpecCall) {
  return account === undefined ? { case: 'cardId' as const, value: card } : { case: 'accountCode' as const, value: account };
}

/** A CallEnded as it is received; `from` tells apart two adapters that report the same call. */
export function endedEvent(call: SpecCall, from = 'fs1'): ReceivedEvent {
  return receivedEvent(callEnded(call), from);
}

/** Any CallEnded as it is received, also one that no switch would send. */
export function receivedEvent(message: MessageInitShape<typeof CallEndedSchema>, from = 'fs1'): ReceivedEvent {
  const data = create(CallEndedSchema, message);
  const timeUs = Number(data.endedAtUs);
  return {
    id: eventIdOf(publicEvents.CallEnded.type, timeUs, [from, data.call?.callId ?? '']),
    type: publicEvents.CallEnded.type,
    source: `switch/${from}`,
    key: partyKey(data.charged),
    timeUs,
    dataBytes: toBinary(CallEndedSchema, data),
  };
}
