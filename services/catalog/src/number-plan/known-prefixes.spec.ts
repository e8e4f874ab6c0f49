import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
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
});
