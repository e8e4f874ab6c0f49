import { describe, expect, it } from '@jest/globals';
import { NO_FURTHER_TERMS, plainSchedule, priceInRationals } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { expectedPrice } from './expected-price.ts';
import { BY_THE_SECOND, type OfferCharges } from './source.ts';

const profile = { window: undefined, furtherSteps: [], terms: { minChargeNanos: 50_000_000n } };

describe('the price of an expected call', () => {
  it.each(table(`
    rate         fee       increments  sec | nanos
    100000000    0         0/1         60  | 100000000
    100000000    0         30/6        31  | 60000000
    120000000    10000000  30/6        1   | 70000000
    100000000    0         60/60       61  | 200000000
    1            0         0/1         29  | 0
    1            0         0/1         30  | 1
    9007199000000000  0    60/60       3600  | 540431940000000000
  `))('$rate a minute and $fee, $increments, for $sec s', ({ rate, fee, increments = '', sec, nanos }) => {
    const [initialIncrementSec = 0, incrementSec = 1] = increments.split('/').map(Number);
    expect(expectedPrice(Number(rate), { ...BY_THE_SECOND, connectFeeNanos: Number(fee), initialIncrementSec, incrementSec }, Number(sec))).toBe(Number(nanos));
  });

  it('knows the terms and further steps of a profile', () => {
    expect(expectedPrice(100_000_000, { ...BY_THE_SECOND, profile }, 6)).toBe(50_000_000);
    const steps = [{ fromSec: 60, rateNanos: 600_000_000n, perSec: 60, incrementSec: 1, entryFeeNanos: 1n }];
    expect(expectedPrice(100_000_000, { ...BY_THE_SECOND, profile: { window: undefined, furtherSteps: steps, terms: {} } }, 61)).toBe(110_000_001);
  });

  it('is what rating charges', () => {
    const amount = fc.integer({ min: 0, max: 10 ** 10 });
    const seconds = fc.integer({ min: 0, max: 120 });
    const charged = fc.record<OfferCharges>({
      connectFeeNanos: amount, initialIncrementSec: seconds, incrementSec: seconds.map((sec) => sec + 1), profile: fc.constantFrom(undefined, { ...profile, terms: {} }),
    });
    fc.assert(
      fc.property(amount, charged, fc.integer({ min: 1, max: 7200 }), (rate, charges, sec) => {
        const terms = { ...charges, connectFeeNanos: BigInt(charges.connectFeeNanos), ratePerMinNanos: BigInt(rate) };
        const schedule = plainSchedule(terms, { decimals: 9, mode: 'half_up' }, NO_FURTHER_TERMS);
        expect(BigInt(expectedPrice(rate, charges, sec))).toBe(priceInRationals(schedule, sec).amount);
      }),
    );
  });
});
