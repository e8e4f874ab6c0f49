import { describe, expect, it } from '@jest/globals';
import { nanos, NO_FURTHER_TERMS, plainSchedule } from '@tollwire/telecom';
import type { Schedule } from '@tollwire/telecom';
import type { RatedSide } from '../domain/price-at.ts';
import { furtherFactsOf, furtherFactsText, noFurtherFacts } from './further-facts.ts';

const terms = { ratePerMinNanos: 100_000_000n, connectFeeNanos: 0n, initialIncrementSec: 30, incrementSec: 6 };
const rounding = { decimals: 4, mode: 'half_up' } as const;
const allowances = [{ grantId: 'g1', name: 'weekend', period: -1, sec: 6 }];
const sideOf = (schedule: Schedule | undefined): RatedSide => ({
  amount: { nanos: nanos(1n), currency: 'EUR' },
  derivation: { deckDigest: 'd', prefix: '34', countryPrefixId: 0, terms, billedSec: 36, freeSec: 6, allowances, failedAttemptCount: 2, rounding, schedule },
});

describe('the further facts of a price', () => {
  it('are read as they were written', () => {
    const schedule = plainSchedule(terms, rounding, { ...NO_FURTHER_TERMS, taxPpm: 230_000, maxCost: { nanos: 5n, strategy: 'free' } });
    expect(furtherFactsOf(furtherFactsText(sideOf(schedule)))).toEqual({ schedule, freeSec: 6, allowances, failedAttemptCount: 2 });
  });

  it('are none where the columns say all, or where there is no price', () => {
    expect(furtherFactsText(sideOf(undefined))).toBeNull();
    expect(furtherFactsText(undefined)).toBeNull();
    expect(furtherFactsOf(null)).toBe(noFurtherFacts);
  });
});
