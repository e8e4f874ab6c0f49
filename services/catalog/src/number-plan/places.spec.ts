import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { drained } from '../fixture/drained.fixture.ts';
import { Places } from './places.ts';

describe('where a prefix belongs', () => {
  const austria = { countryCode: 'AT', countryName: 'Austria', subcode: '' };
  const places = drained(Places.of([
    { prefix: '43', ...austria }, { prefix: '43664', ...austria, subcode: 'MOB' }, { prefix: '43676', ...austria, subcode: 'MOB' },
    { prefix: '36', countryCode: 'HU', countryName: 'Hungary', subcode: '' },
  ])).result;

  it.each(table(`
    prefix          | place
    43              | AT Austria
    431             | AT Austria
    436641          | AT Austria MOB
    436640000000000 | AT Austria MOB
    43676           | AT Austria MOB
    3620            | HU Hungary
    4               | -
    99              | -
  `))('$prefix is of "$place"', ({ prefix = '', place = '' }) => {
    const { countryCode, countryName, subcode } = places.at(places.indexOf(Number(prefix)));
    expect([countryCode, countryName, subcode].filter(Boolean).join(' ')).toBe(place);
  });

  it('is one place for all prefixes of it', () => {
    expect(places.indexOf(43664)).toBe(places.indexOf(43676));
  });
});
