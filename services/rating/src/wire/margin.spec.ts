import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallRatedSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import { nanos } from '@tollwire/telecom';
import type { RatedAttempt } from '../domain/attempts.ts';
import type { Margin } from '../domain/margin.ts';
import type { RatedSide } from '../domain/price-at.ts';
import { marginFactsText, marginMessageOf, marginOfFacts } from './margin.ts';
import { attemptsOfText, attemptsText } from './rated-attempt.ts';

const money = (amount: bigint, currency: string) => ({ nanos: nanos(amount), currency });
const side = (amount: bigint, currency: string): RatedSide => ({ amount: money(amount, currency), derivation: undefined });
const rate = { base: 'EUR', quote: 'USD', numerator: 10n ** 18n - 1n, decimals: 18, validFromUs: 1_780_000_000_000_000, source: 'ECB', isInverse: true };
const converted: Margin = { amount: money(-5n, 'EUR'), buy: { amount: money(9n, 'EUR'), rates: [rate] } };
const alike: Margin = { amount: money(-5n, 'EUR'), buy: { amount: money(9n, 'EUR'), rates: [] } };

describe('a margin that is kept', () => {
  it.each([
    ['by an exchange rate', converted, side(10n, 'USD')],
    ['in one currency', alike, side(9n, 'EUR')],
    ['that there is none', 'no_exchange_rate' as const, side(10n, 'USD')],
    ['that is too large', 'amount_malformed' as const, side(10n, 'USD')],
    ['of which nothing is known', undefined, undefined],
  ])('%s is read as it was written', (_what, margin, buy) => {
    const amount = typeof margin === 'object' ? margin.amount.nanos : null;
    expect(marginOfFacts(amount, marginFactsText(margin), side(4n, 'EUR'), buy)).toEqual(margin);
  });

  it('takes no text where both sides are in one currency', () => {
    expect(marginFactsText(alike)).toBeNull();
  });

  it('is told with the exchange rates', () => {
    expect(create(CallRatedSchema, marginMessageOf(converted))).toMatchObject({
      margin: {
        amount: money(-5n, 'EUR'), buy: money(9n, 'EUR'),
        exchange: [{ base: 'EUR', quote: 'USD', numerator: 999_999_999_999_999_999n, validFromUs: 1_780_000_000_000_000n, isInverse: true }],
      },
      marginRefusal: '',
    });
    expect(marginMessageOf('no_exchange_rate')).toEqual({ marginRefusal: 'no_exchange_rate' });
  });

  it('of rates that can be none is not read', () => {
    const text = marginFactsText({ ...converted, buy: { ...converted.buy, rates: [{ ...rate, numerator: 0n }] } });
    expect(marginOfFacts(-5n, text, side(4n, 'EUR'), side(10n, 'USD'))).toBeUndefined();
  });
});

describe('a fee for an attempt in another currency', () => {
  it('is read as it was written, with what it came to', () => {
    const fee = { amount: money(7n, 'USD'), deckDigest: 'd', prefix: '34' };
    const attempts: RatedAttempt[] = [
      { carrierCode: 'a', startedAt: instantUs(1), cost: { ...fee, converted: { amount: money(6n, 'EUR'), rates: [rate] } } },
      { carrierCode: 'b', startedAt: instantUs(2), cost: fee },
      { carrierCode: 'c', startedAt: instantUs(3), cost: 'no_buy_rate' },
    ];
    expect(attemptsOfText(attemptsText(attempts))).toEqual(attempts);
  });
});
