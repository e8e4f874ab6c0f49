import { create } from '@bufbuild/protobuf';
import { PriceLineSchema } from '@tollwire/contracts';
import { type ChargeTerms, NO_FURTHER_TERMS, plainSchedule, type Schedule } from '@tollwire/telecom';
import { describe, expect, it } from '@jest/globals';
import type { Derivation } from '../domain/price-at.ts';
import { priceLinesOf } from './price-lines.ts';

const rate = { ratePerMinNanos: 100_000_000n, connectFeeNanos: 50_000_000n, initialIncrementSec: 30, incrementSec: 6 };
const rounding = { decimals: 2, mode: 'up' } as const;
const derivation: Derivation = {
  deckDigest: 'd', prefix: '34', countryPrefixId: 0, terms: rate, billedSec: 36, freeSec: 0, allowances: [], failedAttemptCount: 0, rounding, schedule: undefined,
};
const scheduled = (terms: Partial<ChargeTerms>, more: Partial<Schedule> = {}): Schedule =>
  ({ ...plainSchedule({ ...rate, connectFeeNanos: 0n }, rounding, { ...NO_FURTHER_TERMS, ...terms }), ...more });

/** Lines as `rate 30 s 0.05 = 0.05`. */
function told(facts: Partial<Derivation>, durationSec = 31, answered = true): string[] {
  return priceLinesOf({ derivation: { ...derivation, ...facts } }, { answered, durationSec }).map((line) => {
    const { line: { case: kind, value }, sum } = create(PriceLineSchema, line);
    const facts = Object.entries(value ?? {}).filter(([name, fact]) => !name.startsWith('$') && fact !== '' && fact !== 0 && fact !== false);
    const texts = facts.map(([name, fact]) => `${name} ${Array.isArray(fact) ? fact.map((each) => (typeof each === 'string' ? each : 'rate')).join('+') : String(fact)}`);
    return `${kind}: ${texts.join(', ')}${sum === '' ? '' : ` = ${sum}`}`;
  });
}

describe('the derivation of a price as data', () => {
  it('has the seconds, each rate, each fee and the one rounding of a plain rate', () => {
    expect(told({})).toEqual([
      'duration: durationSec 31, billableSec 31, rules ',
      'rate: lengthSec 30, rateNanos 100000000, perSec 60, incrementSec 30, exact 0.05 = 0.05',
      'rate: fromSec 30, lengthSec 6, rateNanos 100000000, perSec 60, incrementSec 6, exact 0.01 = 0.06',
      'fee: fee connect, count 1, amountNanos 50000000 = 0.11',
      'rounding: decimals 2, mode up, amountNanos 110000000',
    ]);
  });

  it('has rules of seconds, limits and tax, and seconds that were free', () => {
    const terms = { addedGraceSec: 5, minChargeNanos: 200_000_000n, taxPpm: 75_000 };
    expect(told({ schedule: scheduled(terms), freeSec: 30 })).toEqual([
      'duration: durationSec 31, billableSec 36, rules added_grace',
      'rate: lengthSec 30, freeSec 30, rateNanos 100000000, perSec 60, incrementSec 30, exact 0 = 0',
      'rate: fromSec 30, lengthSec 6, rateNanos 100000000, perSec 60, incrementSec 6, exact 0.01 = 0.01',
      'limit: limit min_charge, amountNanos 200000000 = 0.2',
      'tax: taxPercent 7.5 = 0.215',
      'rounding: decimals 2, mode up, amountNanos 220000000',
    ]);
  });

  it('has the exchange, and says which limit the rate states in its own currency', () => {
    const rates = [{ base: 'EUR', quote: 'USD', numerator: 3n, decimals: 0, validFromUs: 1, source: 'ECB', isInverse: true }];
    const maxCost = { nanos: 30_000_000n, strategy: 'free' } as const;
    expect(told({ schedule: scheduled({ maxCost }, { exchange: { rates, rateTerms: ['maxCost'] } }) }).slice(3)).toEqual([
      'exchange: rates rate, exact 0.06 = 0.02', 'limit: limit max_cost, amountNanos 30000000, ofRate true = 0.01', 'rounding: decimals 2, mode up, amountNanos 10000000',
    ]);
  });

  it('of a call that was not answered is that of its attempts alone, whatever the incoming leg of a card comes to', () => {
    const pulses = { policy: 'incoming_leg', startpulseSec: 60, frequencySec: 30 } as const;
    expect(told({ schedule: scheduled({ pulses, attemptFeeNanos: 2_000_000n, taxPpm: 500_000 }), failedAttemptCount: 1 }, 0, false)).toEqual([
      'attempts: count 1, feeNanos 2000000, amountNanos 10000000',
    ]);
    expect(told({ schedule: scheduled({ pulses }), failedAttemptCount: 1 }, 0, false)).toEqual([]);
  });

  it('is none of a price that follows from no rate', () => {
    expect(priceLinesOf({ derivation: undefined }, { answered: true, durationSec: 31 })).toEqual([]);
  });
});
