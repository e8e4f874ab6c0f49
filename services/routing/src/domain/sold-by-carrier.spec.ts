import { describe, expect, it } from '@jest/globals';
import { plainSchedule, NO_FURTHER_TERMS } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { exclusionReason, placeReason } from './explain-route.ts';
import { carrier, e164, indexOf, noonUs } from './route.fixture.ts';
import { type CarrierSales, route, type SellRate } from './route.ts';
import { RoutingPlan } from './routing-plan.ts';
import { LEAST_COST, type RoutingPolicy } from './routing-policy.ts';

const carriers = [carrier(0, 'A'), carrier(1, 'B'), carrier(2, 'C')];
const index = indexOf(carriers, [{ carrier: 'A', prefix: '34', rate: 0.10 }, { carrier: 'B', prefix: '34', rate: 0.12 }, { carrier: 'C', prefix: '34', rate: 0.2 }]);

/** `A 0.30, B 0.20, * none` */
function salesOf(text: string): CarrierSales {
  return new Map(text.split(', ').map((part) => {
    const [code = '', rate = ''] = part.split(' ');
    return [code === '*' ? '' : code, rate === 'none' ? undefined : { ratePerMinNanos: Math.round(Number(rate) * 1e9) }];
  }));
}

function decide(sales: CarrierSales | undefined, policy: Partial<RoutingPolicy>, sell: SellRate = { ratePerMinNanos: 1e9, currency: 'EUR' }) {
  const plan = RoutingPlan.ofTariffBy({ ...LEAST_COST, ...policy });
  return route({ e164: e164('34650123456'), atUs: noonUs, plan, sell, ...(sales === undefined ? {} : { sales }) }, index);
}

function told(decision: ReturnType<typeof decide>): string {
  const order = decision.routed ? decision.carriers.map(({ carrier: { carrierCode }, place }) => `${carrierCode}:${place}`) : [decision.refusal.code];
  return [...order, ...decision.excluded.map(({ carrier: { carrierCode }, why }) => `not ${carrierCode}:${why.code}`)].join(' ');
}

describe('a call of a plan that sells by the carrier', () => {
  it.each(table<'by' | 'sales' | 'told'>(`
    by          sales                   | told
    least_cost  A 0.30, B 0.20, C 0.50  | A:cheapest B:dearer C:dearer
    sell_price  A 0.30, B 0.20, C 0.50  | B:cheapest_to_customer A:dearer_to_customer C:dearer_to_customer
    sell_price  A 0.30, B 0.30, C 0.30  | A:cheapest_to_customer B:dearer C:dearer
    sell_price  A 0.30, * 0.19          | B:cheapest_to_customer A:dearer_to_customer not C:loss
    sell_price  A 0.09, B 0.12, C none  | B:cheapest_to_customer not A:loss not C:no_sell_rate
    least_cost  A none, * none          | no_route not A:no_sell_rate not B:no_sell_rate not C:no_sell_rate
  `))('by $by, $sales: $told', ({ by, sales, told: expected }) => {
    const order = by === 'sell_price' ? { by } as const : LEAST_COST.order;
    expect(told(decide(salesOf(sales), { order }))).toBe(expected);
  });

  it('is told what it sells for over each, and why it is not', () => {
    const decision = decide(salesOf('A 0.30, B none, C 0.40'), { order: { by: 'sell_price' } });
    expect(decision.routed && decision.carriers.map((offer) => [offer.sellPriceNanos, placeReason(offer)])).toEqual([
      [300_000_000, 'cheapest to the customer: prefix 34 at 0.1000 EUR a minute, sold for 0.3000'],
      [400_000_000, 'dearer to the customer than the carrier above: prefix 34 at 0.2000 EUR a minute, sold for 0.4000'],
    ]);
    expect(decision.excluded.map(({ why }) => exclusionReason(why))).toEqual(['is a carrier over which the plan does not sell the call']);
  });

  it('goes to the lowest sell price, then the lowest cost, then the first code, as a slow search finds it', () => {
    const cents = fc.integer({ min: 10, max: 40 });
    fc.assert(fc.property(cents, cents, cents, (a, b, c) => {
      const sells = [a, b, c];
      const decision = decide(new Map(sells.map((cent, at) => [carriers[at]?.carrierCode ?? '', { ratePerMinNanos: cent * 1e7 }])), { order: { by: 'sell_price' } });
      const costs = [10, 12, 20];
      const expected = ['A', 'B', 'C'].map((code, at) => ({ code, sell: sells[at] ?? 0, cost: costs[at] ?? 0 })).filter(({ sell, cost }) => cost <= sell)
        .sort((one, other) => one.sell - other.sell || one.cost - other.cost);
      expect(decision.routed ? decision.carriers.map(({ carrier: { carrierCode } }) => carrierCode) : []).toEqual(expected.map(({ code }) => code));
    }));
  });
});

describe('the sell price of the expected call', () => {
  const rate = { ratePerMinNanos: 60_000_000n, connectFeeNanos: 20_000_000n, initialIncrementSec: 60, incrementSec: 60 };
  const minutes = (taxPpm: number) => plainSchedule(rate, { decimals: 2, mode: 'up' }, { ...NO_FURTHER_TERMS, taxPpm });

  it.each<[what: string, sell: Partial<SellRate>, sec: number, expected: string]>([
    ['by the second', {}, 100, 'A:cheapest B:dearer not C:loss'],
    ['rounded as the plan rounds', { ratePerMinNanos: 119_994_000, rounding: { decimals: 4, mode: 'up' } }, 60, 'A:cheapest B:dearer not C:loss'],
    ['to the nano where nothing is said', { ratePerMinNanos: 119_994_000 }, 60, 'A:cheapest not B:loss not C:loss'],
    ['with fee and increments, without tax', { ratePerMinNanos: 60_000_000, schedule: minutes(200_000) }, 61, 'A:cheapest B:dearer not C:loss'],
    ['with fee and increments at their end', { ratePerMinNanos: 60_000_000, schedule: minutes(0) }, 120, 'no_route not A:loss not B:loss not C:loss'],
  ])('is %s', (_, sell, expectedSec, expected) => {
    expect(told(decide(undefined, { expectedSec }, { ratePerMinNanos: 120_000_000, currency: 'EUR', ...sell }))).toBe(expected);
  });
});
