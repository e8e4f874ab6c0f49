import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { RouteReplySchema, RouteRequestSchema } from '@tollwire/contracts';
import { testClock } from '@tollwire/testing';
import { NO_LIMITS } from '../domain/provider-limits.ts';
import { carrier } from '../domain/route.fixture.ts';
import { CallLeases } from '../live/call-leases.ts';
import { LiveRouter } from '../live/live-router.ts';
import { routeBatch } from './route-answers.ts';

describe('a call that is being let through, of a switch whose clock is a minute slow', () => {
  it('meets the capacity of carriers, which is that of now whatever the switch says of the beginning', async () => {
    const clock = testClock('2026-03-14T09:26:53Z');
    const leases = new CallLeases({ database: { query: async () => [] }, clock, instance: 'one' });
    const only = carrier(0, 'ONLY', { limits: { ...NO_LIMITS, concurrentCallsMax: 1 } });
    const source = { carrierCode: 'ONLY', carrierPlanId: undefined, digest: 'direct:ONLY', currency: 'EUR', validFromUs: 0, validUntilUs: Infinity };
    const columns = { prefix: ['43'], ratePerMinNanos: [10_000_000], validFromUs: [0], validUntilUs: [Infinity], blocked: [], timing: [], timings: [], charge: [], charges: [] };
    const measures = { quality: { version: 0, for: () => undefined }, capacity: leases, balances: { spentNanos: () => 0n } };
    const router = new LiveRouter({ carriers: async () => [only], directRates: async () => [{ source, columns }], policies: async () => new Map() }, measures);
    await router.apply({ decks: [], voipPlans: [], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, exchangeRates: [], async *chunks() {} });
    const verdict = (callId: string, secondsAgo: number) => {
      const item = { plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '4312345678', callId, takesCapacity: true, atUs: BigInt(clock.nowUs() - secondsAgo * 1_000_000) };
      const answer = routeBatch(router, create(RouteRequestSchema, { items: [item] }), leases);
      const [result] = answer.ok ? create(RouteReplySchema, answer.value).results : [];
      return result?.carriers.map(({ carrierCode }) => carrierCode).join(' ') || result?.excluded.map(({ code }) => code).join(' ');
    };
    expect([verdict('sw/1/1', 0), verdict('sw/2/1', 59), verdict('sw/3/1', 60)]).toEqual(['ONLY', 'at_capacity', 'at_capacity']);
  });
});
