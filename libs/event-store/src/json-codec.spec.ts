import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeJson, encodeJson } from './json-codec.ts';

describe('The JSON of events', () => {
  it.each([
    [5_000_000_000n, '"5000000000n"'],
    [-1n, '"-1n"'],
    ['0042', '"0042"'],
    ['12n', '"~12n"'],
    ['~12n', '"~~12n"'],
    ['~n', '"~n"'],
    [{ a: [1n, '1n', null], b: undefined }, '{"a":["1n","~1n",null]}'],
  ])('writes %p as %s', (value, text) => {
    expect(encodeJson(value)).toBe(text);
  });

  it('gives back any value as it was, bigints and strings that look like them', () => {
    const trap = fc.stringMatching(/^~{0,2}-?\d{1,3}n?$/);
    const value = fc.letrec((tie) => ({
      leaf: fc.oneof(fc.bigInt(), trap, fc.string(), fc.integer(), fc.boolean(), fc.constant(null)),
      node: fc.oneof({ depthSize: 'small' }, tie('leaf'), fc.array(tie('node')), fc.dictionary(fc.string(), tie('node'), { noNullPrototype: true })),
    })).node;
    fc.assert(fc.property(value, (original) => {
      expect(decodeJson(encodeJson(original))).toEqual(original);
    }));
  });
});
