import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { CarrierFacts } from './carrier-facts.ts';
import { carrier, e164, indexOf, noonUs, type ToldOffer } from './route.fixture.ts';
import { route } from './route.ts';
import { RoutingPlan } from './routing-plan.ts';
import { LEAST_COST, type RouteOrder, type RoutingPolicy } from './routing-policy.ts';

const codes = ['A', 'B', 'C', 'D', 'E'];
const carriers = codes.map((code, number) => carrier(number, code, { priority: number % 2, active: code !== 'E' }));
const facts: Readonly<Record<string, CarrierFacts>> = {
  A: { quality: { asr: 0.5, acdSec: 60, pddMs: 900, attemptCount: 9 } }, B: { quality: { asr: 0.5, acdSec: 90, pddMs: 900, attemptCount: 9 }, sellPriceNanos: 9_000_000_000 },
  C: { concurrentCalls: { inUse: 1, max: 1 } }, D: { quality: { asr: 0.9, acdSec: 10, pddMs: undefined, attemptCount: 9 }, sellPriceNanos: 4_000_000_000 },
};

const offers = fc.array(
  fc.record<ToldOffer>({
    carrier: fc.constantFrom(...codes),
    prefix: fc.stringMatching(/^[1-2][1-2]{0,4}$/),
    rate: fc.oneof({ arbitrary: fc.constant('blocked' as const), weight: 1 }, { arbitrary: fc.integer({ min: 0, max: 6 }), weight: 6 }),
    fromUs: fc.constantFrom(0, noonUs + 1),
    untilUs: fc.constantFrom(noonUs, Infinity, Infinity),
  }),
  { maxLength: 40 },
);
const orders = fc.oneof(
  fc.record({ by: fc.constant('least_cost' as const), deltaNanos: fc.constantFrom(0, 1e9, 2e9), deltaPpm: fc.constantFrom(0, 500_000) }),
  fc.constantFrom<RouteOrder>({ by: 'priority' }, { by: 'sell_price' }, { by: 'quality' }),
);
const policies = fc.record({
  order: orders,
  prefixMode: fc.constantFrom<RoutingPolicy['prefixMode']>('longest_overall', 'longest_per_carrier', 'tiered'),
  lossAllowed: fc.boolean(),
  marginNanosMin: fc.constantFrom(0, 2e9),
  staticRoutes: fc.constantFrom<RoutingPolicy['staticRoutes']>([], [{ prefix: '12', carrierCodes: ['D', 'A'], exclusive: false }], [{ prefix: '1', carrierCodes: ['B', 'A'], exclusive: true }]),
});
type Policy = ReturnType<typeof policies.generate>['value'];

interface Found {
  readonly code: string;
  readonly length: number;
  readonly rate: number | 'blocked';
}

/** Each carrier's longest valid prefix, and of its rates there the last one, by looking at every offer. */
function bestOf(digits: string, all: readonly ToldOffer[]): Found[] {
  return codes.filter((code) => code !== 'E').flatMap((code) => {
    const valid = all.filter(({ carrier: by, prefix, fromUs = 0, untilUs = Infinity }) => by === code && digits.startsWith(prefix) && fromUs <= noonUs && noonUs < untilUs);
    const length = Math.max(0, ...valid.map(({ prefix }) => prefix.length));
    const last = valid.findLast(({ prefix }) => prefix.length === length);
    return last === undefined ? [] : [{ code, length, rate: last.rate }];
  });
}

/** The order that the policy's words say, one measure after another, over every pair. */
function slowRoute(digits: string, all: readonly ToldOffer[], policy: Policy, sell: number): string[] {
  const found = bestOf(digits, all);
  const longest = Math.max(0, ...found.map(({ length }) => length));
  const routes = policy.staticRoutes.filter(({ prefix }) => digits.startsWith(prefix));
  const left = found.flatMap(({ code, length, rate }) => {
    const sells = (facts[code]?.sellPriceNanos ?? sell * 1e9) / 1e9;
    const place = routes[0]?.carrierCodes.indexOf(code) ?? -1;
    const isOut = rate === 'blocked' || code === 'C' || (policy.prefixMode === 'longest_overall' && length < longest) || (routes[0]?.exclusive === true && place < 0);
    if (isOut) return [];
    if (rate > sells && !policy.lossAllowed) return [];
    return policy.marginNanosMin > 0 && sells - rate < policy.marginNanosMin / 1e9 ? [] : [{ code, length, rate, sells, place: place < 0 ? 99 : place }];
  });
  const rivalOf = ({ length, place }: { readonly length: number; readonly place: number }) => `${place} ${policy.prefixMode === 'tiered' ? length : ''}`;
  const groups = new Map([...Map.groupBy(left, rivalOf)].map(([rivals, all_]) => [rivals, groupsOf(all_.map(({ rate }) => rate), policy.order)]));
  const measures = left.map(({ code, length, rate, sells, place }) => {
    const { asr = -1, acdSec = -1, pddMs = Infinity } = facts[code]?.quality ?? {};
    const priority = codes.indexOf(code) % 2;
    const byOrder = {
      least_cost: [groups.get(rivalOf({ length, place }))?.get(rate) ?? 0, ...(hasDelta(policy.order) ? [priority, rate] : [rate, priority])],
      priority: [priority, rate], sell_price: [sells, rate, priority], quality: [-asr, -acdSec, pddMs, rate, priority], weights: [],
    };
    return { code, key: [place, policy.prefixMode === 'tiered' ? -length : 0, ...byOrder[policy.order.by], codes.indexOf(code)] };
  });
  return measures.toSorted((one, other) => one.key.map((value, at) => (value === other.key[at] ? 0 : value < (other.key[at] ?? 0) ? -1 : 1)).find((sign) => sign !== 0) ?? 0).map(({ code }) => code);
}

function hasDelta(order: RouteOrder): boolean {
  return order.by === 'least_cost' && (order.deltaNanos > 0 || order.deltaPpm > 0);
}

/** By price, the first price of its group: a price is of the group before where it is within the delta of that one's first. */
function groupsOf(prices: readonly number[], order: RouteOrder): Map<number, number> {
  const groups = new Map<number, number>();
  if (order.by !== 'least_cost') return groups;
  let first = -Infinity;
  for (const price of prices.toSorted((one, other) => one - other)) {
    const delta = Math.max(order.deltaNanos / 1e9, (first * order.deltaPpm) / 1e6);
    if (first === -Infinity || price > first + delta) first = price;
    groups.set(price, first);
  }
  return groups;
}

describe('any decision', () => {
  it('is what an exhaustive search by the words of its policy answers', () => {
    fc.assert(
      fc.property(offers, policies, fc.stringMatching(/^[1-2]{5,8}$/), fc.integer({ min: 0, max: 8 }), (all, policy, digits, sell) => {
        const plan = RoutingPlan.ofTariffBy({ ...LEAST_COST, ...policy });
        const question = { e164: e164(digits), atUs: noonUs, plan, sell: { ratePerMinNanos: sell * 1e9, currency: 'EUR' } };
        const decision = route(question, indexOf(carriers, all), { of: ({ carrierCode }) => facts[carrierCode] ?? {} });
        expect(decision.routed ? decision.carriers.map((each) => each.carrier.carrierCode) : []).toEqual(slowRoute(digits, all, policy, sell));
      }),
      { numRuns: 1_000 },
    );
  });
});
