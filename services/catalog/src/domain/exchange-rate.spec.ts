import { describe, expect, it } from '@jest/globals';
import { type Currency, currencyOf } from '@tollwire/telecom';
import { given, instant } from '@tollwire/testing';
import { exchangeRate, type ExchangeRateCommand, type ExchangeRateEvent } from './exchange-rate.ts';

const currency = (code: string): Currency => {
  const read = currencyOf(code);
  if (!read.ok) throw new Error(code);
  return read.value;
};
const said = {
  base: currency('EUR'), quote: currency('USD'), numerator: 10842n, decimals: 4, validFrom: instant('2026-06-01T00:00:00Z'), source: 'ECB', by: 'ann', at: instant('2026-06-01T15:00:00Z'),
};
const set: ExchangeRateCommand = { type: 'SetExchangeRate', ...said };
const recorded = (revision: number, more: Partial<ExchangeRateEvent> = {}): ExchangeRateEvent => ({ type: 'ExchangeRateSet', ...said, ...more, revision });

describe('an exchange rate', () => {
  it('is recorded, with who says so and when', () => {
    given(exchangeRate, []).when(set).then([recorded(1)]);
  });

  it('for another instant follows it', () => {
    const validFrom = instant('2026-06-02T00:00:00Z');
    given(exchangeRate, [recorded(1)]).when({ ...set, validFrom }).then([recorded(2, { validFrom })]);
  });

  it('is corrected by a further one for the same instant', () => {
    given(exchangeRate, [recorded(1)]).when({ ...set, numerator: 10843n }).then([recorded(2, { numerator: 10843n })]);
    given(exchangeRate, [recorded(1)]).when({ ...set, source: 'bank' }).then([recorded(2, { source: 'bank' })]);
  });

  it('said again is not recorded again, unless it was corrected meanwhile', () => {
    given(exchangeRate, [recorded(1)]).when({ ...set, by: 'ben', at: instant('2026-06-03T00:00:00Z') }).then([]);
    given(exchangeRate, [recorded(1), recorded(2, { numerator: 1n })]).when(set).then([recorded(3)]);
  });

  it('leaves the state that it was given as it was', () => {
    const before = [recorded(1)];
    exchangeRate.evolve(before, recorded(2));
    expect(before).toHaveLength(1);
  });
});
