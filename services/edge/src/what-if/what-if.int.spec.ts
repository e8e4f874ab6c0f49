import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type EdgeBed, edgeBed } from '../spec-bed.ts';
import { whatIfReason } from './what-if.ts';

const nowUs = 1_773_489_600_000_000n;

describe('routes of the past and of somebody', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  beforeEach(() => {
    edge.backstage.asked.length = 0;
  });
  afterAll(() => edge.close());

  it('a route for somebody who pays is that of their plan, at what it sells for', async () => {
    const sell = { amount: { nanos: 0n, currency: 'EUR' }, ratePerMinNanos: 35_000_000n };
    edge.backstage.answers = {
      quote: () => ({ results: [{ result: { case: 'quoted', value: { sell, plan: { plan: { case: 'voipPlanId', value: 9 } } } } }] }),
      route: () => ({ results: [{ carriers: [{ carrierCode: 'N' }] }] }),
      showDialing: () => ({ rules: { gatewayIds: [7], gatewayGroupIds: [1, 2] } }),
    };
    expect((await edge.call('POST', '/v1/routes', { accountCode: 'ACME', calledNumber: '4366' })).body).toMatchObject({ carriers: [{ carrierCode: 'N' }] });
    expect(edge.backstage.asked.map(({ request }) => request)).toMatchObject([
      { party: { party: { case: 'accountCode', value: 'ACME' } } },
      { items: [{ charged: { party: { case: 'accountCode', value: 'ACME' } }, e164: '4366', atUs: nowUs }] },
      { items: [{
        plan: { plan: { case: 'voipPlanId', value: 9 } }, hasSellRate: true, sellRatePerMinNanos: 35_000_000n, sellCurrency: 'EUR', gatewayIds: [7], gatewayGroupIds: [1, 2],
      }] },
    ]);
    edge.backstage.answers = { quote: () => ({ results: [{ result: { case: 'refusal', value: { code: 'unknown_party', field: 'charged' } } }] }) };
    expect((await edge.call('POST', '/v1/routes', { cardId: '0042', calledNumber: '4366' })).body).toMatchObject({ code: 'unknown_party', field: 'cardId' });
    expect((await edge.call('POST', '/v1/routes', { calledNumber: '4366' })).body).toMatchObject({ code: 'field_missing' });
  });

  it('a route of somebody whose plan has no price of a number is refused as banned or listed where it is that, too, and needs no price where a sell rate is stated', async () => {
    const plan = { plan: { case: 'voipPlanId' as const, value: 9 } };
    const unsold = { result: { case: 'refusal' as const, value: { code: 'no_sell_rate', field: 'e164' } } };
    const ask = async (quote: object, route: object, sale = {}) => {
      edge.backstage.answers = { quote: () => ({ results: [quote] }), route: () => ({ results: [route] }), showDialing: () => ({}) };
      const { body } = await edge.call('POST', '/v1/routes', { cardId: '0042', calledNumber: '4366', ...sale });
      return { code: body['code'], refusal: (body['refusal'] as { code: string } | undefined)?.code, asked: edge.backstage.asked.at(-1)?.method };
    };
    const table = [
      [{ ...unsold, plan }, { refusal: { code: 'destination_banned' } }, { refusal: 'destination_banned', asked: 'route' }],
      [{ ...unsold, plan }, { refusal: { code: 'number_blacklisted' } }, { refusal: 'number_blacklisted', asked: 'route' }],
      [{ ...unsold, plan }, { refusal: { code: 'no_route' } }, { code: 'no_sell_rate', asked: 'route' }],
      [{ ...unsold, plan }, { carriers: [{ carrierCode: 'N' }] }, { code: 'no_sell_rate', asked: 'route' }],
      [unsold, { refusal: { code: 'destination_banned' } }, { code: 'no_sell_rate', asked: 'quote' }],
    ] as const;
    for (const [quote, route, expected] of table) expect(await ask(quote, route)).toMatchObject(expected);
    const request = () => edge.backstage.asked.at(-1)?.request;
    await ask({ ...unsold, plan }, { carriers: [{ carrierCode: 'N' }] });
    expect(request()).toMatchObject({ items: [{ plan, hasSellRate: false, e164: '4366' }] });
    expect(await ask({ ...unsold, plan }, { carriers: [{ carrierCode: 'N' }] }, { sellRatePerMin: '0.5', sellCurrency: 'USD' })).toEqual({ asked: 'route' });
    expect(request()).toMatchObject({ items: [{ plan, hasSellRate: true, sellRatePerMinNanos: 500_000_000n }] });
  });

  it('a route of a plan that sells by the carrier tells routing what it sells for over each, unless a sell rate is stated', async () => {
    const side = (ratePerMinNanos: bigint, incrementSec = 1) =>
      ({ amount: { nanos: 0n, currency: 'EUR' }, ratePerMinNanos, incrementSec, roundingDecimals: 4, roundingMode: 'half_up' });
    const byCarrier = [
      { result: { case: 'sell', value: side(30_000_000n) } }, { carrierCode: 'N', result: { case: 'sell', value: side(20_000_000n, 60) } },
      { carrierCode: 'M', result: { case: 'refusal', value: { code: 'no_sell_rate' } } },
    ];
    const plan = { plan: { case: 'voipPlanId', value: 9 } };
    edge.backstage.answers = {
      quote: () => ({ results: [{ result: { case: 'quoted', value: { sell: side(30_000_000n, 60), plan, byCarrier } } }] }),
      showDialing: () => ({}),
      route: () => ({ results: [{ carriers: [{ carrierCode: 'N', sale: { nanos: 20_000_000n, currency: 'EUR' } }] }] }),
    };
    await edge.call('POST', '/v1/routes', { accountCode: 'ACME', calledNumber: '4366', sellRatePerMin: '0.5', sellCurrency: 'USD' });
    const stated = edge.backstage.asked.at(-1)?.request;
    expect(stated).toMatchObject({ items: [{ plan, hasSellRate: true, sellRatePerMinNanos: 500_000_000n, sellCurrency: 'USD', sales: [], sellRoundingMode: '' }] });
    expect(stated).not.toMatchObject({ items: [{ sellSchedule: expect.anything() }] });
    const { body } = await edge.call('POST', '/v1/routes', { accountCode: 'ACME', calledNumber: '4366' });
    expect(body).toMatchObject({ carriers: [{ carrierCode: 'N', sale: { amount: '0.02', currency: 'EUR' } }] });
    expect(edge.backstage.asked.at(-1)?.request).toMatchObject({
      items: [{
        sellRoundingDecimals: 4, sellRoundingMode: 'half_up', sales: [
          { carrierCode: '', ratePerMinNanos: 30_000_000n }, { carrierCode: 'N', ratePerMinNanos: 20_000_000n, schedule: { segments: [{ steps: [{ incrementSec: 60 }] }] } },
          { carrierCode: 'M', unsold: true },
        ],
      }],
    });
  });

  it('a what-if asks for the calls page by page, what they sell for, and whom they would go over', async () => {
    const talked = { calledE164: '43664', startedAtUs: 100n, answeredAtUs: 10_000_000n, endedAtUs: 69_500_001n, countryPrefixId: 5, plan: { plan: { case: 'tariffId', value: 7 } } };
    const others = [{ ...talked, answeredAtUs: 0n }, { ...talked, plan: { plan: { case: 'tariffId', value: 8 } } }, { ...talked, plan: undefined }];
    const named = (id: string) => ({ ...talked, call: { switchId: 'sw', callId: id, leg: 1 } });
    const eur = (nanos: bigint) => ({ nanos, currency: 'EUR' });
    edge.backstage.answers = {
      // As cdr does: numbers are whole only for whom it is told, and why.
      searchCalls: (request) => {
        const last = { ...named('c'), charged: { party: { case: 'accountCode' as const, value: 'ACME' } } };
        const calls = 'cursor' in request && request.cursor === 'n' ? { calls: [last] } : { calls: [named('a'), ...others, named('b')], nextCursor: 'n' };
        const isWhole = 'reveal' in request && request.reveal !== undefined;
        return isWhole ? calls : { ...calls, calls: calls.calls.map((call) => ({ ...call, calledE164: '43664***' })) };
      },
      quote: (request) => ({
        results: ('items' in request && Array.isArray(request.items) ? request.items : []).map((_: unknown, at: number) =>
          ({ result: at === 0 ? { case: 'quoted', value: { sell: { amount: eur(50n), ratePerMinNanos: 60n } } } : { case: 'refusal', value: { code: 'no_sell_rate' } } })),
      }),
      listRoutedBy: () => ({ routed: [{ call: { switchId: 'sw', callId: 'c', leg: 1 }, number: '43700' }] }),
      showDialing: () => ({ rules: { gatewayIds: [7], gatewayGroupIds: [2] } }),
      compareRoutes: () => ({
        destinations: [{
          countryPrefixId: 5, callCount: 1n, durationSec: 60n, movedCount: 1n, sell: eur(50n), sellAfter: eur(50n),
          costBefore: eur(20n), costAfter: eur(10n), marginBefore: eur(30n), marginAfter: eur(40n),
        }],
        moves: [{ fromCarrierCode: 'A', toCarrierCode: 'B', callCount: 1n, durationSec: 60n }],
      }),
      nameCountryPrefixes: () => ({ prefixes: [{ countryPrefixId: 5, countryCode: 'AT', countryName: 'Austria' }] }),
    };
    const { status, body } = await edge.call('POST', '/v1/routing-policies/what-if', { tariffId: 7, after: { order: 'quality' }, from: '2026-01-01T00:00:00Z' });
    expect({ status, body }).toEqual({
      status: 200,
      body: {
        callCount: 2, lookedAtCount: 6, unpricedCount: 1, isPartial: false,
        destinations: [{
          countryCode: 'AT', countryName: 'Austria', callCount: 2, minutes: '2.00', movedCount: 2, unroutedBeforeCount: 0, unroutedAfterCount: 0, unknownCount: 0,
          sell: { amount: '0.0000001', currency: 'EUR' }, sellAfter: { amount: '0.0000001', currency: 'EUR' },
          costBefore: { amount: '0.00000004', currency: 'EUR' }, costAfter: { amount: '0.00000002', currency: 'EUR' },
          marginBefore: { amount: '0.00000006', currency: 'EUR' }, marginAfter: { amount: '0.00000008', currency: 'EUR' },
        }],
        moves: [{ from: 'A', to: 'B', callCount: 2, minutes: '2.00' }],
      },
    });
    expect(edge.backstage.asked[0]).toMatchObject({ method: 'searchCalls', request: { reveal: { by: 'admin:bootstrap', reason: whatIfReason } } });
    const compared = edge.backstage.asked.filter(({ method }) => method === 'compareRoutes').map(({ request }) => request);
    expect(compared[0]).toMatchObject({
      plan: { plan: { case: 'tariffId', value: 7 } }, after: { order: 'quality' },
      calls: [{ callId: 'sw/a/1', e164: '43664', atUs: 100n, durationSec: 60, sellRatePerMinNanos: 60n, sell: { nanos: 50n, currency: 'EUR' }, countryPrefixId: 5 }],
    });
    expect(compared[0]).not.toMatchObject({ calls: [{ gatewayIds: [7] }] });
    expect(compared[1]).toMatchObject({ calls: [{ callId: 'sw/c/1', e164: '43664', accountCode: 'ACME', routingNumber: '43700', gatewayIds: [7], gatewayGroupIds: [2] }] });
    expect(edge.backstage.asked.filter(({ method }) => method === 'showDialing').map(({ request }) => request)).toMatchObject([{ party: { party: { case: 'accountCode', value: 'ACME' } } }]);
    expect((await edge.call('POST', '/v1/routing-policies/what-if', { tariffId: 7 })).body).toMatchObject({ field: 'after' });
    const digest = 'ab'.repeat(32);
    edge.backstage.answers['listDecks'] = () => ({ decks: [{ deck: { kind: 3, ownerId: 4, digest: 'cd'.repeat(32) } }, { deck: { kind: 3, ownerId: 4, digest, carrierCode: 'A' } }] });
    edge.backstage.asked.length = 0;
    const overDecks = await edge.call('POST', '/v1/routing-policies/what-if', { tariffId: 7, decks: [{ ownerId: 4, digest }], from: '2026-01-01T00:00:00Z' });
    expect(overDecks).toMatchObject({ status: 200, body: { callCount: 2 } });
    expect(edge.backstage.asked.filter(({ method }) => method === 'compareRoutes').map(({ request }) => request)).toMatchObject([
      { afterDecks: [{ ownerId: 4, digest, carrierCode: 'A' }] }, { afterDecks: [{ digest }] },
    ]);
    const unknown = await edge.call('POST', '/v1/routing-policies/what-if', { tariffId: 7, decks: [{ ownerId: 4, digest: 'ef'.repeat(32) }] });
    expect(unknown.body).toMatchObject({ code: 'unknown_deck', field: 'decks[0].digest' });
    expect((await edge.call('POST', '/v1/routing-policies/what-if', { tariffId: 7, after: {}, from: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' })).body).toMatchObject({ field: 'from' });
  });

  it('a what-if without a call is an answer of a plan that there is, and refused of one that there is not', async () => {
    const ask = async (plans: readonly object[]) => {
      edge.backstage.answers = { searchCalls: () => ({ calls: [] }), nameCountryPrefixes: () => ({ prefixes: [] }), listPlans: () => ({ plans }) };
      return await edge.call('POST', '/v1/routing-policies/what-if', { voipPlanId: 99, after: { order: 'quality' } });
    };
    expect(await ask([{ id: 99 }])).toMatchObject({ status: 200, body: { callCount: 0 } });
    expect(await ask([])).toMatchObject({ status: 404, body: { code: 'unknown_plan', field: 'voipPlanId' } });
  });
});
