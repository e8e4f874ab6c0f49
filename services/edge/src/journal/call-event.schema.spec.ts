import { describe, expect, it } from '@jest/globals';
import { toBinary } from '@bufbuild/protobuf';
import { CallEndedSchema, type ReceivedEvent } from '@tollwire/contracts';
import { faultOf } from '../http/parse.ts';
import { callEvent } from './call-event.schema.ts';
import { callMessageOf } from './call-event.wire.ts';

const parties = { switchId: 's', callId: 'c', cardId: '0012345678901234', calledNumber: '+436641234567' };
const started = { type: 'CallStarted', ...parties, startedAt: '2026-03-14T11:00:00Z' };
const answered = { type: 'CallAnswered', switchId: 's', callId: 'c', answeredAt: '2026-03-14T11:00:04Z' };
const ringing = { type: 'CallRinging', switchId: 's', callId: 'c', ringingAt: '2026-03-14T11:00:02Z' };
const ended = { type: 'CallEnded', ...parties, startedAt: '2026-03-14T11:00:00Z', endedAt: '2026-03-14T11:01:00Z', q850Cause: 16 };
const attempt = { carrierCode: 'N', startedAt: '2026-03-14T11:00:00Z' };
const told = { CallStarted: started, CallRinging: ringing, CallAnswered: answered, CallEnded: ended } as const;

const faultIn = (event: unknown) => {
  const issue = callEvent.safeParse(event).error?.issues[0];
  if (issue === undefined) return ['-', '-'];
  const { code, field } = faultOf(issue);
  return [code, field];
};

describe('what a switch tells of a call', () => {
  it.each<[keyof typeof told, object, string, string]>([
    ['CallStarted', {}, '-', '-'],
    ['CallStarted', { leg: 255, cli: '+431', channel: 'SIP/1' }, '-', '-'],
    ['CallStarted', { leg: 256 }, 'field_out_of_range', 'leg'],
    ['CallStarted', { leg: '1' }, 'field_malformed', 'leg'],
    ['CallStarted', { startedAt: undefined }, 'field_missing', 'startedAt'],
    ['CallStarted', { startedAt: 1_773_486_000 }, 'field_malformed', 'startedAt'],
    ['CallStarted', { endedAt: '2026-03-14T11:01:00Z' }, 'field_unknown', 'endedAt'],
    ['CallStarted', { cardId: undefined, accountCode: 'ACME-01' }, '-', '-'],
    ['CallStarted', { cardId: undefined }, 'field_missing', 'cardId'],
    ['CallStarted', { accountCode: 'ACME-01' }, 'field_malformed', 'cardId'],
    ['CallStarted', { cli: '' }, 'field_out_of_range', 'cli'],
    ['CallStarted', { cli: 'a\u001bb' }, 'field_malformed', 'cli'],
    ['CallStarted', { switchId: 'x'.repeat(65) }, 'field_out_of_range', 'switchId'],
    ['CallStarted', { calledNumber: '1'.repeat(65) }, 'field_out_of_range', 'calledNumber'],
    ['CallRinging', {}, '-', '-'],
    ['CallRinging', { ringingAt: undefined }, 'field_missing', 'ringingAt'],
    ['CallRinging', { carrierCode: 'NORTH' }, 'field_unknown', 'carrierCode'],
    ['CallAnswered', {}, '-', '-'],
    ['CallAnswered', { carrierCode: 'NORTH' }, '-', '-'],
    ['CallAnswered', { cardId: '1' }, 'field_unknown', 'cardId'],
    ['CallAnswered', { carrierCode: 'x'.repeat(33) }, 'field_out_of_range', 'carrierCode'],
    ['CallAnswered', { answeredAt: '2026-03-14' }, 'field_malformed', 'answeredAt'],
    ['CallEnded', {}, '-', '-'],
    ['CallEnded', { q850Cause: 0 }, '-', '-'],
    ['CallEnded', { q850Cause: 999 }, '-', '-'],
    ['CallEnded', { q850Cause: 1000 }, 'field_out_of_range', 'q850Cause'],
    ['CallEnded', { q850Cause: 16.5 }, 'field_malformed', 'q850Cause'],
    ['CallEnded', { attempts: Array(32).fill(attempt) }, '-', '-'],
    ['CallEnded', { attempts: Array(33).fill(attempt) }, 'field_out_of_range', 'attempts'],
    ['CallEnded', { attempts: [attempt, { ...attempt, q850Cause: -1 }] }, 'field_out_of_range', 'attempts[1].q850Cause'],
    ['CallEnded', { attempts: [{ ...attempt, pddMs: 5 }] }, 'field_unknown', 'attempts[0].pddMs'],
    ['CallEnded', { attempts: {} }, 'field_malformed', 'attempts'],
    ['CallEnded', { preRatedSell: { amount: '0', currency: 'EUR' } }, '-', '-'],
    ['CallEnded', { preRatedSell: { amount: '-0.25', currency: 'EUR' } }, 'field_malformed', 'preRatedSell'],
    ['CallEnded', { preRatedSell: { amount: '0.25' } }, 'field_missing', 'preRatedSell.currency'],
    ['CallEnded', { preRatedSell: { amount: '9223372036.854775808', currency: 'EUR' } }, 'field_malformed', 'preRatedSell.amount'],
    ['CallEnded', { durationSec: 60 }, 'field_unknown', 'durationSec'],
  ])('%s with %j: %s %s', (type, change, code, field) => {
    expect(faultIn({ ...told[type], ...change })).toEqual([code, field]);
  });

  it.each([[null], [7], ['CallEnded'], [[]], [{}], [{ type: 'callended' }], [{ type: 1 }]])('%j is no event', (event) => {
    expect(faultIn(event)[0]).toMatch(/^field_(malformed|missing)$/);
  });

  it('becomes the message that is journalled, with nothing added', () => {
    expect(callEvent.parse({ ...ended, leg: 2, attempts: [{ ...attempt, endedAt: '2026-03-14T11:00:02Z', q850Cause: 34 }] })).toMatchObject({
      $typeName: 'tollwire.call.v1.CallEnded',
      call: { switchId: 's', callId: 'c', leg: 2 },
      charged: { party: { case: 'cardId', value: '0012345678901234' } },
      answeredAtUs: 0n,
      attempts: [{ carrierCode: 'N', startedAtUs: 1_773_486_000_000_000n, endedAtUs: 1_773_486_002_000_000n, q850Cause: 34 }],
    });
  });
});

