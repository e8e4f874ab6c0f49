import { describe, expect, it } from '@jest/globals';
import { ANY_TIME, UTC } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import type { CarrierFacts } from './carrier-facts.ts';
import { carrier, e164, indexOf, noonUs, type ToldOffer } from './route.fixture.ts';
import { type LiveFacts, route, type RouteDecision, type RouteQuestion } from './route.ts';
import { RoutingPlan } from './routing-plan.ts';
import { LEAST_COST, type RouteOrder, type RoutingPolicy } from './routing-policy.ts';

type Facts = Readonly<Record<string, CarrierFacts>>;
const carriers = [carrier(0, 'A', { priority: 3 }), carrier(1, 'B', { priority: 2 }), carrier(2, 'C', { priority: 1 })];
const factsOf = (facts: Facts): LiveFacts => ({ of: ({ carrierCode }) => facts[carrierCode] ?? {} });
const number = e164('34650123456');

/** `A 34 0.020; B 34650 0.150` */
function offersOf(text: string): ToldOffer[] {
  return text.split(';').map((part) => {
    const [code = '', prefix = '', rate = ''] = part.trim().split(' ');
    return { carrier: code, prefix, rate: rate === 'blocked' ? 'blocked' : Number(rate) };
  });
}

function decide(offers: readonly ToldOffer[], policy: Partial<RoutingPolicy>, facts: Facts = {}, more: Partial<RouteQuestion> = {}): RouteDecision {
  const plan = RoutingPlan.ofTariffBy({ ...LEAST_COST, ...policy });
  return route({ e164: number, atUs: noonUs, plan, ...more }, indexOf(carriers, offers), factsOf(facts));
}

function order(decision: RouteDecision): string {
  return decision.routed ? decision.carriers.map(({ carrier: { carrierCode }, place }) => `${carrierCode}:${place}`).join(' ') : decision.refusal.code;
}
function out(decision: RouteDecision): string {
  return decision.excluded.map(({ carrier: { carrierCode }, why }) => `${carrierCode}:${why.code}`).join(' ');
}

describe('which prefixes count', () => {
  it.each(table<'mode' | 'offers' | 'order' | 'out'>(`
    mode                 offers                                | order                                | out
    longest_overall      A 34 0.02; B 34650 0.15; C 34650 0.14 | C:cheapest B:dearer                  | A:shorter_prefix
    longest_per_carrier  A 34 0.02; B 34650 0.15; C 34650 0.14 | A:cheapest C:dearer B:dearer         | -
    tiered               A 34 0.02; B 34650 0.15; C 34650 0.14 | C:cheapest B:dearer A:shorter_prefix | -
    longest_overall      A 34 0.02; B 34650 blocked            | no_route                             | A:shorter_prefix B:blocked C:no_rate
    tiered               A 34 0.02; B 34650 blocked            | A:cheapest                           | B:blocked C:no_rate
  `))('$mode over $offers', ({ mode, offers, ...told }) => {
    const decision = decide(offersOf(offers), { prefixMode: mode as RoutingPolicy['prefixMode'] });
    expect({ order: order(decision), out: out(decision) }).toEqual(told);
  });

  it('leaves the prefix of a suspended carrier out of account', () => {
    const index = indexOf([carrier(0, 'A'), carrier(1, 'B', { active: false })], offersOf('A 34 0.02; B 34650 0.15'));
    const plan = RoutingPlan.ofTariffBy({ ...LEAST_COST, prefixMode: 'longest_overall' });
    expect(order(route({ e164: number, atUs: noonUs, plan }, index))).toBe('A:cheapest');
  });
});

