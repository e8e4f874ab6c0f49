import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { drained } from '../fixture/drained.fixture.ts';
import { KnownPrefixes } from './known-prefixes.ts';

describe('a prefix against the number plan', () => {
  const known = drained(KnownPrefixes.of(new Map([['44', 1], ['447', 2], ['992', 3], ['1', 4], ['1268', 5]]))).result;

  it.each(table(`
    prefix    | known | id
    44        | yes   | 1
    441       | yes   | 1
    447911    | yes   | 2
    4         | yes   | -
    1         | yes   | 4
    12687     | yes   | 5
    99        | yes   | -
    9         | yes   | -
    9921      | yes   | 3
    991       | no    | -
    99999999  | no    | -
    45        | no    | -
    0044      | no    | -
  `))('$prefix is known: $known', ({ prefix = '', known: expected, id }) => {
    expect(known.isKnown(prefix) ? 'yes' : 'no').toBe(expected);
    expect(String(known.longestId(prefix) ?? '')).toBe(id);
  });

  it('is unknown while there is no plan', () => {
    expect(drained(KnownPrefixes.of(new Map())).result.isKnown('44')).toBe(false);
  });

  it('answers as a search through all prefixes would, for any plan', () => {
    const prefix = fc.stringMatching(/^[1-3]{1,6}$/);
    fc.assert(
      fc.property(fc.uniqueArray(prefix, { maxLength: 12 }), fc.array(prefix, { minLength: 1, maxLength: 12 }), (prefixes, asked) => {
        const plan = drained(KnownPrefixes.of(new Map(prefixes.map((each, at) => [each, at])))).result;
        const above = (digits: string) => prefixes.filter((each) => digits.startsWith(each));
        const longest = (digits: string) => above(digits).toSorted((a, b) => b.length - a.length)[0];
        expect(asked.map((digits) => [plan.isKnown(digits), plan.longestId(digits)])).toEqual(asked.map((digits) => [
          above(digits).length > 0 || prefixes.some((each) => each.startsWith(digits)),
          longest(digits) === undefined ? null : prefixes.indexOf(longest(digits) ?? ''),
        ]));
      }),
    );
  });
});
