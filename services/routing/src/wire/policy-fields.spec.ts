import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { RoutingPolicySchema, SellPlanRefSchema } from '@tollwire/contracts';
import { table } from '@tollwire/testing';
import { planKeyOf, planOfKey, policyFields, policyMessage } from './policy-fields.ts';

const read = (policy: MessageInitShape<typeof RoutingPolicySchema>) => policyFields(create(RoutingPolicySchema, policy));

describe('a routing policy in messages', () => {
  it('is least cost of a minute where nothing is said', () => {
    expect(read({})).toEqual({
      ok: true,
      value: {
        prefixMode: 'longest_per_carrier', order: { by: 'least_cost', deltaNanos: 0, deltaPpm: 0 }, expectedSec: 60, lossAllowed: false, marginPpmMin: 0,
        marginNanosMin: 0, staticRoutes: [], metrics: [], weights: [],
      },
    });
  });

  it.each<[what: string, policy: MessageInitShape<typeof RoutingPolicySchema>]>([
    ['least cost with a delta', { prefixMode: 'tiered', order: 'least_cost', deltaNanos: 5n, deltaPpm: 6, expectedSec: 90, lossAllowed: true }],
    ['weights', { order: 'weights', seed: 7, weights: [{ carrierCode: 'A', weight: 3 }] }],
    ['priority', { order: 'priority', metrics: [{ carrierPlanId: 2, metric: 1 }], marginPpmMin: 8, marginMinNanos: 9n }],
    ['which answers go on', { order: 'least_cost', failover: { q850: [34, 38], sipGoesOn: [480], sipStops: [503] } }],
    ['a destination rate limit', { sellRateMaxNanos: 100_000_000n }],
    ['a limit of nothing', { sellRateMaxNanos: 0n }],
    ['by sell price', { order: 'sell_price', expectedSec: 30 }],
    ['static routes', { staticRoutes: [{ prefix: '34', carrierCodes: ['A', 'B'], exclusive: true }] }],
  ])('comes out as it went in: %s', (_, policy) => {
    const terms = read(policy);
    const again = terms.ok ? read(policyMessage(terms.value)) : undefined;
    expect(again).toEqual(terms);
    expect(terms.ok && policyMessage(terms.value)).toMatchObject(policy);
  });

  it.each<[field: string, code: string, policy: MessageInitShape<typeof RoutingPolicySchema>]>([
    ['policy.order', 'field_malformed', { order: 'cheapest' }],
    ['policy.order', 'field_malformed', { order: 'weights', deltaPpm: 1 }],
    ['policy.order', 'field_malformed', { weights: [{ carrierCode: 'A', weight: 3 }] }],
    ['policy.order', 'field_malformed', { order: 'priority', seed: 7 }],
    ['policy.order', 'field_malformed', { order: 'weights', metrics: [{ carrierPlanId: 2, metric: 1 }] }],
    ['policy.prefixMode', 'field_malformed', { prefixMode: 'shortest' }],
    ['policy.failover.q850', 'field_out_of_range', { failover: { q850: [1000] } }],
    ['policy.failover.sipStops', 'field_out_of_range', { failover: { sipStops: [200] } }],
    ['policy.failover.sipGoesOn', 'too_many_items', { failover: { sipGoesOn: Array.from({ length: 201 }, () => 503) } }],
    ['policy.expectedSec', 'field_out_of_range', { expectedSec: 86_401 }],
    ['policy.deltaPpm', 'field_out_of_range', { deltaPpm: 1_000_001 }],
    ['policy.deltaNanos', 'field_out_of_range', { deltaNanos: -1n }],
    ['policy.marginMinNanos', 'field_out_of_range', { marginMinNanos: 2n ** 53n }],
    ['policy.sellRateMaxNanos', 'field_out_of_range', { sellRateMaxNanos: -1n }],
    ['policy.weights', 'too_many_items', { order: 'weights', weights: Array.from({ length: 1001 }, () => ({ carrierCode: 'A', weight: 1 })) }],
    ['policy.staticRoutes[0].prefix', 'field_malformed', { staticRoutes: [{ prefix: '034', carrierCodes: ['A'] }] }],
    ['policy.staticRoutes[0].carrierCodes', 'field_malformed', { staticRoutes: [{ prefix: '34' }] }],
  ])('is refused at %s with %s', (field, code, policy) => {
    expect(read(policy)).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it.each<[what: string, field: string, policy: MessageInitShape<typeof RoutingPolicySchema>, facts: object]>([
    [
      'the metric of a carrier plan', 'policy.metrics[2].carrierPlanId',
      { order: 'priority', metrics: [{ carrierPlanId: 2, metric: 1 }, { carrierPlanId: 3 }, { carrierPlanId: 2, metric: 5 }] }, { carrierPlanId: '2' },
    ],
    [
      'the weight of a carrier, even the same', 'policy.weights[1].carrierCode',
      { order: 'weights', weights: [{ carrierCode: 'A', weight: 1 }, { carrierCode: 'A', weight: 1 }] }, { carrierCode: 'A' },
    ],
    ['a carrier of a static route', 'policy.staticRoutes[0].carrierCodes[1]', { staticRoutes: [{ prefix: '34', carrierCodes: ['A', 'A'] }] }, { carrierCode: 'A' }],
    ['a static route', 'policy.staticRoutes[1].prefix', { staticRoutes: [{ prefix: '34', carrierCodes: ['A'] }, { prefix: '34', carrierCodes: ['B'] }] }, { prefix: '34' }],
  ])('is refused with %s given twice, and names it', (_what, field, policy, facts) => {
    expect(read(policy)).toMatchObject({ ok: false, refusal: { code: 'conflict', field, facts, detail: expect.stringContaining('given twice') } });
  });

  it.each(table<'policy' | 'order' | 'detail'>(`
    policy  | order       | detail
    delta   | least_cost  | Give least_cost where there is a delta; no other order looks at that
    metrics | priority    | Give priority where carrier plans have metrics; no other order looks at that
    weights | weights     | Give weights where carriers have weights; no other order looks at that
    seed    | weights     | Give weights where there is a seed; no other order looks at that
  `))('has $policy in the order $order alone: in every other they would do nothing', ({ policy, order, detail }) => {
    const terms: Readonly<Record<string, MessageInitShape<typeof RoutingPolicySchema>>> = {
      delta: { deltaNanos: 5n }, metrics: { metrics: [{ carrierPlanId: 2, metric: 1 }] }, weights: { weights: [{ carrierCode: 'A', weight: 3 }] }, seed: { seed: 7 },
    };
    for (const each of ['least_cost', 'priority', 'sell_price', 'quality', 'weights']) {
      const answer = read({ ...terms[policy], order: each });
      expect(answer).toMatchObject(each === order ? { ok: true } : { ok: false, refusal: { field: 'policy.order', detail } });
    }
  });

  it('is kept under its plan', () => {
    const plans = [{ case: 'tariffId' as const, value: 3 }, { case: 'voipPlanId' as const, value: 7 }].map((plan) => create(SellPlanRefSchema, { plan }));
    expect(plans.map(planKeyOf)).toEqual(['tariff:3', 'voip_plan:7']);
    expect(plans.map((plan) => planOfKey(planKeyOf(plan) ?? ''))).toMatchObject(plans.map(({ plan }) => ({ plan })));
    expect([undefined, create(SellPlanRefSchema, {}), create(SellPlanRefSchema, { plan: { case: 'tariffId', value: 0 } })].map(planKeyOf)).toEqual([undefined, undefined, undefined]);
  });
});
