import { create } from '@bufbuild/protobuf';
import type { MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { AuthorizeItemSchema, PriceScheduleSchema, QuoteReplySchema, QuoteRequestSchema, RouteReplySchema, RouteRequestSchema, RouteResultSchema, scheduleMessageOf } from '@tollwire/contracts';
import type { PriceSchedule, QuoteReply, QuoteRequest, RouteReply, RouteRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { NO_ALLOWANCE, NO_FURTHER_TERMS, plainSchedule } from '@tollwire/telecom';
import { instant, testClock } from '@tollwire/testing';
import { askedOf } from './asked.ts';
import { defaultPolicy } from '../card.deps.ts';
import type { CardDeps } from '../card.deps.ts';
import { quoteAll, reservedBy, routeAll } from './prices.ts';
import type { Admitted } from './prices.ts';

const at = instant('2024-01-01T00:00:00Z');

function admitted(calledNumber: string, caller: Partial<Admitted['caller']> = {}): Admitted {
  const item = create(AuthorizeItemSchema, {
    call: { switchId: 'fs1', callId: calledNumber, leg: 1 }, charged: { party: { case: 'cardId', value: '0042' } }, calledNumber, cli: '+4317',
  });
  const asked = askedOf(item, at, undefined);
  if (!asked.ok) throw new Error(asked.refusal.code);
  const card = { accountId: 'card:0042', currency: 'EUR', plan: { case: 'tariffId', value: 3 }, startpulseSec: 30, frequencySec: 6, incomingLeg: false } as const;
  return { asked: asked.value, caller: { ...card, ...caller } };
}

/** Rating that answers what it is told to, and keeps what it was asked. */
function ratingOf(results: QuoteReply['results'] | 'away') {
  const asked: QuoteRequest[] = [];
  const rating: CardDeps['rating'] = {
    quote: async (request) => {
      asked.push(create(QuoteRequestSchema, request));
      return results === 'away' ? refuse({ code: 'service_unavailable' as const }) : ok(create(QuoteReplySchema, { results }));
    },
  };
  return { rating, asked, policy: defaultPolicy, clock: testClock('2024-01-01T00:00:00Z') };
}

const sell = { ratePerMinNanos: 60n, connectFeeNanos: 5n, initialIncrementSec: 30, incrementSec: 6, roundingDecimals: 4, roundingMode: 'half_up', prefix: '43' };
const quotes = (...results: NonNullable<MessageInitShape<typeof QuoteReplySchema>['results']>) => create(QuoteReplySchema, { results }).results;
const quoted = (change: Partial<typeof sell> & { amount?: { nanos: bigint; currency: string } } = {}) => ({
  result: { case: 'quoted' as const, value: { sell: { amount: { nanos: 0n, currency: 'EUR' }, ...sell, ...change } } },
});

async function codesOf(calls: Admitted[], results: QuoteReply['results'] | 'away'): Promise<string[]> {
  return (await quoteAll(ratingOf(results), calls)).map((result) => (result.ok ? `sold by ${result.value.prefix}` : result.refusal.code));
}

describe('the prices of a batch', () => {
  it('are asked for in one request, each by its plan, pulses and time', async () => {
    const { asked, ...rating } = ratingOf(quotes(quoted(), quoted({ prefix: '44' })));
    const customer = { plan: { case: 'voipPlanId', value: 9 }, startpulseSec: 0, frequencySec: 0 } as const;
    const prices = await quoteAll(rating, [admitted('431'), admitted('442', customer)]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.items).toMatchObject([
      { e164: '431', atUs: BigInt(at), durationSec: 0, startpulseSec: 30, frequencySec: 6, plan: { plan: { case: 'tariffId', value: 3 } } },
      { e164: '442', atUs: BigInt(at), durationSec: 0, startpulseSec: 0, frequencySec: 0, plan: { plan: { case: 'voipPlanId', value: 9 } } },
    ]);
    const rate = { ratePerMinNanos: 60n, connectFeeNanos: 5n, initialIncrementSec: 30, incrementSec: 6 };
    expect(prices[0]).toEqual({ ok: true, value: { ratePerMinNanos: 60n, schedule: plainSchedule(rate, { decimals: 4, mode: 'half_up' }), allowance: NO_ALLOWANCE, prefix: '43' } });
  });

  it('come with the free seconds of who pays, held for the call as long as its reservation can last', async () => {
    const free = { result: { case: 'quoted' as const, value: { ...quoted().result.value, allowanceSec: 600, allowanceCovers: 'all' } } };
    const { asked, ...rating } = ratingOf(quotes(free, quoted()));
    const [some, none] = await quoteAll(rating, [admitted('431'), admitted('432')]);
    expect([some, none]).toMatchObject([{ value: { allowance: { sec: 600, covers: 'all' } } }, { value: { allowance: NO_ALLOWANCE } }]);
    expect(asked[0]?.items[0]).toMatchObject({
      charged: { party: { case: 'cardId', value: '0042' } }, hold: { call: { callId: '431' }, durationSec: 7_200, untilUs: BigInt(at) + 7_500_000_000n },
    });
  });

  it('are not asked for when nobody may call', async () => {
    const { asked, ...rating } = ratingOf('away');
    expect([await quoteAll(rating, []), asked]).toEqual([[], []]);
  });

  it('are refused one by one, in order, and all when rating is away', async () => {
    const calls = [admitted('431'), admitted('432'), admitted('433')];
    const refusal = { result: { case: 'refusal' as const, value: { code: 'no_sell_rate' } } };
    expect(await codesOf(calls, quotes(refusal, quoted(), refusal))).toEqual(['no_sell_rate', 'sold by 43', 'no_sell_rate']);
    expect(await codesOf(calls, quotes(quoted()))).toEqual(['sold by 43', 'service_unavailable', 'service_unavailable']);
    expect(await codesOf(calls, 'away')).toEqual(['service_unavailable', 'service_unavailable', 'service_unavailable']);
  });

  it('never let a call through without terms, or in another currency than its account is kept in', async () => {
    const { amount: _amount, ...unpriced } = quoted().result.value.sell;
    expect(await codesOf([admitted('431')], quotes({ result: { case: 'quoted', value: {} } }))).toEqual(['service_unavailable']);
    expect(await codesOf([admitted('431')], quotes({ result: { case: 'quoted', value: { sell: unpriced } } }))).toEqual(['service_unavailable']);
    expect(await codesOf([admitted('431')], quotes(quoted({ roundingMode: 'bankers' })))).toEqual(['service_unavailable']);
    expect(await codesOf([admitted('431')], quotes(quoted({ amount: { nanos: 0n, currency: 'USD' } })))).toEqual(['currency_mismatch']);
    expect(await codesOf([admitted('431')], quotes(quoted({ amount: { nanos: 0n, currency: '' } })))).toEqual(['currency_mismatch']);
  });

  it('count an increment of nothing as a second', async () => {
    const [price] = await quoteAll(ratingOf(quotes(quoted({ incrementSec: 0 }))), [admitted('431')]);
    expect(price).toMatchObject({ ok: true, value: { schedule: { segments: [{ steps: [{ incrementSec: 30 }, { incrementSec: 1 }] }] } } });
  });

  it('are the whole schedule where rating tells one, and none where it cannot be read', async () => {
    const told = plainSchedule({ ...sell, ratePerMinNanos: 7n }, { decimals: 2, mode: 'up' }, { ...NO_FURTHER_TERMS, taxPpm: 230_000 });
    const answer = async (schedule: PriceSchedule) => {
      const rich = { result: { case: 'quoted' as const, value: { sell: { ...quoted().result.value.sell, schedule } } } };
      const [price] = await quoteAll(ratingOf(quotes(rich)), [admitted('431')]);
      return price;
    };
    const message = create(PriceScheduleSchema, scheduleMessageOf(told));
    const rate = { base: 'EUR', quote: 'USD', numerator: 7n, decimals: 0, validFromUs: 0, source: 'ECB', isInverse: true };
    const dollars = { ...told, exchange: { rates: [rate], rateTerms: [] } };
    expect(await answer(create(PriceScheduleSchema, scheduleMessageOf(dollars)))).toMatchObject({ ok: true, value: { ratePerMinNanos: 8n, schedule: dollars } });
    expect(await answer(message)).toMatchObject({ ok: true, value: { ratePerMinNanos: 60n, schedule: { ...told, terms: { ...told.terms, connectFeeNanos: 5n } } } });
    expect(await answer({ ...message, segments: [] })).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
  });
});

describe('the carriers of a batch', () => {
  const terms = { ratePerMinNanos: 60n, connectFeeNanos: 0n, initialIncrementSec: 0, incrementSec: 1 };
  const priced = (number: string) => ({ ...admitted(number), sell: { ratePerMinNanos: 60n, schedule: plainSchedule(terms, { decimals: 4, mode: 'up' }), allowance: NO_ALLOWANCE, prefix: '43' } });

  function routingOf(results: RouteReply['results'] | 'away') {
    const asked: RouteRequest[] = [];
    const routing: CardDeps['routing'] = {
      route: async (request) => {
        asked.push(create(RouteRequestSchema, request));
        return results === 'away' ? refuse({ code: 'service_unavailable' as const }) : ok(create(RouteReplySchema, { results }));
      },
    };
    return { routing, asked };
  }

  it('are asked for in one request that tells what each call is sold for', async () => {
    const { results } = create(RouteReplySchema, { results: [{ carriers: [{ carrierCode: 'alpha' }] }, { refusal: { code: 'no_route' } }] });
    const { routing, asked } = routingOf(results);
    const routes = await routeAll(routing, [priced('431'), priced('432'), priced('433')]);
    expect(asked).toHaveLength(1);
    expect(asked[0]?.items[0]).toMatchObject({ e164: '431', cli: '+4317', sellRatePerMinNanos: 60n, hasSellRate: true, sellCurrency: 'EUR', atUs: BigInt(at) });
    expect(routes).toMatchObject([
      { ok: true, value: { carriers: [{ carrierCode: 'alpha' }] } },
      { ok: false, refusal: { code: 'no_route' } },
      { ok: false, refusal: { code: 'service_unavailable' } },
    ]);
  });

  it('are not asked for without a call, and all refused when routing is away', async () => {
    const { routing, asked } = routingOf('away');
    expect([await routeAll(routing, []), asked]).toEqual([[], []]);
    expect(await routeAll(routing, [priced('431')])).toMatchObject([{ ok: false, refusal: { code: 'service_unavailable' } }]);
  });

  it('are told how the sell price is rounded, and all that it follows from where that is more than a rate by the second', async () => {
    const { routing, asked } = routingOf(create(RouteReplySchema, { results: [{}, {}] }).results);
    const minutes = plainSchedule({ ...terms, incrementSec: 60 }, { decimals: 2, mode: 'half_up' });
    await routeAll(routing, [priced('431'), { ...priced('432'), sell: { ...priced('432').sell, schedule: minutes } }]);
    expect(asked[0]?.items[0]).toMatchObject({ sellRoundingDecimals: 4, sellRoundingMode: 'up', sales: [] });
    expect(asked[0]?.items[0]?.sellSchedule).toBeUndefined();
    expect(asked[0]?.items[1]).toMatchObject({ sellRoundingDecimals: 2, sellSchedule: scheduleMessageOf(minutes) });
  });

  it('are told what the call sells for over each where the plan sells by the carrier, and it is reserved by the dearest of those that are left', async () => {
    const side = (ratePerMinNanos: bigint) => ({ ...sell, ratePerMinNanos, amount: { nanos: 0n, currency: 'EUR' } });
    const byCarrier = [
      { carrierCode: '', result: { case: 'sell' as const, value: side(90_000_000n) } }, { carrierCode: 'b', result: { case: 'sell' as const, value: side(70_000_000n) } },
      { carrierCode: 'c', result: { case: 'refusal' as const, value: { code: 'no_sell_rate' } } }, { carrierCode: 'd', result: { case: 'sell' as const, value: side(80_000_000n) } },
    ];
    const call = admitted('431');
    const [price] = await quoteAll(ratingOf(quotes({ result: { case: 'quoted', value: { sell: side(90_000_000n), byCarrier } } })), [call]);
    if (price?.ok !== true) throw new Error('the call has a price');
    const { routing, asked } = routingOf(create(RouteReplySchema, { results: [{}] }).results);
    await routeAll(routing, [{ ...call, sell: price.value }]);
    expect(asked[0]?.items[0]?.sales).toMatchObject([
      { carrierCode: '', ratePerMinNanos: 90_000_000n, unsold: false }, { carrierCode: 'b', ratePerMinNanos: 70_000_000n }, { carrierCode: 'c', unsold: true },
      { carrierCode: 'd', ratePerMinNanos: 80_000_000n },
    ]);
    const over = (...codes: string[]) => reservedBy(price.value, create(RouteResultSchema, { carriers: codes.map((carrierCode) => ({ carrierCode })) })).ratePerMinNanos;
    expect([price.value.ratePerMinNanos, over('b'), over('b', 'd'), over('b', 'a')]).toEqual([90_000_000n, 70_000_000n, 80_000_000n, 90_000_000n]);
  });
});
