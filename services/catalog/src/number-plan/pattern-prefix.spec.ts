import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { beginsMatch } from './pattern-prefix.ts';

describe('a number pattern tested on the beginning of a number', () => {
  const rows: [pattern: string, digits: string, begins: boolean][] = [
    [String.raw`\d{4}`, '', true],
    [String.raw`\d{4}`, '1234', true],
    [String.raw`\d{4}`, '12345', false],
    [String.raw`[2-4]\d{3,5}`, '2', true],
    [String.raw`[2-4]\d{3,5}`, '5', false],
    [String.raw`7(?:4[0-5]|8)\d{2}`, '7', true],
    [String.raw`7(?:4[0-5]|8)\d{2}`, '74', true],
    [String.raw`7(?:4[0-5]|8)\d{2}`, '746', false],
    [String.raw`7(?:4[0-5]|8)\d{2}`, '8', false],
    [String.raw`(?:10|29)\d{2}|55`, '29', true],
    [String.raw`(?:10|29)\d{2}|55`, '555', false],
  ];

  it.each(rows)('%s begins with %s: %s', (pattern, digits, begins) => {
    expect(beginsMatch(pattern)(digits)).toBe(begins);
  });

  it('passes every beginning of every number that the whole pattern matches', () => {
    const pattern = String.raw`(?:1481|[357-9]\d{3})\d{6}|8\d{6}(?:\d{2})?`;
    const begins = beginsMatch(pattern);
    fc.assert(
      fc.property(fc.stringMatching(new RegExp(`^(?:${pattern})$`)), fc.nat({ max: 10 }), (number, length) => {
        expect(begins(number.slice(0, length))).toBe(true);
      }),
    );
  });

  it('throws on a syntax that it would read wrongly', () => {
    expect(() => beginsMatch('1(?=2)3')).toThrow('Unreadable number pattern');
  });
});