describe('the same as protobuf', () => {
  const receivedOf = (dataBytes: Uint8Array, type: string = CallEndedSchema.typeName): ReceivedEvent => ({ id: '', type, source: '', key: '', timeUs: 0, dataBytes });
  const ofJson = (change: object) => {
    const message = callEvent.parse({ ...ended, ...change });
    if (message.$typeName !== 'tollwire.call.v1.CallEnded') throw new Error('a call that ended');
    return message;
  };

  it.each([
    [{ q850Cause: 1000 }, 'field_out_of_range', 'q850Cause'],
    [{ cli: 'x'.repeat(65) }, 'field_out_of_range', 'cli'],
    [{ channel: 'a\u0000' }, 'field_malformed', 'channel'],
    [{ attempts: Array(33).fill(ofJson({ attempts: [attempt] }).attempts[0]) }, 'field_out_of_range', 'attempts'],
    [{ attempts: [{ ...ofJson({ attempts: [attempt] }).attempts[0], carrierCode: '' }] }, 'field_out_of_range', 'attempts[0].carrierCode'],
    [{ call: undefined }, 'field_missing', 'call'],
    [{ preRatedSell: { $typeName: 'tollwire.common.v1.Money', nanos: -1n, currency: 'EUR' } }, 'field_out_of_range', 'preRatedSell.nanos'],
    [{ preRatedSell: { $typeName: 'tollwire.common.v1.Money', nanos: 1n, currency: 'euro' } }, 'field_malformed', 'preRatedSell.currency'],
  ] as const)('with %j is refused: %s %s', (change, code, field) => {
    const bytes = toBinary(CallEndedSchema, Object.assign(ofJson({}), change));
    expect(callMessageOf(receivedOf(bytes))).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it('is refused under a type that is told by nobody', () => {
    expect(callMessageOf(receivedOf(toBinary(CallEndedSchema, ofJson({})), 'tollwire.rating.v1.CallRated'))).toMatchObject({ refusal: { code: 'unexpected_event_type' } });
  });

  it('is read without what it does not say', () => {
    expect(callMessageOf(receivedOf(toBinary(CallEndedSchema, ofJson({}))))).toEqual({ ok: true, value: ofJson({}) });
  });
});
