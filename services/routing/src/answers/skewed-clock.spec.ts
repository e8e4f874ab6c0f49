import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { RouteReplySchema, RouteRequestSchema } from '@tollwire/contracts';
import { testClock } from '@tollwire/testing';
import { CallLeases } from '../live/call-leases.ts';
import { oneCarrierRouter } from '../live/one-carrier.fixture.ts';
import { routeBatch } from './route-answers.ts';

describe('a call that is being let through, of a switch whose clock is a minute slow', () => {
  it('meets the capacity of carriers, which is that of now whatever the switch says of the beginning', async () => {
    const clock = testClock('2026-03-14T09:26:53Z');
    const leases = new CallLeases({ database: { query: async () => [] }, clock, instance: 'one' });
    const router = await oneCarrierRouter(leases);
    const verdict = (callId: string, secondsAgo: number) => {
      const item = { plan: { plan: { case: 'tariffId' as const, value: 1 } }, e164: '4312345678', callId, takesCapacity: true, atUs: BigInt(clock.nowUs() - secondsAgo * 1_000_000) };
      const answer = routeBatch(router, create(RouteRequestSchema, { items: [item] }), leases);
      const [result] = answer.ok ? create(RouteReplySchema, answer.value).results : [];
      return result?.carriers.map(({ carrierCode }) => carrierCode).join(' ') || result?.excluded.map(({ code }) => code).join(' ');
    };
    expect([verdict('sw/1/1', 0), verdict('sw/2/1', 59), verdict('sw/3/1', 60)]).toEqual(['ONLY', 'at_capacity', 'at_capacity']);
  });
});
