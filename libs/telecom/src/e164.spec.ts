import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { callerOf, type NormalizeOptions, normalizeE164, splitExtension } from './e164.ts';

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
      +44 (0)20 79460000   442079460000
      011 44 (0)20 79460000  442079460000
      44 (0)20 79460000    442079460000
      77#34650123456       number_malformed
      9#x34650123456       number_malformed
      ٣٤٦٥٠١٢٣٤٥٦          number_malformed
      ３４６５０１２３４５６          number_malformed
      tel:650123456;phone-context=+34  34650123456
      tel:650-123-456;ext=12;phone-context=+34;user=x  34650123456
      sip:650123456;phone-context=+34@203.0.113.7;user=phone  34650123456
      tel:+12125550100;phone-context=+34  12125550100
      tel:0650123456;phone-context=+34  number_not_international
      tel:34650123456;phone-context=example.net  34650123456
      sip:+34650123456@203.0.113.7:5060;user=phone  34650123456
      tel:+34-650-123456;ext=12  34650123456
      +12025550151;npdi;rn=+1-301-555-1212  12025550151
      sip:+12025550151;npdi;rn=+13015551212@203.0.113.7;user=phone  12025550151
      sip:0650123456@203.0.113.7  number_not_international
      sip:bob@203.0.113.7  number_malformed
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

  const switches: Readonly<Record<string, NormalizeOptions>> = {
    us: { country: { callingCode: '1', trunkPrefix: '1', nationalLengths: [10] } },
    uk: { country: { ...UNITED_KINGDOM, nationalLengths: [9, 10] } },
    'uk, no lengths': { country: UNITED_KINGDOM },
    es: { country: { ...SPAIN, nationalLengths: [9] } },
    it: { country: { callingCode: '39', trunkPrefix: '', nationalLengths: [9, 10] } },
    'it, no lengths': { country: { callingCode: '39', trunkPrefix: '' } },
    hu: { country: { callingCode: '36', trunkPrefix: '06', nationalLengths: [8, 9] } },
    ru: { country: { callingCode: '7', trunkPrefix: '8', nationalLengths: [10] }, internationalPrefixes: ['810'] },
    'trunk 9#': { technicalPrefixes: ['9', '9#', '77'] },
  };

  it.each(table(`
    switch          dialled          answer
    us              01134650123456   34650123456
    us              0034650123456    34650123456
    us              +34650123456     34650123456
    us              12125550100      12125550100
    us              2125550100       12125550100
    us              442079460000     442079460000
    us              0912345678       number_not_international
    uk              02079460000      442079460000
    uk              01159501234      441159501234
    uk, no lengths  01159501234      441159501234
    uk              2079460000       442079460000
    uk              00912345678901   912345678901
    uk              0                number_not_international
    es              650123456        34650123456
    es              34650123456      34650123456
    es              0650123456       number_not_international
    it              0612345678       390612345678
    it              393331234567     393331234567
    it              0115551234       390115551234
    it              01134650123456   34650123456
    it, no lengths  0115551234       number_not_international
    hu              0611234567       3611234567
    hu              06               number_not_international
    hu              0112345678       number_not_international
    ru              89161234567      79161234567
    ru              81034650123456   34650123456
    trunk 9#        9#34650123456    34650123456
    trunk 9#        934650123456     34650123456
    trunk 9#        770034650123456  34650123456
    trunk 9#        34650123456      34650123456
    trunk 9#        990650123456     90650123456
    trunk 9#        9#0650123456     number_not_international
    trunk 9#        9#9#34650123456  number_malformed
  `))('from $switch, $dialled is $answer', (row) => {
    expect(answer(row['dialled'] ?? '', switches[row['switch'] ?? ''])).toBe(row['answer']);
  });

  it('never turns a leading 0 into another country, whatever the country it was dialled in', () => {
    const countries = fc.constantFrom(...Object.values(switches).flatMap(({ country }) => (country?.trunkPrefix.startsWith('0') || country?.trunkPrefix === '' ? [country] : [])));
    const dialled = fc.stringMatching(/^0[1-9]\d{6,12}$/);
    fc.assert(
      fc.property(countries, dialled, (country, number) => {
        // Where nothing precedes a national number, 011 before digits of another length goes out of the country.
        fc.pre(country.trunkPrefix !== '' || !number.startsWith('011') || country.nationalLengths?.includes(number.length) !== false);
        const read = normalizeE164(number, { country });
        expect(read.ok ? read.value.startsWith(country.callingCode) : read.refusal.code).not.toBe(false);
      }),
    );
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

describe('callerOf', () => {
  it.each(table(`
    told                                      caller
    +34650123456                              34650123456
    "Alice" <sip:+34650123456@203.0.113.7>    34650123456
    -                                         anonymous
    anonymous                                 anonymous
    sip:anonymous@anonymous.invalid           anonymous
    Restricted                                anonymous
    unknown                                   anonymous
    100                                       100
    0650123456                                odd
    reception                                 odd
    sip:alice@203.0.113.7                     odd
  `))('$told is $caller', ({ told = '', caller }) => {
    const read = callerOf(told);
    expect(read.kind === 'number' ? read.e164 : read.kind).toBe(caller);
  });
});
