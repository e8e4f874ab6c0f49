import { describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import { ANY_TIME, UTC } from '@tollwire/telecom';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { carrier, e164, indexOf, noonUs, type ToldOffer } from './route.fixture.ts';
import { route } from './route.ts';
import { RoutingPlan } from './routing-plan.ts';

const codes = ['A', 'B', 'C', 'D'];
const carriers = codes.map((code, number) => carrier(number, code, { priority: number % 2 }));
const number = fc.stringMatching(/^[1-3][1-3]{4,9}$/);
const offer = fc.record<ToldOffer>({
  carrier: fc.constantFrom(...codes),
  prefix: fc.stringMatching(/^[1-3][1-3]{0,5}$/),
  rate: fc.oneof({ arbitrary: fc.constant('blocked' as const), weight: 1 }, { arbitrary: fc.integer({ min: 0, max: 9 }), weight: 6 }),
  fromUs: fc.constantFrom(0, noonUs, noonUs + 1),
  untilUs: fc.constantFrom(noonUs, noonUs + 1, Infinity),
});

/** Looks at every offer, one by one: the longest valid prefix of each carrier, of its rates there the last one. */
function slowRoute(digits: string, offers: readonly ToldOffer[]): string[] {
  const best = codes.flatMap((code) => {
    const valid = offers.filter(
      (told) => told.carrier === code && digits.startsWith(told.prefix) && noonUs >= (told.fromUs ?? 0) && noonUs < (told.untilUs ?? Infinity),
    );
    const longest = Math.max(0, ...valid.map(({ prefix }) => prefix.length));
    const last = valid.findLast(({ prefix }) => prefix.length === longest);
    const rate = last === undefined || last.rate === 'blocked' ? Infinity : last.rate;
    return Number.isFinite(rate) ? [{ code, rate, priority: codes.indexOf(code) % 2 }] : [];
  });
  return best.sort((l, r) => l.rate - r.rate || l.priority - r.priority || (l.code < r.code ? -1 : 1)).map(({ code, rate }) => `${code}@${rate}`);
}

describe('carrier index', () => {
  it('answers as an exhaustive search does', () => {
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 60 }), number, (offers, digits) => {
        const decision = route({ e164: e164(digits), atUs: noonUs, plan: RoutingPlan.ofTariff }, indexOf(carriers, offers));
        const order = decision.routed ? decision.carriers.map((ranked) => `${ranked.carrier.carrierCode}@${ranked.ratePerMinNanos / 1e9}`) : [];
        expect(order).toEqual(slowRoute(digits, offers));
      }),
      { numRuns: 400 },
    );
  });

  it('gives each carrier one place, in the list or out of it', () => {
    fc.assert(
      fc.property(fc.array(offer, { maxLength: 60 }), number, (offers, digits) => {
        const decision = route({ e164: e164(digits), atUs: noonUs, plan: RoutingPlan.ofTariff }, indexOf(carriers, offers));
        const places = [...(decision.routed ? decision.carriers : []), ...decision.excluded].map((place) => place.carrier.carrierCode);
        expect(places.toSorted()).toEqual(codes);
      }),
    );
  });

  it('leaves out the deck of a carrier that is not registered', () => {
    const index = indexOf([carrier(0, 'A')], [{ carrier: 'A', prefix: '34', rate: 1 }, { carrier: 'Z', prefix: '34', rate: 0 }]);
    expect(index.rateCount).toBe(1);
  });

  const night = { window: { ...ANY_TIME, fromSec: 20 * 3_600, untilSec: 8 * 3_600, weight: 1 }, zone: UTC };
  const timed: readonly ToldOffer[] = [
    { carrier: 'A', prefix: '34', rate: 5 }, { carrier: 'A', prefix: '34', rate: 9, timing: night }, { carrier: 'A', prefix: '346', rate: 1, timing: night },
    { carrier: 'A', prefix: '34', rate: 7, carrierPlanId: 1 },
  ];

  it.each(table(`
    number     hour | rate
    349111111  12   | 5
    349111111  22   | 7
    346111111  12   | 5
    346111111  22   | 1
  `))('offers $number at $hour:00 at $rate: of a source the heaviest window, of sources the cheapest, of prefixes the longest that counts', ({ number: digits = '', hour, rate }) => {
    const atUs = instantUs(Date.UTC(2024, 0, 15, Number(hour)) * 1000);
    const decision = route({ e164: e164(digits), atUs, plan: RoutingPlan.ofTariff }, indexOf([carrier(0, 'A')], timed));
    expect(decision.routed && decision.carriers.map(({ ratePerMinNanos }) => ratePerMinNanos / 1e9)).toEqual([Number(rate)]);
  });

  it('offers, of rates of a carrier that are equally cheap, the direct one, then that of the carrier plan with the lower id, in whatever order they are told, as rating does', () => {
    const fee = (connectFeeNanos: number, carrierPlanId?: number): ToldOffer =>
      ({ carrier: 'A', prefix: '34', rate: 5, charges: { connectFeeNanos }, ...(carrierPlanId === undefined ? {} : { carrierPlanId }) });
    const priceOf = (...told: ToldOffer[]) => {
      const decision = route({ e164: e164('341111111'), atUs: noonUs, plan: RoutingPlan.ofTariff }, indexOf([carrier(0, 'A')], told));
      return decision.routed && decision.carriers.map(({ priceNanos }) => priceNanos - 5e9);
    };
    expect([priceOf(fee(1), fee(2, 2), fee(3, 3)), priceOf(fee(3, 3), fee(2, 2), fee(1)), priceOf(fee(3, 3), fee(2, 2))]).toEqual([[1], [1], [2]]);
  });

  it('keeps a rate in at most 64 bytes', () => {
    const offers = Array.from({ length: 20_000 }, (_, at) => ({ carrier: codes[at % 4] ?? 'A', prefix: String(10_000 + (at >> 2)), rate: at % 7 }));
    const index = indexOf(carriers, offers);
    expect(index.bytes / index.rateCount).toBeLessThanOrEqual(64);
  });
});