describe('the order of carriers', () => {
  const offers = offersOf('A 34 0.020; B 34 0.022; C 34 0.030');
  const delta = (deltaNanos: number, deltaPpm = 0): RouteOrder => ({ by: 'least_cost', deltaNanos, deltaPpm });

  it.each<[what: string, by: RouteOrder, facts: Facts, expected: string]>([
    ['least cost', delta(0), {}, 'A:cheapest B:dearer C:dearer'],
    ['least cost, 10 % apart is equal', delta(0, 100_000), {}, 'B:preferred A:less_preferred C:dearer'],
    ['least cost, 0.002 apart is equal', delta(2_000_000), {}, 'B:preferred A:less_preferred C:dearer'],
    ['least cost, just less than 0.002', delta(1_999_999), {}, 'A:cheapest B:dearer C:dearer'],
    ['least cost, 0.01 apart is equal', delta(10_000_000), {}, 'C:preferred B:less_preferred A:less_preferred'],
    ['priority', { by: 'priority' }, {}, 'C:highest_priority B:less_preferred A:less_preferred'],
    ['sell price', { by: 'sell_price' }, { A: { sellPriceNanos: 300_000_000 }, B: { sellPriceNanos: 200_000_000 }, C: { sellPriceNanos: 200_000_000 } },
      'B:cheapest_to_customer C:dearer A:dearer_to_customer'],
    ['quality', { by: 'quality' }, { A: { quality: { asr: 0.4, acdSec: 100, pddMs: 900, attemptCount: 9 } }, C: { quality: { asr: 0.6, acdSec: 100, pddMs: 900, attemptCount: 9 } } },
      'C:best_quality A:lower_asr B:lower_asr'],
    ['quality, then its further measures', { by: 'quality' }, {
      A: { quality: { asr: 0.4, acdSec: 100, pddMs: 900, attemptCount: 9 } }, B: { quality: { asr: 0.4, acdSec: 90, pddMs: 100, attemptCount: 9 } },
      C: { quality: { asr: 0.4, acdSec: 100, pddMs: 800, attemptCount: 9 } },
    }, 'C:best_quality A:longer_pdd B:lower_acd'],
    ['weights, 0 last', { by: 'weights', seed: 1 }, { A: { weight: 0 }, B: { weight: 0 }, C: { weight: 1 } }, 'C:drawn A:drawn_later B:dearer'],
  ])('by %s', (_, by, facts, expected) => {
    expect(order(decide(offers, { order: by }, facts))).toBe(expected);
  });

  it.each<[what: string, policy: Partial<RoutingPolicy>, offers: string, expected: string]>([
    ['a shorter prefix, in tiers', { prefixMode: 'tiered' }, 'A 34 0.0100; B 346 0.0104; C 346 0.0107', 'C:preferred B:less_preferred A:shorter_prefix'],
    ['a static route', { staticRoutes: [{ prefix: '34', carrierCodes: ['A'], exclusive: false }] }, 'A 34 0.0100; B 34 0.0104; C 34 0.0107',
      'A:static_route C:after_static_route B:less_preferred'],
  ])('measures a delta from the cheapest of those that compete, whatever the price by %s', (_, policy, told, expected) => {
    expect(order(decide(offersOf(told), { order: delta(0, 50_000), ...policy }))).toBe(expected);
  });

  it('measures a delta to the nano, however little the currency is worth', () => {
    const sixteenth = delta(0, 62_500);
    expect(order(decide(offersOf('A 34 900000.000000016; B 34 956250.000000017'), { order: sixteenth }))).toBe('B:preferred A:less_preferred');
    expect(order(decide(offersOf('A 34 900000.000000016; B 34 956250.000000018'), { order: sixteenth }))).toBe('A:cheapest B:dearer');
  });

  it('is by the metric of the carrier plan before the carrier\'s priority', () => {
    const planned = [{ carrier: 'A', prefix: '34', rate: 0.03, carrierPlanId: 1 }, { carrier: 'C', prefix: '34', rate: 0.01, carrierPlanId: 2 }];
    const policy: RoutingPolicy = { ...LEAST_COST, order: { by: 'priority' }, metrics: new Map([[1, 1], [2, 5]]) };
    const plan = RoutingPlan.ofVoipPlan([1, 2], [], policy);
    expect(order(route({ e164: number, atUs: noonUs, plan }, indexOf(carriers, planned)))).toBe('A:highest_priority C:higher_metric');
  });

  it('compares what the expected call costs, not the rate', () => {
    const rated: ToldOffer[] = [
      { carrier: 'A', prefix: '34', rate: 0.02, charges: { initialIncrementSec: 60, incrementSec: 60 } },
      { carrier: 'B', prefix: '34', rate: 0.03 },
      { carrier: 'C', prefix: '34', rate: 0.01, charges: { connectFeeNanos: 20_000_000 } },
    ];
    expect([20, 60, 61, 600].map((expectedSec) => order(decide(rated, { expectedSec })))).toEqual([
      'B:cheapest A:dearer C:dearer', 'A:cheapest C:dearer B:lower_priority',
      'C:cheapest B:dearer A:dearer', 'C:cheapest A:dearer B:dearer',
    ]);
  });

  it('draws shares by weight from the call id: reproducible, three quarters to one', () => {
    const policy: Partial<RoutingPolicy> = { order: { by: 'weights', seed: 1 } };
    const firsts = () => Array.from({ length: 1000 }, (_, call) => order(decide(offersOf('A 34 0.02; B 34 0.02'), policy, { A: { weight: 3 } }, { callId: `call-${call}` })).slice(0, 1));
    const drawn = firsts();
    expect(firsts()).toEqual(drawn);
    const share = drawn.filter((first) => first === 'A').length / 1000;
    expect(Math.abs(share - 0.75)).toBeLessThan(0.05);
  });
});

