import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { DestinationForecastSchema, LookUpPrefixReplySchema, MoneySchema } from '@tollwire/contracts';
import { destinationsJson } from './deck-forecast.ts';

const eur = (nanos: bigint) => ({ nanos, currency: 'EUR' });
const forecast = (countryPrefixId: number, sell: readonly [bigint, bigint], margin: readonly [bigint, bigint], marginUnknownCount = 0n) => create(DestinationForecastSchema, {
  countryPrefixId, callCount: 1n, durationSec: 45n, unpricedCount: 0n, marginUnknownCount,
  sellBefore: eur(sell[0]), sellAfter: eur(sell[1]), marginBefore: eur(margin[0]), marginAfter: eur(margin[1]),
  buyBefore: { nanos: 100_000_000n, currency: 'USD' }, buyAfter: { nanos: 100_000_000n, currency: 'USD' },
});
const mobile = (countryPrefixId: number) => create(LookUpPrefixReplySchema, { countryPrefixId, countryCode: 'AT', countryName: 'Austria', subcode: 'MOB' });

describe('the destinations of a forecast', () => {
  it('sum all prefixes of a country and kind of number, with the margin that rating has converted', () => {
    const one = forecast(1, [200_000_000n, 250_000_000n], [110_000_000n, 160_000_000n]);
    const other = forecast(2, [300_000_000n, 250_000_000n], [210_000_000n, 160_000_000n]);
    expect(destinationsJson([one, other], [mobile(1), mobile(2)])).toEqual([{
      countryCode: 'AT', countryName: 'Austria', subcode: 'MOB', callCount: 2, minutes: '1.50', unpricedCount: 0, marginUnknownCount: 0,
      sellBefore: { amount: '0.50', currency: 'EUR' }, sellAfter: { amount: '0.50', currency: 'EUR' },
      buyBefore: { amount: '0.20', currency: 'USD' }, buyAfter: { amount: '0.20', currency: 'USD' },
      marginBefore: { amount: '0.32', currency: 'EUR' }, marginAfter: { amount: '0.32', currency: 'EUR' },
    }]);
  });

  it('have no margin where it is known of no call, and no name where the number plan has none', () => {
    const [destination] = destinationsJson([forecast(0, [1n, 2n], [0n, 0n], 1n)], []);
    expect(destination).toMatchObject({ callCount: 1, marginUnknownCount: 1 });
    for (const name of ['marginBefore', 'marginAfter', 'countryCode']) expect(destination).not.toHaveProperty(name);
  });

  it('stand apart by currency, where a version brings another', () => {
    const other = { ...forecast(1, [200_000_000n, 200_000_000n], [1n, 1n]), buyAfter: create(MoneySchema, eur(50_000_000n)) };
    const told = destinationsJson([forecast(1, [1n, 1n], [1n, 1n]), other], []);
    expect(told).toHaveLength(2);
    expect(told[1]).toMatchObject({ buyBefore: { amount: '0.10', currency: 'USD' }, buyAfter: { amount: '0.05', currency: 'EUR' } });
  });
});
