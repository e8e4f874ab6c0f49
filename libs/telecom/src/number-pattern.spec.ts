import { describe, expect, it } from '@jest/globals';
import { maskedNumber } from './masked-number.ts';
import { numberPattern, writtenForms } from './number-pattern.ts';

const starred = (text: string, digits: string) => text.replaceAll(new RegExp(numberPattern(digits), 'g'), maskedNumber);

describe('a number within text', () => {
  it.each([
    ['a,00436641234567,+436641234567', '436641234567', 'a,00436641******,+436641******'],
    ['\n\f4366412345672', '436641234567', '\n\f436641******2'],
    ['sip:112@x 1123 5112 +112', '112', 'sip:***@x 1123 5112 +***'],
    ['43664123456', '436641234567', '43664123456'],
  ])('is found: %j', (text, digits, expected) => {
    expect(starred(text, digits)).toBe(expected);
  });

  it('is written in three ways, each of which is found whole', () => {
    expect(writtenForms('112')).toEqual(['112', '+112', '00112']);
    expect(writtenForms('112').map((form) => new RegExp(`^\\+?${numberPattern('112')}$`).test(form))).toEqual([true, true, true]);
  });
});
