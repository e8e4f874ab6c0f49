import { describe, expect, it } from '@jest/globals';
import { ANY_TIME } from '@tollwire/telecom';
import { type Rate, RateColumns } from '../domain/rate-columns.ts';
import type { DeckKind } from '../domain/rate-deck.ts';
import { drained } from '../fixture/drained.fixture.ts';
import { KnownPrefixes } from '../number-plan/known-prefixes.ts';
import { copyStatement, copyText } from './rate-tables.ts';

const rate: Rate = {
  prefix: '43664', ratePerMinNanos: 123_456_789n, connectFeeNanos: 10_000_000n, initialIncrementSec: 30, incrementSec: 6,
  validFromUs: 0, validUntilUs: 1_782_864_000_000_000, blocked: false,
};
const known = drained(KnownPrefixes.of(new Map([['43', 7], ['992', 8]]))).result;

/** The rows as COPY reads them, by the columns of its statement. */
function rows(kind: DeckKind, rates: readonly Rate[]): Record<string, string>[] {
  const source = { kind, ownerId: 5, deckId: 9n, rates: RateColumns.of(rates), longestId: (prefix: string) => known.longestId(prefix) };
  const columns = /\((.*)\)/.exec(copyStatement(source))?.[1]?.split(', ') ?? [];
  const text = [...copyText(source)].join('');
  return text.split('\n').slice(0, -1).map((line) => Object.fromEntries(line.split('\t').map((cell, at) => [columns[at] ?? `extra ${at}`, cell])));
}

describe('the rows of a rate table', () => {
  it('of a carrier or retail plan are in units of its currency, exact', () => {
    const common = {
      deck_id: '9', prefix: '43664', connect_fee: '0.01', initial_increment_sec: '30', increment_sec: '6',
      valid_from: '\\N', valid_until: '2026-07-01T00:00:00.000Z', blocked: 'f',
    };
    expect(rows('carrier', [rate])).toEqual([{ ...common, voip_carrier_plan_id: '5', carrier_rate: '0.123456789' }]);
    expect(rows('retail', [{ ...rate, blocked: true }])).toEqual([{ ...common, blocked: 't', voip_retail_plan_id: '5', retail_rate: '0.123456789' }]);
  });

  it('of a tariff are in cents, as documented, with the longest known prefix where there is one', () => {
    expect(rows('tariff', [rate, { ...rate, prefix: '99' }])).toMatchObject([
      { tariffid: '5', rate: '12.3456789', connect_fee: '1.00', countryprefixid: '7' }, { prefix: '99', countryprefixid: '\\N' },
    ]);
  });

  it('have what a rate says beyond its columns as JSON, in a deck where any does', () => {
    const window = { ...ANY_TIME, name: 'peak', weekdays: [1, 2] };
    const step = { fromSec: 60, rateNanos: 50_000_000n, perSec: 60, incrementSec: 1, entryFeeNanos: 0n };
    const profile = { window, furtherSteps: [step], terms: { attemptFeeNanos: 5n, maxCost: { nanos: 1_500_000_000n, strategy: 'free' as const } } };
    const [plain, rich] = rows('retail', [rate, { ...rate, profile }]);
    expect(plain).toMatchObject({ retail_rate: '0.123456789', profile: '\\N' });
    expect(JSON.parse(rich?.['profile'] ?? '')).toEqual({
      window, furtherSteps: [{ fromSec: 60, rate: '0.05', perSec: 60, incrementSec: 1, entryFee: '0' }],
      terms: { attemptFee: '0.000000005', maxCost: { amount: '1.5', strategy: 'free' } },
    });
  });

  it('are written in parts of whole rows', () => {
    const many = Array.from({ length: 5_000 }, (_, index) => ({ ...rate, prefix: String(430_000 + index) }));
    expect(rows('carrier', many).map(({ prefix }) => prefix)).toEqual(many.map(({ prefix }) => prefix));
    const parts = [...copyText({ kind: 'carrier', ownerId: 5, deckId: 9n, rates: RateColumns.of(many), longestId: () => null })];
    expect(parts.length).toBeGreaterThan(1);
    expect(parts.every((part) => part.endsWith('\n') && part.length < 70_000)).toBe(true);
  });
});
