import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { normalizeE164 } from './e164.ts';
import { PORTABILITY_FORMS, portedNumberOf, withPortability } from './number-portability.ts';

const readOf = (told: string) => {
  const { number, routingNumber = '-', npdi } = portedNumberOf(told);
  return `${number} ${routingNumber} ${npdi ? 'npdi' : '-'}`;
};

describe('what a number says of its portability (RFC 4694)', () => {
  it.each(table(`
    told                                                                  read
    +12025550151                                                          +12025550151 - -
    +12025550151;npdi                                                     +12025550151 - npdi
    +12025550151;npdi;rn=+1-301-555-1212                                  +12025550151 +1-301-555-1212 npdi
    tel:+12025550151;RN=+13015551212                                      tel:+12025550151 +13015551212 -
    tel:+12025550151;npdi;rn=301-555-1212;rn-context=+1                   tel:+12025550151 +1301-555-1212 npdi
    tel:+12025550151;npdi;rn=3015551212;rn-context=example.net            tel:+12025550151 3015551212 npdi
    tel:+12025550151;cic=+12345;ext=12;npdi                               tel:+12025550151;ext=12 - npdi
    sip:+12025550151;npdi;rn=+13015551212@203.0.113.7:5060;user=phone     sip:+12025550151@203.0.113.7:5060;user=phone +13015551212 npdi
    sip:+12025550151@203.0.113.7;rn=1                                     sip:+12025550151@203.0.113.7;rn=1 - -
    +12025550151;rn=                                                      +12025550151 - -
  `))('$told', ({ told = '', read }) => {
    expect(readOf(told)).toBe(read);
  });

  it.each(table(`
    form    routing      npdi  told
    none    16465550000  yes   12125550100
    rn      16465550000  yes   12125550100;npdi;rn=+16465550000
    rn      16465550000  no    12125550100;npdi;rn=+16465550000
    rn      -            yes   12125550100;npdi
    rn      -            no    12125550100
    prefix  16465550000  yes   1646555000012125550100
    prefix  -            yes   12125550100
  `))('is told as $form: $told', ({ form, routing, npdi, told }) => {
    const wanted = PORTABILITY_FORMS.find((each) => each === form) ?? '';
    expect(withPortability('12125550100', wanted, { routingNumber: routing || undefined, npdi: npdi === 'yes' })).toBe(told);
  });

  it('is read again as it was told, and the number with it', () => {
    const numbers = fc.stringMatching(/^[1-9]\d{6,14}$/);
    fc.assert(fc.property(numbers, numbers, (called, routingNumber) => {
      const told = withPortability(`+${called}`, 'rn', { routingNumber, npdi: true });
      const read = portedNumberOf(told);
      expect([normalizeE164(told), normalizeE164(read.routingNumber ?? ''), read.npdi]).toEqual([{ ok: true, value: called }, { ok: true, value: routingNumber }, true]);
    }));
  });
});
