import { describe, expect, it } from '@jest/globals';
import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { type DeckChunk, DeckChunkSchema, DeckKind, ExchangeRateSetSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { instantUs } from '@tollwire/core';
import type { DeckInForce, ReplicaState } from '@tollwire/rate-decks';
import { ANY_TIME } from '@tollwire/telecom';
import type { Carrier } from '../domain/carriers.ts';
import { carrier, e164, noonUs } from '../domain/route.fixture.ts';
import type { SourceDeck } from '../domain/source.ts';
import { NO_LIMITS, type ProviderLimits } from '../domain/provider-limits.ts';
import { LEAST_COST, type RoutingPolicy } from '../domain/routing-policy.ts';
import { type LiveQuestion, LiveRouter } from './live-router.ts';
import type { PolicySince } from './load-carriers.ts';

/** Offers as `34=0.02`, at nanos per minute times 10⁹. */
function chunkOf(offers: string): DeckChunk {
  const pairs = offers.split(' ').map((pair) => pair.split('='));
  const none = pairs.map(() => 0n);
  return create(DeckChunkSchema, {
    prefix: pairs.map(([prefix = '']) => prefix), ratePerMinNanos: pairs.map(([, rate]) => BigInt(Math.round(Number(rate) * 1e9))),
    validFromUs: none, validUntilUs: none,
  });
}

function deck(carrierCode: string, ownerId: number, change: Partial<DeckInForce> = {}): DeckInForce {
  return {
    kind: DeckKind.CARRIER, ownerId, activation: 1, version: 1, digest: `deck of ${ownerId}`, currency: 'EUR', carrierCode, chunkCount: 1, rateCount: 1,
    validFromUs: 0, withdrawnAtUs: undefined, validUntilUs: Infinity, ...change,
  };
}

/** A router whose carriers, direct rates and decks a test says, counting the chunks that are read. */
function routerOf(offers: Readonly<Record<string, string>>) {
  const told = { carriers: [carrier(0, 'A'), carrier(1, 'B')] as readonly Carrier[], direct: [] as readonly SourceDeck[], policies: new Map<string, readonly PolicySince[]>(), chunksRead: 0 };
  const router = new LiveRouter({ carriers: async () => [...told.carriers], directRates: async () => [...told.direct], policies: async () => told.policies });
  const state = (decks: readonly DeckInForce[], more: Partial<ReplicaState> = {}): ReplicaState => ({
    decks, voipPlans: [], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, exchangeRates: [], ...more,
    async *chunks({ digest }) {
      told.chunksRead += 1;
      yield chunkOf(offers[digest] ?? '1=1');
    },
  });
  const order = (plan: LiveQuestion['plan'] = { tariffId: 1 }, digits = '34650123456', atUs: number = noonUs) => {
    const decision = router.route({ e164: e164(digits), atUs: instantUs(atUs), plan });
    return decision?.routed === true ? decision.carriers.map(({ carrier: { carrierCode } }) => carrierCode).join(' ') : decision?.refusal.code;
  };
  return { told, router, state, order };
}

const decks = { 'deck of 1': '34=0.02', 'deck of 2': '34=0.03' };
const both = [deck('A', 1), deck('B', 2)];

describe('the live router', () => {
  it('decides nothing before it has taken a state in', async () => {
    const { router, state, order } = routerOf(decks);
    expect([router.ready, order(), router.describe()]).toEqual([false, undefined, { carriers: 0, deckVersions: 0, rates: 0, indexBytes: 0 }]);
    await router.apply(state(both));
    expect([router.ready, order()]).toEqual([true, 'A B']);
    expect(router.describe()).toMatchObject({ carriers: 2, deckVersions: 2, rates: 2, indexBytes: expect.any(Number) });
  });

  it('says which version of each carrier plan routes calls at an instant', async () => {
    const { router, state } = routerOf({ ...decks, next: '34=0.01' });
    expect(router.versionsAt(noonUs)).toEqual({});
    await router.apply(state([deck('A', 1, { validUntilUs: noonUs }), deck('A', 1, { version: 2, digest: 'next', validFromUs: noonUs }), deck('B', 2, { version: 9 })]));
    expect([router.versionsAt(noonUs - 1), router.versionsAt(noonUs)]).toEqual([{ 'carrier:1': 1, 'carrier:2': 9 }, { 'carrier:1': 2, 'carrier:2': 9 }]);
  });

  it('is ready with nothing in force: then it has no route, which is an answer', async () => {
    const { router, state, order } = routerOf({});
    await router.apply(state([]));
    expect([router.ready, order()]).toEqual([true, 'no_route']);
  });

  it('reads no deck again where only the carriers changed', async () => {
    const { told, router, state, order } = routerOf(decks);
    await router.apply(state(both));
    told.carriers = [carrier(0, 'A', { active: false }), carrier(1, 'B')];
    await router.apply(state(both));
    expect([order(), told.chunksRead]).toEqual(['B', 2]);
  });

  it.each<[what: string, next: readonly DeckInForce[], order: string]>([
    ['another content', [deck('A', 1, { digest: 'dear' }), deck('B', 2)], 'B A'],
    ['a version that has ended', [deck('A', 1, { validUntilUs: noonUs }), deck('B', 2)], 'B'],
    ['a version that is to come', [deck('A', 1, { validFromUs: noonUs + 1 }), deck('B', 2)], 'B'],
    ['a deck that is gone', [deck('B', 2)], 'B'],
    ['a deck of another carrier', [deck('B', 1), deck('B', 2)], 'B'],
  ])('takes in %s', async (_, next, after) => {
    const { router, state, order } = routerOf({ ...decks, dear: '34=0.09' });
    await router.apply(state(both));
    await router.apply(state(next));
    expect(order()).toBe(after);
  });

  it('takes in a carrier that is new, and a direct rate that another load ended', async () => {
    const { told, router, state, order } = routerOf(decks);
    await router.apply(state(both));
    const source = { carrierCode: 'C', carrierPlanId: undefined, digest: 'direct:C', currency: 'EUR', validFromUs: 0, validUntilUs: Infinity };
    const columns = { prefix: ['34'], ratePerMinNanos: [10_000_000], validFromUs: [0], validUntilUs: [Infinity], blocked: [], timing: [], timings: [], charge: [], charges: [] };
    told.carriers = [...told.carriers, carrier(2, 'C')];
    told.direct = [{ source, columns }];
    await router.apply(state(both));
    expect(order()).toBe('C A B');
    told.direct = [{ source, columns: { ...columns, validUntilUs: [noonUs] } }];
    await router.apply(state(both));
    expect(order()).toBe('A B');
  });

  it('goes on deciding by the state before while a new one is built', async () => {
    const { router, state, order } = routerOf({ ...decks, dear: '34=0.09' });
    await router.apply(state(both));
    let release = () => {};
    const gate = new Promise<void>((open) => (release = open));
    const next = state([deck('A', 1, { digest: 'dear' }), deck('B', 2)]);
    const applied = router.apply({
      ...next,
      async *chunks(of) {
        await gate;
        yield* next.chunks(of);
      },
    });
    expect(order()).toBe('A B');
    release();
    await applied;
    expect(order()).toBe('B A');
  });

  it('keeps the state before where a new one cannot be built, and takes it in when it can', async () => {
    const { router, state, order } = routerOf({ ...decks, dear: '34=0.09' });
    await router.apply(state(both));
    const next = state([deck('A', 1, { digest: 'dear' }), deck('B', 2)]);
    const broken: ReplicaState = { ...next, chunks: () => { throw new Error('the disk is gone'); } };
    await expect(router.apply(broken)).rejects.toThrow('the disk is gone');
    expect(order()).toBe('A B');
    await router.apply(next);
    expect(order()).toBe('B A');
  });

  it('routes an account by its plan alone, and by none that it does not know', async () => {
    const { router, state, order } = routerOf(decks);
    const plan = create(VoipPlanComposedSchema, { voipPlanId: 7, revision: 1, carrierPlanIds: [2], banPrefixes: [{ prefix: '3480', banPlanId: 3 }] });
    await router.apply(state(both, { voipPlans: [plan] }));
    expect([order({ voipPlanId: 7 }), order({ voipPlanId: 7 }, '34803123456'), order({ voipPlanId: 8 })]).toEqual(['B', 'destination_banned', 'unknown_plan']);
    await router.apply(state(both, { voipPlans: [] }));
    expect(order({ voipPlanId: 7 })).toBe('unknown_plan');
  });

  it.each<[what: string, change: MessageInitShape<typeof VoipPlanComposedSchema>, answer: string]>([
    ['a plan that is in force', { validFromUs: BigInt(noonUs), validUntilUs: BigInt(noonUs + 1) }, 'B'],
    ['a plan that is over', { validUntilUs: BigInt(noonUs) }, 'plan_not_in_force'],
    ['a plan that is to come', { validFromUs: BigInt(noonUs + 1) }, 'plan_not_in_force'],
    ['a plan with a link in force', { retailLinks: [{ retailPlanId: 1, validUntilUs: 5n }, { retailPlanId: 2 }] }, 'B'],
    ['a plan whose links are over', { retailLinks: [{ retailPlanId: 1, validUntilUs: 5n }] }, 'plan_not_in_force'],
  ])('heeds the dates of %s', async (_, change, answer) => {
    const { router, state, order } = routerOf(decks);
    await router.apply(state(both, { voipPlans: [create(VoipPlanComposedSchema, { voipPlanId: 7, revision: 1, carrierPlanIds: [2], ...change })] }));
    expect(order({ voipPlanId: 7 })).toBe(answer);
  });

  it('routes a past call by the plan as it was put together then', async () => {
    const { router, state, order } = routerOf(decks);
    const revision = (number: number, composedAtUs: number, carrierPlanIds: number[]) =>
      create(VoipPlanComposedSchema, { voipPlanId: 7, revision: number, carrierPlanIds, composedAtUs: BigInt(composedAtUs) });
    const [first, second, third] = [revision(1, noonUs - 2, [1]), revision(2, noonUs, [2]), revision(3, noonUs + 1, [1, 2])];
    await router.apply(state(both, { voipPlans: [third], planHistory: { voipPlans: [first, second, third], sellTerms: [] } }));
    expect([noonUs - 3, noonUs - 1, noonUs, noonUs + 1].map((atUs) => order({ voipPlanId: 7 }, '34650123456', atUs))).toEqual(['A', 'A', 'B', 'A B']);
  });

  it('compares prices in several currencies by the exchange rates of the catalog, one that makes no sense left out', async () => {
    const { router, state } = routerOf(decks);
    const inDollars = [deck('A', 1), deck('B', 2, { currency: 'USD' })];
    const rate = (numerator: bigint, validFromUs: number) => create(ExchangeRateSetSchema, { base: 'EUR', quote: 'USD', revision: 1, numerator, decimals: 0, validFromUs: BigInt(validFromUs) });
    await router.apply(state(inDollars, { exchangeRates: [rate(2n, 0), rate(1n, noonUs), rate(0n, noonUs + 1)] }));
    const order = (atUs: number) => {
      const decision = router.route({ e164: e164('34650123456'), atUs: instantUs(atUs), plan: { tariffId: 1 }, sell: { ratePerMinNanos: 50_000_000, currency: 'EUR' } });
      return decision?.routed === true ? decision.carriers.map(({ carrier: { carrierCode } }) => carrierCode).join(' ') : decision?.refusal.code;
    };
    expect([noonUs - 1, noonUs, noonUs + 1].map(order)).toEqual(['B A', 'A B', 'A B']);
  });

  it('heeds the opening hours of carriers', async () => {
    const { told, router, state, order } = routerOf(decks);
    const sec = new Date(noonUs / 1000).getUTCHours() * 3600;
    const limits: ProviderLimits = { ...NO_LIMITS, hours: [{ ...ANY_TIME, fromSec: sec, untilSec: sec + 3600 }] };
    told.carriers = [carrier(0, 'A', { limits }), carrier(1, 'B')];
    await router.apply(state(both));
    expect([noonUs, noonUs + 3_600_000_000].map((atUs) => order(undefined, undefined, atUs))).toEqual(['A B', 'B']);
  });

  it('routes each plan by its policy, and by least cost where it has none', async () => {
    const { told, router, state, order } = routerOf(decks);
    const first: RoutingPolicy = { ...LEAST_COST, staticRoutes: [{ prefix: '34', carrierCodes: ['B'], exclusive: false }] };
    const plan = create(VoipPlanComposedSchema, { voipPlanId: 7, revision: 1, carrierPlanIds: [1, 2] });
    told.policies = new Map([['tariff:1', [{ fromUs: 0, policy: first }]], ['voip_plan:7', [{ fromUs: 0, policy: first }]]]);
    await router.apply(state(both, { voipPlans: [plan, { ...plan, voipPlanId: 8 }] }));
    expect([order({ tariffId: 1 }), order({ tariffId: 2 }), order({ voipPlanId: 7 }), order({ voipPlanId: 8 })]).toEqual(['B A', 'A B', 'B A', 'A B']);
  });

  it('routes a past call by the policy of its time, by least cost before there was any, whatever became of its plan', async () => {
    const { told, router, state, order } = routerOf(decks);
    const only = (code: string): RoutingPolicy => ({ ...LEAST_COST, staticRoutes: [{ prefix: '34', carrierCodes: [code], exclusive: true }] });
    const since = [{ fromUs: noonUs - 5, policy: only('B') }, { fromUs: noonUs, policy: only('A') }, { fromUs: noonUs + 5, policy: LEAST_COST }];
    told.policies = new Map([['tariff:1', since], ['voip_plan:7', since]]);
    const revision = (number: number, composedAtUs: number, carrierPlanIds: number[]) =>
      create(VoipPlanComposedSchema, { voipPlanId: 7, revision: number, carrierPlanIds, composedAtUs: BigInt(composedAtUs) });
    const [first, second] = [revision(1, noonUs - 7, [1, 2]), revision(2, noonUs + 2, [2])];
    await router.apply(state(both, { voipPlans: [second], planHistory: { voipPlans: [first, second], sellTerms: [] } }));
    const at = [-9, -6, -5, -1, 0, 1, 2, 5, 9].map((us) => noonUs + us);
    expect(at.map((us) => order({ tariffId: 1 }, undefined, us))).toEqual(['A B', 'A B', 'B', 'B', 'A', 'A', 'A', 'A B', 'A B']);
    expect(at.map((us) => order({ voipPlanId: 7 }, undefined, us))).toEqual(['A B', 'A B', 'B', 'B', 'A', 'A', 'no_route', 'B', 'B']);
  });
});
