import { describe, expect, it } from '@jest/globals';
import { type PgScalar, pgArray } from './pg-array.ts';

describe('pgArray', () => {
  it.each<[what: string, items: PgScalar[], literal: string]>([
    ['nothing', [], '{}'],
    ['numbers bare, to the last digit', [1, -2n, 9_223_372_036_854_775_807n], '{1,-2,9223372036854775807}'],
    ['truth bare', [true, false], '{true,false}'],
    ['null apart from the texts that look like it', [null, 'null', 'NULL', ''], '{NULL,"null","NULL",""}'],
    ['the signs of a literal inside a text', ['a,b', '{x}', ' a '], '{"a,b","{x}"," a "}'],
    ['what would end a text, escaped', ['say "no"', String.raw`c:\dir`], String.raw`{"say \"no\"","c:\\dir"}`],
    ['an empty text first', ['', 'b'], '{"","b"}'],
  ])('writes %s', (_what, items, literal) => {
    expect(pgArray(items)).toBe(literal);
  });
});
