import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { exchangeDecimalOf, exchanged, exchangeFactor, formatExchangeRate } from './exchange-rate.ts';
import { ExchangeRates } from './exchange-rates.ts';
import { compare, rational, times } from './rational.ts';

const rateOf = (line: { [name: string]: string }) => {
  const { base = '', quote = '', rate = '', from = '0', source = 'ECB' } = line;
  const read = exchangeDecimalOf(rate);
  if (!read.ok) throw new Error(`${rate} is no rate`);
  return { base, quote, ...read.value, validFromUs: Number(from), source };
};
const ratesOf = (text: string) => new ExchangeRates(table(text).map(rateOf));

describe('the decimal of an exchange rate', () => {
  it.each(table(`
    text                  | read
    1.0842                | 1.0842
    1                     | 1
    007.50                | 7.5
    .5                    | 0.5
    100                   | 100
    0.000000000000000001  | 0.000000000000000001
    123456789012345678    | 123456789012345678
    1234567890123456789   | digits
    0.1234567890123456789 | digits
    0.0000000000000000001 | digits
    0                     | zero
    0.000                 | zero
    -1                    | form
    +1                    | form
    1e3                   | form
    1,5                   | form
    .                     | form
    x                     | form
  `))('of $text is $read', ({ text = '', read }) => {
    const decimal = exchangeDecimalOf(text);
    expect(decimal.ok ? formatExchangeRate(decimal.value) : decimal.refusal.reason).toBe(read);
  });

  it('is written as it was read', () => {
    fc.assert(fc.property(fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }), fc.integer({ min: 0, max: 18 }), (numerator, decimals) => {
      const again = exchangeDecimalOf(formatExchangeRate({ numerator, decimals }));
      const value = again.ok ? rational(again.value.numerator, 10n ** BigInt(again.value.decimals)) : undefined;
      expect(value && compare(value, rational(numerator, 10n ** BigInt(decimals)))).toBe(0);
    }));
  });
});

describe('the way from one currency into another', () => {
  const rates = ratesOf(`
    base | quote | rate | from
    EUR  | USD   | 1.10 | 100
    EUR  | USD   | 1.20 | 200
    EUR  | USD   | 1.25 | 200
    EUR  | GBP   | 0.80 | 100
    CHF  | USD   | 1.50 | 100
    CHF  | GBP   | 2    | 100
    USD  | EUR   | 0.5  | 300
    SEK  | EUR   | 0.1  | 100
    NOK  | SEK   | 1.1  | 100
  `);
  const textOf = (from: string, to: string, atUs: number) => {
    const exchange = rates.at(from, to, atUs);
    if (exchange === undefined) return 'none';
    return exchange.rates.map((rate) => `${rate.isInverse ? '÷' : '×'} ${rate.base}/${rate.quote} ${formatExchangeRate(rate)}`).join(' ');
  };

  it.each(table(`
    from | to  | at  | way
    EUR  | USD | 99  | none
    EUR  | USD | 100 | × EUR/USD 1.1
    EUR  | USD | 199 | × EUR/USD 1.1
    EUR  | USD | 200 | × EUR/USD 1.25
    USD  | EUR | 200 | ÷ EUR/USD 1.25
    USD  | EUR | 300 | × USD/EUR 0.5
    EUR  | USD | 300 | × EUR/USD 1.25
    USD  | GBP | 100 | ÷ CHF/USD 1.5 × CHF/GBP 2
    CHF  | EUR | 100 | × CHF/GBP 2 ÷ EUR/GBP 0.8
    SEK  | USD | 100 | × SEK/EUR 0.1 × EUR/USD 1.1
    NOK  | USD | 100 | none
    EUR  | JPY | 100 | none
  `))('from $from into $to at $at is $way', ({ from = '', to = '', at, way = '' }) => {
    expect(textOf(from, to, Number(at))).toBe(way);
  });

  it.each(table(`
    one | currency | other | in  | less
    5   | EUR      | 6     | EUR | yes
    6   | EUR      | 6     | EUR | no
    4   | EUR      | 5     | USD | no
    4   | EUR      | 6     | USD | yes
    5   | USD      | 4     | EUR | no
    4   | USD      | 4     | EUR | yes
    1   | EUR      | 999   | JPY | no
    999 | JPY      | 1     | EUR | no
  `))('$one $currency are worth less than $other $in: $less', ({ one, currency = '', other, in: than = '', less }) => {
    expect(rates.isWorthLess(Number(one), currency, Number(other), than, 200)).toBe(less === 'yes');
  });
});

describe('an exchange', () => {
  it('is exact: there and back is what it was', () => {
    const decimal = fc.record({ numerator: fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }), decimals: fc.integer({ min: 0, max: 18 }) });
    fc.assert(fc.property(decimal, (rate) => {
      const used = { base: 'EUR', quote: 'USD', ...rate, validFromUs: 0, source: '' };
      const both = times(exchangeFactor([{ ...used, isInverse: false }]), exchangeFactor([{ ...used, isInverse: true }]));
      expect(compare(both, rational(1n))).toBe(0);
    }));
  });

  it('of a destination at 6 for a customer at 2, each against a base, makes the price three times as much', () => {
    const against = ratesOf(`
      base | quote | rate
      AAA  | BAS   | 6
      CCC  | BAS   | 2
    `);
    expect(exchanged(rational(100_000_000n), against.at('AAA', 'CCC', 0)?.rates ?? [])).toBe(300_000_000n);
  });
});
