import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { numberForCarrier } from './carriers.ts';
import { carrier, e164, indexOf, noonUs, type ToldOffer } from './route.fixture.ts';
import { route, type RouteDecision } from './route.ts';
import { RoutingPlan } from './routing-plan.ts';

/** `A 34 0.020; B 34650 blocked` */
function offersOf(text: string): ToldOffer[] {
  return text.split(';').filter((part) => part.trim() !== '').map((part) => {
    const [code = '', prefix = '', rate = ''] = part.trim().split(' ');
    return { carrier: code, prefix, rate: rate === 'blocked' ? 'blocked' : Number(rate) };
  });
}

function told(decision: RouteDecision): { order: string; out: string } {
  const order = decision.routed
    ? decision.carriers.map(({ carrier: { carrierCode }, place }) => `${carrierCode}:${place}`)
    : [decision.refusal.code];
  return { order: order.join(' '), out: decision.excluded.map(({ carrier: { carrierCode }, why }) => `${carrierCode}:${why.code}`).join(' ') };
}

const carriers = [carrier(0, 'A'), carrier(1, 'B'), carrier(2, 'C')];

describe('route', () => {
  // Each row is one question about 34650123456 for a card, sold at `sell` per minute where that is given.
  it.each(table(`
    offers                                       sell  | order                                     | out
    A 34 0.020; B 34650 0.150; C 34650 0.140     0.18  | A:cheapest C:dearer B:dearer              | -
    A 34 0.020                                   -     | A:cheapest                                | B:no_rate C:no_rate
    A 34 0.02; B 34 0.02; C 34 0.02              -     | A:cheapest B:tie_break C:tie_break        | -
    A 34 0.11; B 34 0.10; C 34 0.08              0.10  | C:cheapest B:dearer                       | A:loss
    A 34 0.02; A 34650 blocked; B 34 0.05        -     | B:cheapest                                | A:blocked C:no_rate
    A 34650 0.09; A 34 0.02; B 34 0.05           -     | B:cheapest A:dearer                       | C:no_rate
    A 3 0; B 34 0.01                             0     | A:cheapest                                | B:loss C:no_rate
    A 44 0.01; B 91 0.01                         -     | no_route                                  | A:no_rate B:no_rate C:no_rate
    -                                            -     | no_route                                  | A:no_rate B:no_rate C:no_rate
  `))('ranks $offers sold at $sell as $order', ({ offers = '', sell = '', order, out }) => {
    const index = indexOf(carriers, offersOf(offers));
    const rate = sell === '' ? {} : { sell: { ratePerMinNanos: Number(sell) * 1e9, currency: 'EUR' } };
    expect(told(route({ e164: e164('34650123456'), atUs: noonUs, plan: RoutingPlan.ofTariff, ...rate }, index))).toEqual({ order, out });
  });

  it('matches a country code of one digit', () => {
    const index = indexOf([carrier(0, 'A')], offersOf('A 1 0.01'));
    expect(told(route({ e164: e164('12125550100'), atUs: noonUs, plan: RoutingPlan.ofTariff }, index)).order).toBe('A:cheapest');
  });

  it('says by which prefix, price and deck a carrier is in its place', () => {
    const index = indexOf(carriers, offersOf('A 34 0.02; A 34650 0.03'));
    const decision = route({ e164: e164('34650123456'), atUs: noonUs, plan: RoutingPlan.ofTariff }, index);
    expect(decision).toMatchObject({
      routed: true,
      carriers: [{ prefix: '34650', ratePerMinNanos: 30_000_000, currency: 'EUR', deckDigest: 'deck-A', place: 'cheapest' }],
    });
  });

  it('takes rates that are valid at the instant, from inclusive, until exclusive', () => {
    const index = indexOf([carrier(0, 'A')], [
      { carrier: 'A', prefix: '34', rate: 0.5, untilUs: noonUs },
      { carrier: 'A', prefix: '34', rate: 0.7, fromUs: noonUs, untilUs: noonUs + 1 },
      { carrier: 'A', prefix: '34', rate: 0.1, fromUs: noonUs + 1 },
    ]);
    const decision = route({ e164: e164('34650123456'), atUs: noonUs, plan: RoutingPlan.ofTariff }, index);
    expect(decision).toMatchObject({ carriers: [{ ratePerMinNanos: 700_000_000 }] });
  });

  it('lets priority decide between equal prices', () => {
    const index = indexOf([carrier(0, 'A', { priority: 2 }), carrier(1, 'B', { priority: 1 })], offersOf('A 34 0.02; B 34 0.02'));
    expect(told(route({ e164: e164('34650123456'), atUs: noonUs, plan: RoutingPlan.ofTariff }, index)).order).toBe('B:cheapest A:lower_priority');
  });

  it('leaves out a suspended carrier, and one whose price is in another currency than the sale', () => {
    const index = indexOf([carrier(0, 'A', { active: false }), carrier(1, 'B')], [
      { carrier: 'A', prefix: '34', rate: 0.01 },
      { carrier: 'B', prefix: '34', rate: 0.01, currency: 'USD' },
    ]);
    const sell = { ratePerMinNanos: 1e9, currency: 'EUR' };
    expect(told(route({ e164: e164('34650123456'), atUs: noonUs, plan: RoutingPlan.ofTariff, sell }, index))).toEqual({
      order: 'no_route',
      out: 'A:suspended B:currency_mismatch',
    });
  });

  it('routes an account over the carrier plans of its voip_plan only', () => {
    const index = indexOf(carriers, [
      { carrier: 'A', prefix: '34', rate: 0.01, carrierPlanId: 1 },
      { carrier: 'B', prefix: '34', rate: 0.02, carrierPlanId: 2 },
      { carrier: 'B', prefix: '34650', rate: 0.001, carrierPlanId: 1 },
      { carrier: 'C', prefix: '34', rate: 0.03 },
    ]);
    const plan = RoutingPlan.ofVoipPlan([2], []);
    expect(told(route({ e164: e164('34650123456'), atUs: noonUs, plan }, index))).toEqual({ order: 'B:cheapest', out: 'A:not_in_plan C:not_in_plan' });
  });

  it('refuses a banned prefix before any carrier is looked at, by the longest ban', () => {
    const index = indexOf([carrier(0, 'A')], offersOf('A 34 0.02'));
    const plan = RoutingPlan.ofVoipPlan([], [{ prefix: '34', banPlanId: 1 }, { prefix: '3480', banPlanId: 2 }]);
    expect(route({ e164: e164('34803123456'), atUs: noonUs, plan }, index)).toEqual({
      routed: false,
      refusal: { code: 'destination_banned', prefix: '3480', banPlanId: 2 },
      excluded: [],
    });
  });
});

describe('the number that a carrier wants', () => {
  it.each(table(`
    strip | add  | wanted
    0     | -    | 34650123456
    2     | -    | 650123456
    0     | 9#   | 9#34650123456
    2     | 00   | 00650123456
  `))('strips $strip and adds "$add"', ({ strip, add = '', wanted }) => {
    expect(numberForCarrier('34650123456', { stripDigits: Number(strip), addPrefix: add })).toBe(wanted);
  });
});
