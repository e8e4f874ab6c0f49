import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { normalizeE164, splitExtension } from './e164.ts';

const SPAIN = { callingCode: '34', trunkPrefix: '' };
const UNITED_KINGDOM = { callingCode: '44', trunkPrefix: '0' };

const answer = (dialled: string, options = {}): string => {
  const result = normalizeE164(dialled, options);
  return result.ok ? result.value : result.refusal.code;
};

describe('normalizeE164', () => {
  it.each(
    table(`
      dialled              answer
      +34650123456         34650123456
      0034650123456        34650123456
      01134650123456       34650123456
      34650123456          34650123456
      +34-650.12(34)56     34650123456
      +44/20/79460000      442079460000
      5622467846x57324     5622467846
      1                    1
      123456789012345      123456789012345
      1234567890123456     number_malformed
      +1234567890123456    number_malformed
      0912345678           number_not_international
      0                    number_not_international
      000912345678         number_malformed
      +0912345678          number_malformed
      ++34650123456        number_malformed
      34650a23456          number_malformed
      00                   number_malformed
    `),
  )('$dialled → $answer', (row) => {
    expect(answer(row['dialled'] ?? '')).toBe(row['answer']);
  });

  it('refuses what is empty, and repeats no more than 64 characters of what it refuses', () => {
    expect(answer('')).toBe('number_malformed');
    expect(normalizeE164('x'.repeat(2_000_000))).toEqual({ ok: false, refusal: { code: 'number_malformed', dialled: 'x'.repeat(64) } });
  });

  it('never reads a leading 0 as the start of another country, unless the country tells that it is a trunk prefix', () => {
    expect(answer('02079460000')).toBe('number_not_international');
    expect(answer('02079460000', { country: UNITED_KINGDOM })).toBe('442079460000');
    expect(answer('02079460000', { country: SPAIN })).toBe('number_not_international');
  });

  it('reads the international prefixes that it is given instead of the usual ones', () => {
    expect(answer('81034650123456', { internationalPrefixes: ['810'] })).toBe('34650123456');
    expect(answer('0034650123456', { internationalPrefixes: ['810'] })).toBe('number_not_international');
  });

  it('answers the same for every way to write one number', () => {
    const numbers = fc.tuple(fc.integer({ min: 1, max: 9 }), fc.stringMatching(/^\d{6,14}$/)).map(([first, rest]) => `${first}${rest}`);
    fc.assert(
      fc.property(numbers, (number) => {
        const forms = [number, `+${number}`, `00${number}`, `011${number}`, ` +${number} `, `${number};ext=12`];
        expect(new Set(forms.map((form) => answer(form)))).toEqual(new Set([number]));
      }),
    );
  });
});

describe('splitExtension', () => {
  it('takes the extension off a number as people write it', () => {
    expect(splitExtension('562-246-7846 x57324')).toEqual({ number: '562-246-7846', extension: '57324' });
    expect(splitExtension('+34650123456 ext. 9')).toEqual({ number: '+34650123456', extension: '9' });
    expect(splitExtension('34650123456')).toEqual({ number: '34650123456', extension: '' });
  });
});