describe('static routes', () => {
  const offers = offersOf('A 34 0.020; B 34 0.022; C 34 0.030');
  const told = (staticRoutes: RoutingPolicy['staticRoutes']) => {
    const decision = decide(offers, { staticRoutes });
    return `${order(decision)} | ${out(decision)}`;
  };

  it.each<[what: string, routes: RoutingPolicy['staticRoutes'], expected: string]>([
    ['goes first, the others fall back', [{ prefix: '34', carrierCodes: ['C', 'B'], exclusive: false }], 'C:static_route B:after_static_route A:after_static_route | '],
    ['keeps others out where it is exclusive', [{ prefix: '34', carrierCodes: ['B'], exclusive: true }], 'B:static_route | A:not_in_exclusive_route C:not_in_exclusive_route'],
    ['counts by the longest prefix', [{ prefix: '34', carrierCodes: ['B'], exclusive: true }, { prefix: '346', carrierCodes: ['C'], exclusive: false }],
      'C:static_route A:after_static_route B:dearer | '],
    ['says nothing of other numbers', [{ prefix: '44', carrierCodes: ['B'], exclusive: true }], 'A:cheapest B:dearer C:dearer | '],
    ['leads nowhere over carriers without a rate', [{ prefix: '34', carrierCodes: ['Z'], exclusive: true }],
      'no_route | A:not_in_exclusive_route B:not_in_exclusive_route C:not_in_exclusive_route'],
  ])('%s', (_, routes, expected) => {
    expect(told(routes)).toBe(expected);
  });
});

