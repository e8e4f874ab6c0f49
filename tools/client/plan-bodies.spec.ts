import { describe, expect, it } from '@jest/globals';
import { createBody } from './plan-bodies.ts';

describe('./tollwire plan create', () => {
  it('says what the plan is to be, and nothing that was not said', () => {
    expect(createBody('tariff', { name: 'Cards', currency: 'EUR', decimals: '4' })).toEqual({ name: 'Cards', currency: 'EUR', roundingDecimals: 4 });
    expect(createBody('ban', { name: 'Premium', prefixes: '900, 979' })).toEqual({ name: 'Premium', prefixes: ['900', '979'] });
    expect(createBody('voip', { name: 'Business', retail: '1:10,2', carriers: '3', until: '2027-01-01T00:00:00Z' })).toEqual({
      name: 'Business', retailLinks: [{ retailPlanId: 1, metric: 10 }, { retailPlanId: 2 }], carrierPlanIds: [3], validUntil: '2027-01-01T00:00:00Z',
    });
  });

  it('says what it charges beside its rates, by whose clocks its windows go, and whether calls are split at them', () => {
    expect(createBody('tariff', { 'name': 'Cards', 'currency': 'EUR', 'time-zone': 'Europe/Madrid', 'window-policy': 'start', 'connect-fee': '0.05', 'tax': '21' })).toEqual({
      name: 'Cards', currency: 'EUR', timeZone: 'Europe/Madrid', windowPolicy: 'start', terms: { connectFee: '0.05', taxPercent: '21' },
    });
  });

  it('is what customers pay over certain carriers where a link names them', () => {
    expect(createBody('voip', { retail: '1,2@ALPHA+BETA,3:5@C 4' })).toEqual({
      retailLinks: [{ retailPlanId: 1 }, { retailPlanId: 2, carrierCodes: ['ALPHA', 'BETA'] }, { retailPlanId: 3, metric: 5, carrierCodes: ['C 4'] }],
    });
  });

  it.each([[{}, '--retail'], [{ retail: 'x' }, '--retail'], [{ retail: '1', carriers: 'x' }, '--carriers'], [{ retail: '1', plan: 'x' }, '--plan']])(
    'refuses a VoIP plan of %j, naming %s', (values, option) => {
      expect(() => createBody('voip', values)).toThrow(option);
    },
  );
});
