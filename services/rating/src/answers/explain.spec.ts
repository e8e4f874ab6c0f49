import { instantUs } from '@tollwire/core';
import { nanos, NO_FURTHER_TERMS, plainSchedule } from '@tollwire/telecom';
import { describe, expect, it } from '@jest/globals';
import type { RatedSide } from '../domain/price-at.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import { buySteps, sellSteps } from './explain.ts';

const at = (iso: string) => instantUs(Date.parse(iso) * 1000);
const side = (amount: bigint, over: Partial<NonNullable<RatedSide['derivation']>> = {}): RatedSide => ({
  amount: { nanos: nanos(amount), currency: 'EUR' },
  derivation: {
    deckDigest: 'abcdef0123456789', prefix: '34', countryPrefixId: 0, billedSec: 60, freeSec: 0, allowances: [], failedAttemptCount: 0, schedule: undefined, rounding: { decimals: 2, mode: 'up' },
    terms: { ratePerMinNanos: 100_000_000n, connectFeeNanos: 0n, initialIncrementSec: 60, incrementSec: 60 }, ...over,
  },
});
const free: RatedSide = { amount: { nanos: nanos(0n), currency: 'EUR' }, derivation: undefined };
const recordOf = (over: Partial<RatedRecord> = {}, rated: Partial<RatedRecord['rated']> = {}): RatedRecord => ({
  callKey: 'fs1/a/0', revision: 1, partyKey: 'card:0001', plan: { kind: 'tariff', id: 1 }, startedAt: at('2026-06-01T12:00:00Z'), answeredAt: at('2026-06-01T12:00:05Z'),
  endedAt: at('2026-06-01T12:00:45Z'), q850Cause: 16, carrierCode: 'alpha', ratedAt: at('2026-06-01T12:01:00Z'),
  rated: { calledE164: '34650123456', durationSec: 40, sell: side(100_000_000n), buy: side(100_000_000n), buyRefusal: undefined, preRated: false, ...rated },
  ...over,
});

describe('sellSteps', () => {
  it('works the price out again, down to the amount that was charged', () => {
    expect(sellSteps(recordOf())).toEqual([
      'pays by plan tariff:1',
      'answered at 2026-06-01T12:00:05.000Z, which picks the rate',
      '34650123456 matches prefix 34 of deck abcdef012345',
      'rate 0.10 EUR/min, increments 60/60 s',
      '40 s are billed as 60 s: first block 60 s',
      '60 s × 0.10/min ÷ 60 = 0.1 EUR',
      'rounded up to 2 decimals = 0.10 EUR',
    ]);
  });

  it('names no plan of a party who is not known, and only the amount of a price that the sender had set', () => {
    const preRated = { sell: { ...free, amount: { nanos: nanos(2n ** 63n - 1n), currency: 'VND' } }, preRated: true };
    expect(sellSteps(recordOf({ plan: undefined }, preRated))).toEqual(['the sender had set the price, 9223372036.854775807 VND; it is kept']);
  });

  it('says that a call without an answer costs nothing', () => {
    expect(sellSteps(recordOf({ answeredAt: undefined, plan: { kind: 'voip_plan', id: 3 } }, { sell: free, durationSec: 0 }))).toEqual([
      'pays by plan voip_plan:3', 'set up at 2026-06-01T12:00:00.000Z and not answered', '0 s of conversation cost 0 EUR',
    ]);
  });
});

describe('a call without an answer', () => {
  it('costs nothing for the incoming leg of a card, and is explained so', () => {
    const pulses = { policy: 'incoming_leg', startpulseSec: 60, frequencySec: 30 } as const;
    const schedule = plainSchedule({ ratePerMinNanos: 120_000_000n, connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec: 1 }, { decimals: 2, mode: 'up' }, { ...NO_FURTHER_TERMS, pulses });
    expect(sellSteps(recordOf({ answeredAt: undefined }, { sell: side(0n, { billedSec: 0, schedule }), durationSec: 0 })).slice(2)).toEqual([
      '34650123456 matches prefix 34 of deck abcdef012345', 'it was not answered: 0 EUR',
    ]);
  });
});

describe('buySteps', () => {
  it('works the price out again', () => {
    expect(buySteps(recordOf())).toEqual(['bought from carrier alpha', ...sellSteps(recordOf()).slice(1)]);
  });

  it('says why there is none', () => {
    expect(buySteps(recordOf({ carrierCode: '' }, { buy: undefined }))).toEqual(['no carrier connected the call']);
    for (const buyRefusal of ['no_buy_rate', 'destination_blocked', 'unknown_carrier', 'amount_malformed'] as const) {
      expect(buySteps(recordOf({}, { buy: undefined, buyRefusal }))).toEqual([`carrier alpha has no price for it: ${buyRefusal}`]);
    }
  });

  it('tells what is left of the sell price, and by which exchange rates', () => {
    const rate = { base: 'EUR', quote: 'USD', numerator: 125n, decimals: 2, validFromUs: 1_780_000_000_000_000, source: 'ECB', isInverse: true };
    const euros = (amount: bigint) => ({ nanos: nanos(amount), currency: 'EUR' });
    const dollars = { ...side(100_000_000n), amount: { nanos: nanos(100_000_000n), currency: 'USD' } };
    const margin = { amount: euros(20_000_000n), buy: { amount: euros(80_000_000n), rates: [rate] } };
    const converted = { amount: { nanos: nanos(62_500_000n), currency: 'USD' }, rates: [{ ...rate, isInverse: false }] };
    const cost = { amount: euros(50_000_000n), deckDigest: 'd', prefix: '34', converted };
    const attempts = [{ carrierCode: 'beta', startedAt: at('2026-06-01T12:00:00Z'), cost }];
    expect(buySteps(recordOf({}, { buy: dollars, attempts, margin })).slice(-4)).toEqual([
      'attempt over carrier beta at 2026-06-01T12:00:00.000Z failed: 0.05 EUR, prefix 34 of deck d; 0.05 EUR = 0.0625 USD by 1 EUR = 1.25 USD (ECB, from 2026-05-28T20:26:40.000Z)',
      'bought for 0.10 USD in all',
      '0.10 USD = 0.08 EUR by 1 EUR = 1.25 USD (ECB, from 2026-05-28T20:26:40.000Z)',
      'margin: 0.10 EUR before tax − 0.08 EUR = 0.02 EUR',
    ]);
    expect(buySteps(recordOf({}, { buy: dollars, margin: 'no_exchange_rate' })).at(-1)).toBe('no margin: no_exchange_rate');
  });
});
