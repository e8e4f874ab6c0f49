import { describe, expect, it } from '@jest/globals';
import { carrierOf, oneRoute, ratesOf, told } from './document.fixture.ts';

/** 10 JPY are 0.0625 EUR, 0.11 USD are 0.088 EUR. */
const exchangeRates = [{ base: 'EUR', quote: 'JPY', rate: '160' }, { base: 'EUR', quote: 'USD', rate: '1.25' }];
const retailPlans = [{ name: 'retail', currency: 'EUR', rates: ratesOf('34 0.10') }];
const carriers = [carrierOf('A', '34 10', { currency: 'JPY', sellBy: 'retail' }), carrierOf('B', '34 0.11', { currency: 'USD', sellBy: 'retail' })];

describe('a document whose plan has no rates of its own, and sells by the carrier', () => {
  it('measures carriers in the currency of the plan, whatever they are paid in', async () => {
    expect(told(await oneRoute({}, carriers, {}, { retailPlans, exchangeRates }))).toBe('A B');
    const [first] = (await oneRoute({}, carriers, {}, { retailPlans, exchangeRates })).carriers;
    expect(first?.converted).toEqual({ price: '0.0625', currency: 'EUR' });
  });

  it('takes carriers out that nothing converts from', async () => {
    expect(told(await oneRoute({}, carriers, {}, { retailPlans }))).toBe('no_route 113, not A:currency_mismatch B:currency_mismatch');
  });

  it('leaves carriers in over which nothing is sold by the carrier', async () => {
    expect(told(await oneRoute({}, [carrierOf('C', '34 5'), ...carriers], {}, { retailPlans, exchangeRates }))).toBe('A B C');
  });

  it('tells the margin of those that have a sale of their own', async () => {
    const { carriers: ranked } = await oneRoute({}, [carrierOf('C', '34 5'), ...carriers], {}, { retailPlans, exchangeRates });
    expect(ranked.map(({ carrier, margin }) => `${carrier} ${margin}`)).toEqual(['A 0.0375', 'B 0.012', 'C undefined']);
  });

  it('routes a number that is sold over one carrier only over that one, as live calls are', async () => {
    const oneOnly = [carrierOf('A', '34 0.02'), carrierOf('B', '34 0.03', { sellBy: 'retail' })];
    expect(told(await oneRoute({ rates: ratesOf('44 0.20') }, oneOnly, {}, { retailPlans }))).toBe('B, not A:no_sell_rate');
    expect(told(await oneRoute({ rates: ratesOf('44 0.20') }, oneOnly, { number: '+4930123456' }, { retailPlans }))).toMatch(/^no_sell_rate/);
  });
});
