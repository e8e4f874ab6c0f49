import { create } from '@bufbuild/protobuf';
import { CallRatedSchema, RatedSideSchema, SellPlanRefSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import { describe, expect, it } from '@jest/globals';
import type { RatedSide } from '../domain/price-at.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import { callRatedEvent, callRatedOf, sideOf } from './call-rated.ts';
import { planOfRef, refOfPlan } from './plan-ref.ts';

const at = instantUs(1_780_000_000_000_000);
const sideAt = (countryPrefixId: number): RatedSide => ({
  amount: { nanos: nanos(2n ** 63n - 1n), currency: 'EUR' },
  derivation: {
    deckDigest: 'd', prefix: '346501234567890', countryPrefixId, billedSec: 2 ** 31 - 1, freeSec: 0, allowances: [], failedAttemptCount: 0,
    schedule: undefined, rounding: { decimals: 0, mode: 'down' },
    terms: { ratePerMinNanos: 2n ** 53n - 1n, connectFeeNanos: 7n, initialIncrementSec: 0, incrementSec: 1 },
  },
});
const bare: RatedSide = { amount: { nanos: nanos(0n), currency: 'EUR' }, derivation: undefined };
const recordOf = (over: Partial<RatedRecord> = {}, rated: Partial<RatedRecord['rated']> = {}): RatedRecord => ({
  callKey: 'fs%2F1/a/3', revision: 1, partyKey: 'card:0001', plan: { kind: 'tariff', id: 1 }, startedAt: at, answeredAt: undefined, endedAt: at, q850Cause: 16,
  carrierCode: '', ratedAt: at, rated: { calledE164: '34650123456', durationSec: 1, sell: sideAt(71), buy: undefined, buyRefusal: undefined, preRated: false, ...rated }, ...over,
});
const message = (record: RatedRecord) => create(CallRatedSchema, callRatedOf(record));

describe('callRatedOf', () => {
  it('tells all that the amounts follow from, to the largest that a message holds', () => {
    expect(create(RatedSideSchema, sideOf(sideAt(71)))).toMatchObject({
      amount: { nanos: 9_223_372_036_854_775_807n, currency: 'EUR' }, deckDigest: 'd', prefix: '346501234567890', ratePerMinNanos: 9_007_199_254_740_991n,
      connectFeeNanos: 7n, initialIncrementSec: 0, incrementSec: 1, billedSec: 2_147_483_647, roundingDecimals: 0, roundingMode: 'down',
    });
    expect(create(RatedSideSchema, sideOf(bare))).toMatchObject({ amount: { nanos: 0n }, deckDigest: '', billedSec: 0 });
  });

  it('names the call as it was named, and who pays by what', () => {
    expect(message(recordOf()).call).toMatchObject({ switchId: 'fs/1', callId: 'a', leg: 3 });
    expect(message(recordOf()).charged?.party).toEqual({ case: 'cardId', value: '0001' });
    expect(message(recordOf({ partyKey: 'account:card:7' })).charged?.party).toEqual({ case: 'accountCode', value: 'card:7' });
    expect(message(recordOf({ plan: undefined })).plan).toBeUndefined();
  });

  it('names the country prefix of the sell rate, else of the buy rate, else none', () => {
    const of = (sell: RatedSide, buy: RatedSide | undefined) => message(recordOf({}, { sell, buy })).countryPrefixId;
    expect([of(sideAt(71), sideAt(70)), of(sideAt(0), sideAt(70)), of(bare, sideAt(70)), of(bare, undefined), of(sideAt(0), sideAt(0))]).toEqual([71, 70, 70, 0, 0]);
  });

  it('tells what did not happen as 0 or nothing', () => {
    expect(message(recordOf())).toMatchObject({ answeredAtUs: 0n, buyRefusal: '' });
    expect(message(recordOf()).buy).toBeUndefined();
    expect(message(recordOf({}, { buyRefusal: 'no_buy_rate' })).buyRefusal).toBe('no_buy_rate');
  });
});

describe('callRatedEvent', () => {
  it('has an id that follows from the call and the revision, and the trace of the end', () => {
    const [one, same, other] = [recordOf(), recordOf({}, { durationSec: 9 }), recordOf({ revision: 2 })].map((record) => callRatedEvent(record, '00-trace'));
    expect([one?.id === same?.id, one?.id === other?.id, one?.key, one?.traceparent]).toEqual([true, false, 'card:0001', '00-trace']);
  });
});

describe('plans in messages', () => {
  it('come back as they went, and a number of 0 is none', () => {
    for (const plan of [{ kind: 'tariff', id: 1 }, { kind: 'voip_plan', id: 4_294_967_295 }] as const) expect(planOfRef(create(SellPlanRefSchema, refOfPlan(plan)))).toEqual(plan);
    for (const kind of ['tariff', 'voip_plan'] as const) expect(planOfRef(create(SellPlanRefSchema, refOfPlan({ kind, id: 0 })))).toBeUndefined();
    expect([planOfRef(undefined), planOfRef(create(SellPlanRefSchema))]).toEqual([undefined, undefined]);
  });
});
