import { describe, expect, it } from '@jest/globals';
import { assert, present, unreachable } from './assert.ts';

describe('assert', () => {
  it.each([0, '', null, undefined, false, Number.NaN])('throws with what was to be true for %p', (condition) => {
    expect(() => assert(condition, 'there is a card')).toThrow('Assertion failed: there is a card');
  });

  it.each([1, 'a', [], {}, true])('lets %p be', (condition) => {
    expect(() => assert(condition, 'never told')).not.toThrow();
  });

  it('tells the compiler what it has found out', () => {
    const found: string | undefined = ['a'].at(0);
    assert(found !== undefined, 'there is one');
    expect(found.length).toBe(1);
  });
});

describe('present', () => {
  it.each([0, '', false, Number.NaN, 0n])('hands back %p, which is empty but there', (value) => {
    expect(present(value, 'a value')).toBe(value);
  });

  it.each([null, undefined])('throws with what was expected for %p', (value) => {
    expect(() => present(value, 'the first row')).toThrow('Expected the first row, found none');
  });
});

describe('unreachable', () => {
  it('shows the value that nobody had thought of', () => {
    const told = (status: 'sold' | 'active') => {
      switch (status) {
        case 'sold':
          return 'with a reseller';
        case 'active':
          return 'with a caller';
        default:
          return unreachable(status);
      }
    };
    expect([told('sold'), told('active')]).toEqual(['with a reseller', 'with a caller']);
    const untyped: (this: void, status: never) => string = told;
    expect(() => void Reflect.apply(untyped, undefined, ['lost'])).toThrow('Unreachable: "lost"');
  });
});
