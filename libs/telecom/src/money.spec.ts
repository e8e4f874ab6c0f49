import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { currencyOf, formatNanos, nanosOf } from './money.ts';

describe('nanosOf', () => {
  it.each(
    table(`
      decimal                nanos
      0                      0
      0.1                    100000000
      1.00                   1000000000
      -0.50                  -500000000
      +2                     2000000000
      0.000000001            1
      0.1000000000000        100000000
      9223372036.854775807   9223372036854775807
    `),
  )('$decimal', ({ decimal, nanos }) => {
    expect(nanosOf(decimal ?? '')).toEqual({ ok: true, value: BigInt(nanos ?? '') });
  });

  it.each(['', ' ', 'abc', '1,5', '1e3', '.5', '5.', '0.0000000001', '9223372036.854775808', '12345678901', '--1', 'NaN', '0x10'])(
    'refuses "%s"',
    (decimal) => {
      expect(nanosOf(decimal)).toEqual({ ok: false, refusal: { code: 'amount_malformed', value: decimal } });
    },
  );

  it('reads back every amount that it writes', () => {
    const amounts = fc.bigInt({ min: -9_223_372_036_854_775_807n, max: 9_223_372_036_854_775_807n });
    fc.assert(
      fc.property(amounts, fc.integer({ min: 0, max: 9 }), (amount, decimals) => {
        expect(nanosOf(formatNanos(amount, decimals))).toEqual({ ok: true, value: amount });
      }),
    );
  });
});

describe('formatNanos', () => {
  it.each(
    table(`
      nanos         decimals  text
      0             2         0.00
      0             0         0
      60000000      2         0.06
      7200000       2         0.0072
      -1            0         -0.000000001
      1500000000    4         1.5000
    `),
  )('$nanos with at least $decimals decimals', ({ nanos, decimals, text }) => {
    expect(formatNanos(BigInt(nanos ?? ''), Number(decimals))).toBe(text);
  });
});

describe('currencyOf', () => {
  it('reads ISO 4217 codes and refuses anything else', () => {
    expect(currencyOf('eur')).toEqual({ ok: true, value: 'EUR' });
    expect(currencyOf('EURO')).toEqual({ ok: false, refusal: { code: 'currency_malformed', value: 'EURO' } });
    expect(currencyOf('€')).toMatchObject({ ok: false });
  });
});
