import { describe, expect, it } from '@jest/globals';
import { numberRulesBody, rulesText } from './number-rules.ts';

describe('rules of numbers on the command line', () => {
  it('are what was said, and nothing else', () => {
    expect(numberRulesBody({})).toEqual({});
    expect(numberRulesBody({ 'calling-code': '44', 'trunk-prefix': '0', 'lengths': '9, 10', 'international': '00,011', 'technical': '9#' })).toEqual({
      internationalPrefixes: ['00', '011'], technicalPrefixes: ['9#'], country: { callingCode: '44', trunkPrefix: '0', nationalLengths: [9, 10] },
    });
  });

  it.each([[{ 'trunk-prefix': '0' }, '--calling-code'], [{ lengths: '9' }, '--calling-code'], [{ 'calling-code': '44', 'lengths': 'x' }, '--lengths']])('are refused: %p', (values, option) => {
    expect(() => numberRulesBody(values)).toThrow(option);
  });

  it('are told in a few words', () => {
    expect(rulesText({})).toBe('numbers are read as international ones');
    const country = { callingCode: '34', trunkPrefix: '', nationalLengths: [9] };
    expect(rulesText({ country })).toBe('national as 34, and with 9 digits');
    expect(rulesText({ technicalPrefixes: ['9#'], internationalPrefixes: ['00'], country: { ...country, callingCode: '44', trunkPrefix: '0', nationalLengths: [] } }))
      .toBe('9# taken off; international after +, 00; national as 44 after 0');
  });
});