describe('what takes a carrier out', () => {
  const offers = offersOf('A 34 0.01; B 34 0.02');
  const measured = { asr: 0.3, acdSec: 50, pddMs: 4000, attemptCount: 100 };
  const limits = { asrMin: undefined, acdSecMin: undefined, pddMsMax: undefined, attemptCountMin: 1 };
  const night = { ...ANY_TIME, fromSec: 20 * 3600, untilSec: 6 * 3600 };

  it.each<[what: string, facts: CarrierFacts, more: Partial<RouteQuestion>, why: object | undefined]>([
    ['ASR under its limit', { quality: measured, qualityLimits: { ...limits, asrMin: 0.4 } }, {},
      { code: 'quality_locked', below: { measure: 'asr', measured: 0.3, limit: 0.4 }, retryAtUs: undefined }],
    ['ASR at its limit', { quality: measured, qualityLimits: { ...limits, asrMin: 0.3 } }, {}, undefined],
    ['ACD under its limit', { quality: measured, qualityLimits: { ...limits, acdSecMin: 51 } }, {}, { code: 'quality_locked' }],
    ['PDD over its limit', { quality: measured, qualityLimits: { ...limits, pddMsMax: 3999 } }, {}, { code: 'quality_locked' }],
    ['too few attempts to judge', { quality: measured, qualityLimits: { ...limits, asrMin: 0.4, attemptCountMin: 101 } }, {}, undefined],
    ['a lock that holds', { lockedUntilUs: noonUs + 1 }, {}, { code: 'quality_locked', retryAtUs: noonUs + 1 }],
    ['a lock that is over', { lockedUntilUs: noonUs, quality: measured, qualityLimits: { ...limits, asrMin: 0.4 } }, {}, undefined],
    ['all lines busy', { concurrentCalls: { inUse: 10, max: 10 } }, {}, { code: 'at_capacity', of: 'concurrent_calls' }],
    ['one line free', { concurrentCalls: { inUse: 9, max: 10 } }, {}, undefined],
    ['too many calls this second', { callsPerSec: { inUse: 5, max: 5 } }, {}, { code: 'at_capacity', of: 'calls_per_sec' }],
    ['no balance', { balanceNanos: 0n }, {}, { code: 'balance_used_up' }],
    ['some balance', { balanceNanos: 1n }, {}, undefined],
    ['hours that are over', { hours: { windows: [night], zone: UTC } }, { atUs: noonUs }, undefined],
    ['hours that have not begun', { hours: { windows: [{ ...night, fromSec: 23 * 3600 }], zone: UTC } }, {}, { code: 'outside_hours' }],
    ['another account', { onlyAccounts: new Set(['x']) }, { account: 'y' }, { code: 'not_for_account', account: 'y' }],
    ['its own account', { onlyAccounts: new Set(['x']) }, { account: 'x' }, undefined],
    ['an account that it does not take', { notAccounts: new Set(['x']) }, { account: 'x' }, { code: 'not_for_account' }],
    ['no common codec', { codecs: ['G729'] }, { codecs: ['PCMA', 'opus'] }, { code: 'codec_mismatch', takes: ['G729'] }],
    ['a common codec', { codecs: ['G729', 'opus'] }, { codecs: ['PCMA', 'opus'] }, undefined],
    ['a common codec in other letters (RFC 4855)', { codecs: ['g729', 'Opus'] }, { codecs: ['PCMA', 'opus'] }, undefined],
    ['codecs that nobody told', { codecs: ['G729'] }, {}, undefined],
    ['too weak an attestation', { attestationMin: 'B' }, { attestation: 'C' }, { code: 'attestation_mismatch' }],
    ['an attestation that suffices', { attestationMin: 'B' }, { attestation: 'B' }, undefined],
  ])('%s', (_, facts, more, why) => {
    const decision = decide(offers, {}, { A: facts }, more);
    const excluded = decision.excluded.find(({ carrier: { carrierCode } }) => carrierCode === 'A')?.why;
    if (why === undefined) expect(excluded).toBeUndefined();
    else expect(excluded).toMatchObject(why);
  });

  it.each(table(`
    sell    loss  ppm     nanos     | order              out
    0.01    no    0       0         | A:cheapest         B:loss
    0.015   yes   0       0         | A:cheapest,B:dearer  -
    0.02    no    0       0         | A:cheapest,B:dearer  -
    0.02    no    1       0         | A:cheapest         B:margin_below_minimum
    0.0125  no    200000  0         | A:cheapest         B:loss
    0.0125  no    200001  0         | no_route           A:margin_below_minimum,B:loss
    0.02    no    0       10000000  | A:cheapest         B:margin_below_minimum
    0.02    no    0       10000001  | no_route           A:margin_below_minimum,B:margin_below_minimum
    0.015   yes   0       5000000   | A:cheapest         B:margin_below_minimum
    0.005   yes   1       0         | no_route           A:margin_below_minimum,B:margin_below_minimum
  `))('sold at $sell, losses allowed: $loss, margin of $ppm ppm and $nanos nanos wanted', ({ sell, loss, ppm, nanos, order: expected, out: excluded = '' }) => {
    const policy = { lossAllowed: loss === 'yes', marginPpmMin: Number(ppm), marginNanosMin: Number(nanos) };
    const decision = decide(offers, policy, {}, { sell: { ratePerMinNanos: Math.round(Number(sell) * 1e9), currency: 'EUR' } });
    expect([order(decision).replaceAll(' ', ','), out(decision).replace(/ ?C:no_rate/, '').replaceAll(' ', ',')]).toEqual([expected, excluded]);
  });
});

