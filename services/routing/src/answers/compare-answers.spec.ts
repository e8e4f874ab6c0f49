import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { beforeAll, describe, expect, it } from '@jest/globals';
import {
  CompareRoutesRequestSchema, type CompareRoutesRequest_PastCallSchema, DeckKind, type DeckVersionSchema, ExchangeRateSetSchema, FetchDeckChunkReplySchema, type RoutingPolicySchema,
} from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { carrier, noonUs } from '../domain/route.fixture.ts';
import { NO_LIMITS } from '../domain/provider-limits.ts';
import type { SourceDeck } from '../domain/source.ts';
import { carrierDeck } from '../spec/bed.ts';
import { LiveRouter } from '../live/live-router.ts';
import { type CompareDeps, compareRoutes } from './compare-answers.ts';

/** Direct rates of a carrier: charged by the second, with a fee for each call. */
function direct(carrierCode: string, perMin: Record<string, number>, fee: number, currency = 'EUR'): SourceDeck {
  const prefix = Object.keys(perMin);
  return {
    source: { carrierCode, carrierPlanId: undefined, digest: `direct:${carrierCode}`, currency, validFromUs: 0, validUntilUs: Infinity },
    columns: {
      prefix, ratePerMinNanos: Object.values(perMin).map((rate) => Math.round(rate * 1e9)), validFromUs: prefix.map(() => 0), validUntilUs: prefix.map(() => Infinity),
      blocked: prefix.map(() => false), timing: [], timings: [], charge: prefix.map(() => 1),
      charges: [{ connectFeeNanos: Math.round(fee * 1e9), initialIncrementSec: 0, incrementSec: 1, profile: undefined }],
    },
  };
}

/** Nothing is asked of it where no other versions are compared. */
const catalog: CompareDeps['catalog'] = { snapshot: async () => refuse({ code: 'service_unavailable' as const }), fetchDeckChunk: async () => refuse({ code: 'service_unavailable' as const }) };

const carriers = [carrier(0, 'CHEAP'), carrier(1, 'FEE'), carrier(2, 'FOREIGN')];
const rates = [direct('CHEAP', { 34: 0.02, 34700: 0.08 }, 0), direct('FEE', { 34: 0.01 }, 0.015), direct('FOREIGN', { 34: 0.5 }, 0, 'USD')];
const eur = (nanos: bigint) => ({ nanos, currency: 'EUR' });

const nothing = { decks: [], voipPlans: [], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, chunks: () => { throw new Error('no deck is in force'); } };

type Call = MessageInitShape<typeof CompareRoutesRequest_PastCallSchema>;
type Policy = MessageInitShape<typeof RoutingPolicySchema>;
const past: Call = { callId: 'sw/1/1', e164: '34650123456', atUs: BigInt(noonUs), durationSec: 120, sellRatePerMinNanos: 900_000_000n, sell: eur(1_800_000_000n), countryPrefixId: 7 };
const first = (code: string): Policy => ({ staticRoutes: [{ prefix: '34', carrierCodes: [code] }] });

