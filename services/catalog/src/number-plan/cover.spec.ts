import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { coverOf, type CountryOfPrefix } from './cover.ts';

const planOf = (text: string): CountryOfPrefix[] => text.split(',').map((pair) => {
  const [prefix = '', countryCode = ''] = pair.split('=');
  return { prefix, countryCode };
});

describe('the prefixes that cover a country', () => {
  it.each(table(`
    plan                              | country | prefixes
    43=AT,43664=AT                    | AT      | 43
    7=RU,76=KZ,77=KZ                  | RU      | 70,71,72,73,74,75,78,79
    7=RU,76=KZ,77=KZ                  | KZ      | 76,77
    44=GB,441481=GG                   | GG      | 441481
    599=CW,5993=BQ,5997=BQ,5999=CW    | BQ      | 5993,5997
    39=IT,3906698=VA,379=VA           | VA      | 379,3906698
    43=AT                             | DE      | -
  `))('$country of $plan', ({ plan = '', country = '', prefixes }) => {
    expect(coverOf(country, planOf(plan)).toSorted((a, b) => a.length - b.length).join()).toBe(prefixes);
  });

  it('hold every number of the country and no other, whatever the plan', () => {
    const plan = fc.uniqueArray(fc.record({ prefix: fc.stringMatching(/^[1-3]{1,4}$/), countryCode: fc.constantFrom('AA', 'BB', 'CC') }), { selector: ({ prefix }) => prefix, maxLength: 12 });
    fc.assert(fc.property(plan, fc.stringMatching(/^[1-4]{6}$/), (prefixes, number) => {
      const longest = prefixes.filter(({ prefix }) => number.startsWith(prefix)).toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
      const fitting = coverOf('AA', prefixes).filter((prefix) => number.startsWith(prefix));
      expect(fitting.length).toBe(longest?.countryCode === 'AA' ? 1 : 0);
    }));
  });
});