describe('the destination rate limit', () => {
  const limited = (ratePerMin: number, sales?: RouteQuestion['sales'], policy: Partial<RoutingPolicy> = { sellRateMaxNanos: 100_000_000 }) => {
    const sell = { ratePerMinNanos: Math.round(ratePerMin * 1e9), currency: 'EUR' };
    return decide(offersOf('A 34 0.01'), policy, {}, { sell, ...(sales === undefined ? {} : { sales }) });
  };

  it('refuses a call that sells for more a minute, before any carrier; one at the limit goes on', () => {
    expect(limited(0.11)).toEqual({ routed: false, refusal: { code: 'sell_rate_above_limit', ratePerMinNanos: 110_000_000, limitNanos: 100_000_000 }, excluded: [] });
    expect([order(limited(0.1)), order(limited(0.11, undefined, {}))]).toEqual(['A:cheapest', 'A:cheapest']);
    expect([order(limited(0, undefined, { sellRateMaxNanos: 0, lossAllowed: true })), order(limited(0.01, undefined, { sellRateMaxNanos: 0 }))]).toEqual(['A:cheapest', 'sell_rate_above_limit']);
  });

  it('goes by the dearest sale where a plan sells by the carrier, and by nothing where no price is told', () => {
    const over = (ratePerMinNanos: number) => new Map([['A', { ratePerMinNanos }], ['', undefined]]);
    expect([order(limited(0.05, over(100_000_001))), order(limited(0.05, over(100_000_000)))]).toEqual(['sell_rate_above_limit', 'A:cheapest']);
    expect(order(decide(offersOf('A 34 0.01'), { sellRateMaxNanos: 0 }))).toBe('A:cheapest');
  });

  it('comes after bans', () => {
    const plan = RoutingPlan.ofTariffBy({ ...LEAST_COST, sellRateMaxNanos: 0 }, [{ prefix: '34', banPlanId: 1 }]);
    expect(order(decide([], {}, {}, { plan, sell: { ratePerMinNanos: 1, currency: 'EUR' } }))).toBe('destination_banned');
  });
});

describe('any policy', () => {
  const offer = fc.record<ToldOffer>({
    carrier: fc.constantFrom('A', 'B', 'C'),
    prefix: fc.constantFrom('3', '34', '346', '3465'),
    rate: fc.oneof(fc.constant('blocked' as const), fc.integer({ min: 0, max: 4 })),
  });
  const orders = fc.oneof(
    fc.record({ by: fc.constant('least_cost' as const), deltaNanos: fc.constantFrom(0, 1e9), deltaPpm: fc.constantFrom(0, 500_000) }),
    fc.constantFrom<RouteOrder>({ by: 'priority' }, { by: 'sell_price' }, { by: 'quality' }, { by: 'weights', seed: 7 }),
  );
  const policies = fc.record({
    order: orders, prefixMode: fc.constantFrom<RoutingPolicy['prefixMode']>('longest_overall', 'longest_per_carrier', 'tiered'),
    staticRoutes: fc.constantFrom<RoutingPolicy['staticRoutes']>([], [{ prefix: '34', carrierCodes: ['C'], exclusive: false }], [{ prefix: '34', carrierCodes: ['C'], exclusive: true }]),
  });
  const facts: Facts = { A: { weight: 2, quality: { asr: 0.5, acdSec: undefined, pddMs: 10, attemptCount: 1 } }, B: { sellPriceNanos: 3_000_000_000 } };

  it('gives each carrier one place, in the list or out of it, and the same answer again', () => {
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 12 }), policies, fc.string(), (offers, policy, callId) => {
        const decision = decide(offers, policy, facts, { callId });
        const places = [...(decision.routed ? decision.carriers : []), ...decision.excluded].map((each) => each.carrier.carrierCode);
        expect(places.toSorted()).toEqual(['A', 'B', 'C']);
        expect(order(decide(offers, policy, facts, { callId }))).toBe(order(decision));
      }),
    );
  });
});
