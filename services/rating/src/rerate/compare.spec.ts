import { instantUs } from '@tollwire/core';
import { describe, expect, it } from '@jest/globals';
import { nanos, plainSchedule } from '@tollwire/telecom';
import type { UsedAllowance } from '../domain/price-at.ts';
import type { RatedRecord } from '../domain/rated-record.ts';
import { noTables } from '../domain/tables.ts';
import { rerated } from './compare.ts';

const terms = { ratePerMinNanos: 100_000_000n, connectFeeNanos: 0n, initialIncrementSec: 30, incrementSec: 6 };
const rounding = { decimals: 4, mode: 'half_up' } as const;
const free: UsedAllowance = { grantId: 'g1', name: 'Hundred', period: 0, sec: 20 };

function recordOf(allowances: readonly UsedAllowance[]): RatedRecord {
  const freeSec = allowances.reduce((sum, { sec }) => sum + sec, 0);
  const derivation = {
    deckDigest: 'd', prefix: '34', countryPrefixId: 0, terms, billedSec: 36, freeSec, allowances, failedAttemptCount: 0, rounding, schedule: plainSchedule(terms, rounding),
  };
  return {
    callKey: 'sw/1/0', revision: 1, partyKey: 'card:1', plan: { kind: 'tariff', id: 1 }, startedAt: instantUs(1), answeredAt: instantUs(1), endedAt: instantUs(31_000_001),
    q850Cause: 16, carrierCode: '', ratedAt: instantUs(40_000_000),
    rated: { calledE164: '34911111111', durationSec: 31, sell: { amount: { nanos: nanos(5n), currency: 'EUR' }, derivation }, buy: undefined, buyRefusal: undefined, preRated: false },
  };
}

const by = { tables: noTables, subscribers: new Map(), includePreRated: false, ratedAt: instantUs(50_000_000) };

describe('rating a call again', () => {
  it('leaves one that used free seconds as it is, and tells it: priced without them, they would be posted as money', () => {
    expect(rerated(recordOf([free]), by)).toMatchObject({ kind: 'refused', code: 'allowance_used' });
  });

  it('refuses one that cannot be rated now, with the reason', () => {
    expect(rerated(recordOf([]), by)).toMatchObject({ kind: 'refused', code: 'unknown_party' });
  });
});
