import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ANY_TIME, NO_FURTHER_TERMS } from '@tollwire/telecom';
import type { ChargeTerms, RateProfile, Schedule } from '@tollwire/telecom';
import { ChargeTermsSchema, PriceScheduleSchema, RateProfileSchema, ScheduleExchangeSchema } from './gen/tollwire/common/v1/pricing_pb.ts';
import { chargeTermsMessageOf, chargeTermsOf, rateProfileMessageOf, rateProfileOf, scheduleMessageOf, scheduleOf } from './pricing.ts';

const terms: ChargeTerms = {
  connectFeeNanos: 1n, disconnectFeeNanos: 2n, disconnectFeeAfterSec: 3, attemptFeeNanos: 4n, minChargeNanos: 5n, minDurationSec: 6, addedGraceSec: 7,
  raisedToSec: 60, raisedAboveSec: 40, blockFeeNanos: 8n, blockSec: 9, maxCost: { nanos: 10n, strategy: 'disconnect' }, taxPpm: 230_000,
  pulses: { policy: 'incoming_leg', startpulseSec: 60, frequencySec: 30 },
};
const steps = [
  { fromSec: 0, rateNanos: 11n, perSec: 60, incrementSec: 30, entryFeeNanos: 0n }, { fromSec: 30, rateNanos: 12n, perSec: 1, incrementSec: 6, entryFeeNanos: 13n },
];
const schedule: Schedule = { segments: [{ fromSec: 0, window: 'peak', steps }, { fromSec: 90, window: '', steps }], terms, rounding: { decimals: 4, mode: 'up' } };
const profile: RateProfile = {
  window: { ...ANY_TIME, name: 'peak', weekdays: [1], monthDays: [2], months: [3], years: [2027], fromSec: 4, untilSec: 5, weight: 6 },
  furtherSteps: steps.slice(1), terms: { taxPpm: 0, connectFeeNanos: 0n },
};

describe('prices in messages', () => {
  it('come back as they were sent', () => {
    expect(scheduleOf(fromBinary(PriceScheduleSchema, toBinary(PriceScheduleSchema, create(PriceScheduleSchema, scheduleMessageOf(schedule)))))).toEqual(schedule);
    expect(rateProfileOf(fromBinary(RateProfileSchema, toBinary(RateProfileSchema, create(RateProfileSchema, rateProfileMessageOf(profile)))))).toEqual(profile);
    expect(chargeTermsOf(fromBinary(ChargeTermsSchema, toBinary(ChargeTermsSchema, create(ChargeTermsSchema, chargeTermsMessageOf(terms)))))).toEqual(terms);
  });

  const rate = { base: 'EUR', quote: 'USD', numerator: 10_842n, decimals: 4, validFromUs: 1_780_000_000_000_000, source: 'ECB', isInverse: true };
  const exchanged: Schedule = { ...schedule, exchange: { rates: [rate, { ...rate, isInverse: false }], rateTerms: ['connectFeeNanos', 'maxCost'] } };

  it('come back with their exchange rates, and not at all where those make no sense', () => {
    expect(scheduleOf(fromBinary(PriceScheduleSchema, toBinary(PriceScheduleSchema, create(PriceScheduleSchema, scheduleMessageOf(exchanged)))))).toEqual(exchanged);
    const odd = [{ rates: [] }, { rates: [{ numerator: 0n }] }, { rates: [{ numerator: 1n, decimals: 19 }] }, { rates: [{ numerator: 1n }], rateTerms: ['taxPpm'] }];
    for (const exchange of odd) expect(scheduleOf(create(PriceScheduleSchema, { ...message, exchange: create(ScheduleExchangeSchema, exchange) }))).toBeUndefined();
  });

  it('tell a fee of nothing, which a rate states, from one that it leaves to its plan', () => {
    expect(chargeTermsOf(create(ChargeTermsSchema, chargeTermsMessageOf({ connectFeeNanos: 0n })))).toEqual({ connectFeeNanos: 0n });
    expect(chargeTermsOf(create(ChargeTermsSchema, {}))).toEqual({});
    expect(chargeTermsOf(undefined)).toEqual({});
  });

  it('leave out of a schedule what is nothing', () => {
    const plain = scheduleMessageOf({ ...schedule, terms: NO_FURTHER_TERMS });
    expect(plain.terms).toEqual({});
    expect(scheduleOf(create(PriceScheduleSchema, plain))?.terms).toEqual(NO_FURTHER_TERMS);
  });

  const message = create(PriceScheduleSchema, scheduleMessageOf(schedule));
  const step = { fromSec: 0, rateNanos: 1n, perSec: 60, incrementSec: 1 };
  it.each([
    ['no segment', { ...message, segments: [] }],
    ['a first segment that does not begin at 0', create(PriceScheduleSchema, { segments: [{ fromSec: 1, steps: [step] }], roundingMode: 'up' })],
    ['segments in disorder', create(PriceScheduleSchema, { segments: [{ steps: [step] }, { fromSec: 0, steps: [step] }], roundingMode: 'up' })],
    ['a segment without steps', create(PriceScheduleSchema, { segments: [{ fromSec: 0 }], roundingMode: 'up' })],
    ['a first step that does not begin at 0', create(PriceScheduleSchema, { segments: [{ steps: [{ ...step, fromSec: 1 }] }], roundingMode: 'up' })],
    ['an increment of nothing', create(PriceScheduleSchema, { segments: [{ steps: [{ ...step, incrementSec: 0 }] }], roundingMode: 'up' })],
    ['a rate per nothing', create(PriceScheduleSchema, { segments: [{ steps: [{ ...step, perSec: 0 }] }], roundingMode: 'up' })],
    ['a negative rate', create(PriceScheduleSchema, { segments: [{ steps: [{ ...step, rateNanos: -1n }] }], roundingMode: 'up' })],
    ['ten decimals', { ...message, roundingDecimals: 10 }],
    ['an unknown rounding', { ...message, roundingMode: 'nearest' }],
    ['a negative fee', create(PriceScheduleSchema, { segments: [{ steps: [step] }], roundingMode: 'up', terms: { connectFeeNanos: -1n } })],
    ['a negative maximum', create(PriceScheduleSchema, { segments: [{ steps: [step] }], roundingMode: 'up', terms: { maxCost: { nanos: -1n } } })],
    ['a grace of days', create(PriceScheduleSchema, { segments: [{ steps: [step] }], roundingMode: 'up', terms: { addedGraceSec: 86_401 } })],
  ])('with %s are none', (_what, malformed) => {
    expect(scheduleOf(malformed)).toBeUndefined();
  });

  it.each([
    ['an eighth day', { window: { weekdays: [8] } }], ['a month 13', { window: { months: [13] } }], ['a month day 0', { window: { monthDays: [0] } }],
    ['a second beyond the day', { window: { untilSec: 86_401 } }], ['further steps at one second', { furtherSteps: [step, step] }],
    ['a tax beyond belief', { terms: { taxPpm: 10_000_001 } }],
  ])('of a profile with %s are none', (_what, malformed) => {
    expect(rateProfileOf(create(RateProfileSchema, malformed))).toBeUndefined();
  });
});
