import { describe, expect, it } from '@jest/globals';
import { exchangeDecimalOf, ExchangeRates } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import { exclusionReason, placeReason } from './explain-route.ts';
import { carrier, e164, indexOf, noonUs, type ToldOffer } from './route.fixture.ts';
import { route, type SellRate } from './route.ts';
import { RoutingPlan } from './routing-plan.ts';
import { LEAST_COST, type RoutingPolicy } from './routing-policy.ts';

const exchangeRate = (base: string, quote: string, text: string, validFromUs = 0) => {
  const rate = exchangeDecimalOf(text);
  return { base, quote, ...(rate.ok ? rate.value : { numerator: 1n, decimals: 0 }), validFromUs, source: 'ECB' };
};
const rates = new ExchangeRates([exchangeRate('EUR', 'USD', '1.25'), exchangeRate('EUR', 'USD', '0.5', noonUs + 1), exchangeRate('EUR', 'GBP', '0.8')]);

const carriers = [carrier(0, 'A'), carrier(1, 'B'), carrier(2, 'C'), carrier(3, 'D')];
/** In EUR: A 0.020, B 0.016, C 0.025; what D takes nobody can tell. */
const offers: ToldOffer[] = [
  { carrier: 'A', prefix: '34', rate: 0.02 }, { carrier: 'B', prefix: '34', rate: 0.02, currency: 'USD' },
  { carrier: 'C', prefix: '34', rate: 0.02, currency: 'GBP' }, { carrier: 'D', prefix: '34', rate: 0.001, currency: 'CHF' },
];

interface Asked {
  readonly sell?: SellRate;
  readonly atUs?: number;
  readonly policy?: Partial<RoutingPolicy>;
  readonly exchange?: ExchangeRates;
}

function ask({ sell, atUs = noonUs, policy = {}, exchange = rates }: Asked, of = carriers) {
  const plan = RoutingPlan.ofTariffBy({ ...LEAST_COST, ...policy });
  return route({ e164: e164('34650123456'), atUs: atUs as typeof noonUs, plan, ...(sell === undefined ? {} : { sell }) }, indexOf(of, offers), undefined, exchange);
}

function told(asked: Asked, of = carriers): string {
  const decision = ask(asked, of);
  const order = decision.routed ? decision.carriers.map(({ carrier: { carrierCode } }) => carrierCode) : [];
  return [...order, ...decision.excluded.map(({ carrier: { carrierCode }, why }) => `${carrierCode}:${why.code}`)].join(' ');
}

const euros = (perMin: number, currency = 'EUR'): SellRate => ({ ratePerMinNanos: Math.round(perMin * 1e9), currency });

describe('carriers that are paid in several currencies', () => {
  it.each<[what: string, asked: Asked, answer: string]>([
    ['are compared in that of the sale', { sell: euros(0.1) }, 'B A C D:currency_mismatch'],
    ['are out where they would lose money in it', { sell: euros(0.018) }, 'B A:loss C:loss D:currency_mismatch'],
    ['are in at a price that is equal in it', { sell: euros(0.016) }, 'B A:loss C:loss D:currency_mismatch'],
    ['must leave the margin that is wanted in it', { sell: euros(0.02), policy: { marginPpmMin: 200_000 } }, 'B A:margin_below_minimum C:loss D:currency_mismatch'],
    ['are converted into another sale too', { sell: euros(0.026, 'USD') }, 'B A C:loss D:currency_mismatch'],
    ['are converted by the exchange rate of the call’s start', { sell: euros(0.1), atUs: noonUs + 1 }, 'A C B D:currency_mismatch'],
    ['are out where nobody says what a currency is worth', { sell: euros(0.1), exchange: new ExchangeRates([]) }, 'A B:currency_mismatch C:currency_mismatch D:currency_mismatch'],
    ['keep within a delta that is meant in it', { sell: euros(0.1), policy: { order: { by: 'least_cost', deltaNanos: 5_000_000, deltaPpm: 0 } } }, 'B A C D:currency_mismatch'],
  ])('%s', (_, asked, answer) => {
    expect(told(asked)).toBe(answer);
  });

  it('are compared in the first of their currencies where no sale is told, and as they are where nothing leads there', () => {
    expect(told({}, carriers.slice(0, 3))).toBe('B A C');
    expect(told({})).toBe('D A B C');
  });

  it('tell their own price, and what it came to by which exchange rate', () => {
    const decision = ask({ sell: euros(0.02) });
    const [first] = decision.routed ? decision.carriers : [];
    expect(first).toMatchObject({ priceNanos: 20_000_000, currency: 'USD', converted: { priceNanos: 16_000_000, currency: 'EUR' } });
    expect(first && placeReason(first)).toBe('cheapest: prefix 34 at 0.0200 USD a minute: 0.0160 EUR, by 1 EUR = 1.25 USD (ECB, always)');
    expect(decision.excluded.map(({ why }) => exclusionReason(why))).toEqual([
      'costs 0.0250 for a minute, more than the 0.0200 that it is sold for, converted by 1 EUR = 0.8 GBP (ECB, always)',
      'is paid in CHF, the call is sold in EUR, and no exchange rate leads there then',
    ]);
  });

  it('are not converted where all are paid in one', () => {
    const decision = ask({}, carriers.slice(0, 1));
    expect(decision.routed && decision.carriers[0]?.converted).toBeUndefined();
  });

  describe('of one carrier whose plans have a prefix in two currencies', () => {
    const ofTwo = (usd: number, eur: number): ToldOffer[] => [
      { carrier: 'A', prefix: '34', rate: usd, currency: 'USD', carrierPlanId: 1 }, { carrier: 'A', prefix: '34', rate: eur, currency: 'EUR', carrierPlanId: 2 },
    ];
    const chosen = (told: ToldOffer[], exchange = rates) => {
      const decision = route({ e164: e164('34650123456'), atUs: noonUs, plan: RoutingPlan.ofTariff }, indexOf([carrier(0, 'A')], told), undefined, exchange);
      return decision.routed ? decision.carriers.map(({ ratePerMinNanos, currency }) => `${ratePerMinNanos / 1e9} ${currency}`).join(', ') : decision.refusal.code;
    };

    it.each(table<'usd' | 'eur' | 'chosen'>(`
      usd    eur    | chosen
      0.02   0.017  | 0.02 USD
      0.02   0.016  | 0.02 USD
      0.02   0.0159 | 0.0159 EUR
      0.03   0.02   | 0.02 EUR
    `))('$usd USD and $eur EUR: the one that is worth less counts, as it does in rating; of equal ones that of the first plan', ({ usd, eur, chosen: wanted }) => {
      const told = ofTwo(Number(usd), Number(eur));
      expect([chosen(told), chosen(told.toReversed())]).toEqual([wanted, wanted]);
    });

    it('is the rate of the first plan where nobody says what a currency is worth', () => {
      expect([chosen(ofTwo(0.02, 0.001), new ExchangeRates([])), chosen(ofTwo(0.02, 0.001).toReversed(), new ExchangeRates([]))]).toEqual(['0.02 USD', '0.02 USD']);
    });
  });
});
