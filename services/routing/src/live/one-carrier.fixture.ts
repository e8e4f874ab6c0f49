import { NO_LIMITS } from '../domain/provider-limits.ts';
import { carrier } from '../domain/route.fixture.ts';
import type { CallLeases } from './call-leases.ts';
import { LiveRouter } from './live-router.ts';

/** A router of one carrier, ONLY, which takes one call at a time, to all of Austria. */
export async function oneCarrierRouter(leases: CallLeases): Promise<LiveRouter> {
  const only = carrier(0, 'ONLY', { limits: { ...NO_LIMITS, concurrentCallsMax: 1 } });
  const source = { carrierCode: 'ONLY', carrierPlanId: undefined, digest: 'direct:ONLY', currency: 'EUR', validFromUs: 0, validUntilUs: Infinity };
  const columns = { prefix: ['43'], ratePerMinNanos: [10_000_000], validFromUs: [0], validUntilUs: [Infinity], blocked: [], timing: [], timings: [], charge: [], charges: [] };
  const measures = { quality: { version: 0, for: () => undefined }, capacity: leases, balances: { spentNanos: () => 0n } };
  const router = new LiveRouter({ carriers: async () => [only], directRates: async () => [{ source, columns }], policies: async () => new Map() }, measures);
  await router.apply({ decks: [], voipPlans: [], sellTerms: [], planHistory: { voipPlans: [], sellTerms: [] }, exchangeRates: [], async *chunks() {} });
  return router;
}