describe('past calls by one policy and by another', () => {
  const router = new LiveRouter({ carriers: async () => [...carriers], directRates: async () => rates, policies: async () => new Map() });
  const ask = (calls: readonly Call[], after: Policy | undefined, before?: Policy, tariffId = 1) => compareRoutes({ router, catalog }, create(CompareRoutesRequestSchema, {
    plan: { plan: { case: 'tariffId', value: tariffId } }, calls: [...calls], ...(after === undefined ? {} : { after }), ...(before === undefined ? {} : { before }),
  }));

  it('go over carriers that are for their account, and over none that are for others', async () => {
    const limits = { ...NO_LIMITS, accountsOnly: ['ACME'] };
    const own = new LiveRouter({ carriers: async () => [carrier(0, 'CHEAP', { limits }), carrier(1, 'FEE')], directRates: async () => rates.slice(0, 2), policies: async () => new Map() });
    await own.apply({ ...nothing, exchangeRates: [] });
    const calls = [{ ...past, accountCode: 'ACME' }, { ...past, accountCode: 'OTHER' }, past];
    const compared = await compareRoutes({ router: own, catalog }, create(CompareRoutesRequestSchema, { plan: { plan: { case: 'tariffId', value: 1 } }, calls, after: first('FEE') }));
    // ACME's call moves from CHEAP (0.04) to FEE (0.035), over which the others went already.
    expect(compared).toMatchObject({ ok: true, value: {
      moves: [{ fromCarrierCode: 'CHEAP', toCarrierCode: 'FEE', callCount: 1n }], destinations: [{ costBefore: eur(110_000_000n), costAfter: eur(105_000_000n) }],
    } });
  });

  it('go over carriers that have a gateway for their account, by itself or by its group, and over no other', async () => {
    const gateway = { ...carrier(0, 'CHEAP').gateway, name: 'vienna', gatewayId: 7, groupIds: [3], priority: 0, weight: 1, active: true };
    const named = [carrier(0, 'CHEAP', { gateways: [gateway] }), carrier(1, 'FEE', { gateways: [{ ...gateway, gatewayId: 8, groupIds: [] }] })];
    const own = new LiveRouter({ carriers: async () => named, directRates: async () => rates.slice(0, 2), policies: async () => new Map() });
    await own.apply({ ...nothing, exchangeRates: [] });
    const calls = [past, { ...past, gatewayIds: [7] }, { ...past, gatewayGroupIds: [3] }, { ...past, gatewayIds: [8] }, { ...past, gatewayIds: [9] }];
    const compared = await compareRoutes({ router: own, catalog }, create(CompareRoutesRequestSchema, { plan: { plan: { case: 'tariffId', value: 1 } }, calls, after: first('FEE') }));
    // Of the first all gateways count; the next two may use CHEAP's alone, the fourth FEE's alone, and the last none.
    expect(compared).toMatchObject({ ok: true, value: {
      moves: [{ fromCarrierCode: 'CHEAP', toCarrierCode: 'FEE', callCount: 1n }],
      destinations: [{ callCount: 5n, unroutedBeforeCount: 1n, unroutedAfterCount: 1n, costBefore: eur(155_000_000n), costAfter: eur(150_000_000n) }],
    } });
  });

  it('are refused while no state is there', async () => {
    const cold = new LiveRouter({ carriers: async () => [], directRates: async () => [], policies: async () => new Map() });
    expect(await compareRoutes({ router: cold, catalog }, create(CompareRoutesRequestSchema, {}))).toMatchObject({
      ok: false, refusal: { code: 'service_unavailable' },
    });
  });

  it('are refused where there is no such VoIP plan', async () => {
    const own = new LiveRouter({ carriers: async () => [...carriers], directRates: async () => rates, policies: async () => new Map() });
    await own.apply({ ...nothing, exchangeRates: [] });
    expect(await compareRoutes({ router: own, catalog }, create(CompareRoutesRequestSchema, { plan: { plan: { case: 'voipPlanId', value: 99 } } }))).toMatchObject({
      ok: false, refusal: { code: 'unknown_plan', facts: { voipPlanId: '99' } },
    });
  });

  beforeAll(async () => {
    const rate = create(ExchangeRateSetSchema, { base: 'EUR', quote: 'USD', revision: 1, numerator: 2n, decimals: 0, validFromUs: 1n });
    await router.apply({ ...nothing, exchangeRates: [rate] });
  });

  it('cost what the whole call would have cost over the first carrier of each list', async () => {
    expect(await ask([past], first('FEE'))).toEqual({
      ok: true,
      value: {
        destinations: [{
          countryPrefixId: 7, callCount: 1n, durationSec: 120n, movedCount: 1n, unroutedBeforeCount: 0n, unroutedAfterCount: 0n, unknownCount: 0n,
          sell: eur(1_800_000_000n), sellAfter: eur(1_800_000_000n), costBefore: eur(40_000_000n), costAfter: eur(35_000_000n), marginBefore: eur(1_760_000_000n), marginAfter: eur(1_765_000_000n),
        }],
        moves: [{ fromCarrierCode: 'CHEAP', toCarrierCode: 'FEE', callCount: 1n, durationSec: 120n }],
      },
    });
  });

  it('cost what comes to in the currency of the sale, where exchange rates lead there', async () => {
    const answer = await ask([past], first('FOREIGN'), first('FEE'));
    expect(answer.ok && answer.value.destinations).toMatchObject([{ costBefore: eur(35_000_000n), costAfter: eur(500_000_000n) }]);
    const unknown = await ask([{ ...past, sell: { nanos: 5n, currency: 'CHF' }, sellRatePerMinNanos: 0n }], first('FEE'));
    expect(unknown.ok && unknown.value.destinations).toMatchObject([{ callCount: 1n, unroutedBeforeCount: 1n, unroutedAfterCount: 1n }]);
  });

  it('are counted where no carrier is left, and left out where they cannot be read', async () => {
    const answer = await ask([{ ...past, sellRatePerMinNanos: 1_000_000n }, { ...past, e164: '' }, past], { lossAllowed: true });
    expect(answer.ok && answer.value.destinations).toMatchObject([{ callCount: 2n, movedCount: 1n, unroutedBeforeCount: 1n, unroutedAfterCount: 0n, costAfter: eur(40_000_000n) }]);
  });

  it('go by the number that portability had led to, at what that costs', async () => {
    const ported = { ...past, routingNumber: '34700111222' };
    const answer = await ask([ported, { ...past, routingNumber: past.e164 ?? '' }, { ...past, routingNumber: 'D0123' }], first('CHEAP'));
    expect(answer.ok && answer.value.destinations).toMatchObject([{ callCount: 2n, movedCount: 1n, costBefore: eur(75_000_000n), costAfter: eur(200_000_000n) }]);
  });

  it.each<[what: string, asked: Parameters<typeof ask>, code: string, field: string]>([
    ['more than a thousand at once', [Array.from({ length: 1_001 }, () => past), {}], 'too_many_items', 'calls'],
    ['a plan that is none', [[past], {}, undefined, 0], 'field_missing', 'plan'],
    ['a policy that cannot be read', [[past], { order: 'cheapest' }], 'field_malformed', 'policy.order'],
  ])('are refused with %s', async (_, asked, code, field) => {
    expect(await (asked[3] === 0 ? compareRoutes({ router, catalog }, create(CompareRoutesRequestSchema, {})) : ask(...asked))).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it('sell for what customers pay over the carrier of each, where the plan sells by the carrier', async () => {
    const sales = [{ carrierCode: '', ratePerMinNanos: 900_000_000n, nanos: 1_800_000_000n }, { carrierCode: 'FEE', ratePerMinNanos: 50_000_000n, nanos: 100_000_000n }];
    const overOne = [{ carrierCode: '', unsold: true }, { carrierCode: 'CHEAP', ratePerMinNanos: 30_000_000n, nanos: 60_000_000n }];
    const answer = await ask([{ ...past, sales }, { ...past, callId: 'sw/2/1', sales: overOne }], first('FEE'));
    expect(answer).toMatchObject({
      ok: true,
      value: {
        destinations: [{
          callCount: 2n, movedCount: 1n, sell: eur(1_860_000_000n), sellAfter: eur(160_000_000n), costBefore: eur(80_000_000n), costAfter: eur(75_000_000n),
          marginBefore: eur(1_780_000_000n), marginAfter: eur(85_000_000n),
        }],
      },
    });
  });

  describe('over another version of a carrier plan', () => {
    const candidate = carrierDeck('FEE', 9, { 34: '0.001' });
    const version = candidate.activated.deck;
    const fetched: number[] = [];
    const holding: CompareDeps['catalog'] = {
      ...catalog,
      fetchDeckChunk: async ({ chunk = 0 }) => {
        fetched.push(chunk);
        return ok(create(FetchDeckChunkReplySchema, { content: candidate.content }));
      },
    };
    const over = (afterDecks: MessageInitShape<typeof DeckVersionSchema>[], of = holding) => compareRoutes({ router, catalog: of }, create(CompareRoutesRequestSchema, {
      plan: { plan: { case: 'tariffId', value: 1 } }, calls: [past], afterDecks,
    }));

    it('cost what they would have cost with it in place of what the plan had, by the plan’s own policy', async () => {
      const answer = await over([version ?? {}]);
      expect(answer).toMatchObject({
        ok: true,
        value: {
          destinations: [{ callCount: 1n, movedCount: 1n, costBefore: eur(40_000_000n), costAfter: eur(2_000_000n), marginAfter: eur(1_798_000_000n) }],
          moves: [{ fromCarrierCode: 'CHEAP', toCarrierCode: 'FEE', callCount: 1n }],
        },
      });
      expect(await over([version ?? {}])).toEqual(answer);
      expect(fetched).toEqual([0, 0]);
      router.forgetCandidates();
      expect(await over([version ?? {}])).toEqual(answer);
    });

    it.each<[what: string, code: string, decks: () => MessageInitShape<typeof DeckVersionSchema>[]]>([
      ['one that is not a carrier plan’s', 'field_malformed', () => [{ ...version, kind: DeckKind.RETAIL }]],
      ['two of one carrier plan', 'conflict', () => [version ?? {}, version ?? {}]],
      ['content that is not its own', 'deck_malformed', () => [{ ...version, digest: 'ab'.repeat(32) }]],
      ['too many', 'too_many_items', () => Array.from({ length: 11 }, () => version ?? {})],
    ])('are refused with %s', async (_, code, decks) => {
      expect(await over(decks())).toMatchObject({ ok: false, refusal: { code } });
    });

    it('are refused while the catalog is away', async () => {
      expect(await over([version ?? {}], catalog)).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
    });
  });
});
