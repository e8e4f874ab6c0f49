import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DestinationForecastSchema, LookUpPrefixReplySchema } from '@tollwire/contracts';
import { destinationsJson } from './deck-forecast.ts';

const forecast = (countryPrefixId: number, sell: readonly [bigint, bigint], buyCurrency = 'EUR') => create(DestinationForecastSchema, {
  countryPrefixId, callCount: 1n, durationSec: 45n, unpricedCount: 0n,
  sellBefore: { nanos: sell[0], currency: 'EUR' }, sellAfter: { nanos: sell[1], currency: 'EUR' },
  buyBefore: { nanos: 100_000_000n, currency: buyCurrency }, buyAfter: { nanos: 100_000_000n, currency: buyCurrency },
});
const mobile = (countryPrefixId: number) => create(LookUpPrefixReplySchema, { countryPrefixId, countryCode: 'AT', countryName: 'Austria', subcode: 'MOB' });

describe('the destinations of a forecast', () => {
  it('sum all prefixes of a country and kind of number, with the margin', () => {
    expect(destinationsJson([forecast(1, [200_000_000n, 250_000_000n]), forecast(2, [300_000_000n, 250_000_000n])], [mobile(1), mobile(2)])).toEqual([{
      countryCode: 'AT', countryName: 'Austria', subcode: 'MOB', callCount: 2, minutes: '1.50', unpricedCount: 0,
      sellBefore: { amount: '0.50', currency: 'EUR' }, sellAfter: { amount: '0.50', currency: 'EUR' },
      buyBefore: { amount: '0.20', currency: 'EUR' }, buyAfter: { amount: '0.20', currency: 'EUR' },
      marginBefore: { amount: '0.30', currency: 'EUR' }, marginAfter: { amount: '0.30', currency: 'EUR' },
    }]);
  });

  it('have no margin over two currencies, and no name where the number plan has none', () => {
    const [destination] = destinationsJson([forecast(0, [1n, 2n], 'USD')], []);
    expect(destination).not.toHaveProperty('marginBefore');
    expect(destination).not.toHaveProperty('countryCode');
  });

  it('say each amount in its own currency, and only the margin of one currency, where a version brings another', () => {
    const { buyAfter } = forecast(1, [0n, 0n], 'USD');
    const [destination, ...others] = destinationsJson([{ ...forecast(1, [200_000_000n, 200_000_000n]), buyAfter }], []);
    expect(others).toEqual([]);
    expect(destination).toMatchObject({ buyBefore: { amount: '0.10', currency: 'EUR' }, buyAfter: { amount: '0.10', currency: 'USD' } });
    expect(destination).toMatchObject({ marginBefore: { amount: '0.10', currency: 'EUR' } });
    expect(destination).not.toHaveProperty('marginAfter');
  });
});
