import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { nanos } from '@tollwire/telecom';
import { CallRatedSchema, MoneySchema, publicEventOf, publicEvents, RatedSideSchema, SellPlanRefSchema } from '@tollwire/contracts';
import { atSec, ended, endedFacts, rated, ratedFacts, started, theCall } from '../domain/call.fixtures.ts';
import { type CallEvent, type EndedFacts, evolve, type RatedFacts, untold } from '../domain/call.ts';
import { callAnswered, callEnded, callRated, callStarted, received } from '../spec-events.ts';
import { callEventOf } from './call-events.ts';
import { cdrClosed, closedText } from './cdr-closed.ts';

const of = { callId: 'c1' };

function recordOf(...events: CallEvent[]) {
  return events.reduce(evolve, untold(theCall));
}

describe('callEventOf', () => {
  it('reads each of the four events', () => {
    const call = { switchId: 'fs1', callId: 'c1', leg: 0 };
    expect(callEventOf(callStarted(of))).toMatchObject({ value: { type: 'CallStarted', call, facts: { cardId: '0012345678901234', accountCode: '' } } });
    expect(callEventOf(callAnswered(of))).toMatchObject({ value: { type: 'CallAnswered', call, facts: { carrierCode: 'C1' } } });
    expect(callEventOf(callEnded({ ...of, accountCode: 'acme' }))).toMatchObject({
      value: { type: 'CallEnded', facts: { cardId: '', accountCode: 'acme', preRatedSell: undefined, attempts: [{ carrierCode: 'C1', q850Cause: 16 }] } },
    });
    expect(callEventOf(callRated(of))).toMatchObject({
      value: { type: 'CallRated', facts: { tariffId: 7, voipPlanId: 0, billedSec: 66, sellPrefix: '4420', sell: { nanos: 12_345_678n, currency: 'EUR' } } },
    });
  });

  it('CDR-02: keeps a price that the sender had set', () => {
    const preRatedSell = create(MoneySchema, { nanos: 500_000_000n, currency: 'USD' });
    expect(callEventOf(callEnded(of, { preRatedSell }))).toMatchObject({ value: { facts: { preRatedSell: { nanos: 500_000_000n, currency: 'USD' } } } });
    expect(callEventOf(callRated(of, { preRated: true }))).toMatchObject({ value: { facts: { preRated: true } } });
  });

  it('tells the two kinds of plan apart, and a side that is missing', () => {
    const plan = create(SellPlanRefSchema, { plan: { case: 'voipPlanId', value: 3 } });
    const sell = create(RatedSideSchema, {});
    const data = create(CallRatedSchema, { call: theCall, plan, sell, ratedAtUs: 1n, buyRefusal: 'no_buy_rate' });
    const event = received(publicEventOf(publicEvents.CallRated, { source: 'x', timeUs: 1, parts: [], data }));
    expect(callEventOf(event)).toMatchObject({ value: { facts: { tariffId: 0, voipPlanId: 3, sell: undefined, buy: undefined, buyRefusal: 'no_buy_rate' } } });
  });

  it('takes an instant that no number holds for one that nobody believes', () => {
    const parsed = callEventOf(callEnded(of, { endedAtUs: 9_223_372_036_854_775_807n }));
    expect(parsed).toMatchObject({ value: { facts: { endedAtUs: Number.MAX_SAFE_INTEGER } } });
  });

  it('refuses bytes that are not that event, and other events', () => {
    expect(callEventOf({ ...callEnded(of), dataBytes: Uint8Array.of(255) })).toMatchObject({ ok: false, refusal: { code: 'message_malformed' } });
    expect(callEventOf({ ...callEnded(of), type: 'tollwire.card.v1.CardActivated' })).toMatchObject({ ok: false, refusal: { code: 'message_malformed' } });
  });
});

describe('cdrClosed', () => {
  it('says what the CDR says', () => {
    const closed = cdrClosed(recordOf(started, ended, rated), 3, '00-trace');
    expect(closed).toMatchObject({
      definition: publicEvents.CdrClosed,
      source: 'tollwire/cdr',
      key: 'card:0012345678901234',
      timeUs: ratedFacts.ratedAtUs,
      traceparent: '00-trace',
      data: {
        call: theCall,
        cli: '4315550100',
        calledE164: '442071838750',
        startedAtUs: BigInt(endedFacts.startedAtUs),
        answeredAtUs: BigInt(endedFacts.answeredAtUs),
        endedAtUs: BigInt(endedFacts.endedAtUs),
        durationSec: 61,
        billedSec: 66,
        q850Cause: 16,
        carrierCode: 'C1',
        sell: { nanos: 13_200_000n, currency: 'EUR' },
        buy: { nanos: 5_500_000n, currency: 'EUR' },
        closedAtUs: BigInt(ratedFacts.ratedAtUs),
      },
    });
  });

  it('has nothing to say before the call is complete', () => {
    expect(cdrClosed(recordOf(started, ended))).toBeUndefined();
    expect(cdrClosed(recordOf(started, rated))).toBeUndefined();
  });

  it('has the same id for the same CDR and another for any other', () => {
    const id = (facts: Partial<RatedFacts>, event: CallEvent = ended) =>
      cdrClosed(recordOf(event, { type: 'CallRated', call: theCall, facts: { ...ratedFacts, ...facts } }))?.id;
    expect(id({})).toBe(id({}));
    const changes: Partial<RatedFacts>[] = [
      { billedSec: 1 },
      { durationSec: 1 },
      { calledE164: '1' },
      { sell: undefined },
      { buy: { nanos: nanos(1n), currency: 'EUR' } },
      { margin: { nanos: nanos(1n), currency: 'EUR' } },
      { margin: undefined },
      { revision: 2, ratedAtUs: atSec(99) },
    ];
    expect(new Set([id({}), ...changes.map((facts) => id(facts))]).size).toBe(changes.length + 1);
    expect(id({}, { ...ended, type: 'CallEnded', facts: { ...endedFacts, q850Cause: 31 } })).not.toBe(id({}));
  });

  it('has another id where a correction brings back what it said before, so that no consumer takes it for a repeat', () => {
    const closed = (facts: Partial<RatedFacts>, over: Partial<EndedFacts> = {}) => {
      const end: CallEvent = { ...ended, type: 'CallEnded', facts: { ...endedFacts, ...over } };
      return recordOf(end, { type: 'CallRated', call: theCall, facts: { ...ratedFacts, ...facts } });
    };
    const alike = [closed({}), closed({ revision: 3 }), closed({ sellPrefix: '44' }), closed({ preRated: true }), closed({}, { attempts: [] }), closed({}, { channel: 'x' })];
    expect(new Set(alike.map(closedText)).size).toBe(1);
    expect(new Set(alike.map((record) => cdrClosed(record)?.id)).size).toBe(alike.length);
  });

  it('is keyed by the account, and unknown where nobody pays', () => {
    const by = (charged: object): CallEvent => ({ ...ended, type: 'CallEnded', facts: { ...endedFacts, cardId: '', ...charged } });
    expect(cdrClosed(recordOf(by({ accountCode: 'acme' }), rated))?.key).toBe('account:acme');
    expect(cdrClosed(recordOf(by({}), rated))?.key).toBe('unknown');
  });
});
