import { buildIndex } from '../src/domain/build-index.ts';
import type { Carrier } from '../src/domain/carriers.ts';
import { instantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { E164 } from '@tollwire/telecom';
import { NO_LIMITS } from '../src/domain/provider-limits.ts';
import { route, type RouteDecision } from '../src/domain/route.ts';
import { CallLeases } from '../src/live/call-leases.ts';
import { CarrierFactsNow, NOTHING_MEASURED } from '../src/live/carrier-facts-now.ts';
import { RoutingPlan } from '../src/domain/routing-plan.ts';
import type { SourceDeck } from '../src/domain/source.ts';
import { carrier, e164, noonUs } from '../src/domain/route.fixture.ts';

/** What routing costs in process. */
export interface RouteBench {
  readonly carriers: number;
  readonly rates: number;
  readonly routesPerSec: number;
  /** Where every carrier has limits of its capacity. */
  readonly limitedRoutesPerSec: number;
  readonly bytesPerRate: number;
  readonly buildMs: number;
}

/** More than a bench lets through, so that every carrier is asked and none is out. */
const plenty = { ...NO_LIMITS, concurrentCallsMax: 1_000_000_000, callsPerSecMax: 1_000_000_000 };

/** What leases are written to in process: nowhere. */
const nowhere: Sql = { query: async () => [] };

/**
 * Decides explained routes over `carriers` × `prefixes` rates for about `seconds`, one core; then the same where every carrier has limits of its capacity and each
 * call takes a lease. What the database takes of that is not in it.
 */
export async function benchRoutes(carrierCount = 20, prefixCount = 100_000, seconds = 2): Promise<RouteBench> {
  const carriers = Array.from({ length: carrierCount }, (_, number) => carrier(number, `C${String(number).padStart(2, '0')}`));
  const started = performance.now();
  const build = buildIndex(carriers, carriers.map((each) => deckOf(each, prefixCount)));
  let step = build.next();
  while (step.done !== true) step = build.next();
  const index = step.value;
  const buildMs = performance.now() - started;
  const numbers = Array.from({ length: 4096 }, (_, at) => e164(String(10 ** 11 + ((at * 48_271_000_003) % (9 * 10 ** 11)))));
  const routesPerSec = await decisionsPerSec(seconds, numbers, (e164Number) => route({ ...asked, e164: e164Number, atUs: noonUs }, index));
  const limited = index.withCarriers(carriers.map((each) => ({ ...each, limits: plenty })));
  const clock = { nowUs: () => instantUs(Math.round((performance.timeOrigin + performance.now()) * 1000)) };
  const leases = new CallLeases({ database: nowhere, clock, instance: 'bench' });
  const facts = new CarrierFactsNow({ ...NOTHING_MEASURED, capacity: leases });
  let calls = 0;
  const limitedRoutesPerSec = await decisionsPerSec(seconds, numbers, (e164Number) => {
    const decision = route({ ...asked, e164: e164Number, atUs: clock.nowUs() }, limited, facts);
    const first = decision.routed ? decision.carriers[0] : undefined;
    if (first !== undefined) leases.offer(`bench/${(calls += 1)}/0`, first.carrier);
    return decision;
  }, () => leases.refresh(limited.carriers));
  return { carriers: carrierCount, rates: index.rateCount, routesPerSec, limitedRoutesPerSec, bytesPerRate: index.bytes / index.rateCount, buildMs: Math.round(buildMs) };
}

const asked = { plan: RoutingPlan.ofTariff, sell: { ratePerMinNanos: 60_000_000, currency: 'EUR' } };

/** Decides on numbers over and over, by this process' own processor time; `between` runs after each round of them. */
async function decisionsPerSec(seconds: number, numbers: readonly E164[], decide: (number: E164) => RouteDecision, between: () => Promise<void> = async () => undefined): Promise<number> {
  let decisions = 0;
  let ranked = 0;
  const before = process.cpuUsage();
  const from = performance.now();
  while (performance.now() - from < seconds * 1000) {
    for (const number of numbers) {
      const decision = decide(number);
      ranked += decision.routed ? decision.carriers.length : 0;
    }
    decisions += numbers.length;
    await between();
  }
  if (ranked === 0) throw new Error('The bench routed nothing');
  const { user, system } = process.cpuUsage(before);
  return Math.round(decisions / ((user + system) / 1e6));
}

function deckOf({ carrierCode, number }: Carrier, prefixCount: number): SourceDeck {
  const short = Array.from({ length: 900 }, (_, at) => String(100 + at));
  const long = Array.from({ length: prefixCount - short.length }, (_, at) => String(1_000_000 + ((at * 89 + number) % 9_000_000)));
  const prefix = [...new Set([...short, ...long])].sort();
  return {
    source: { carrierCode, carrierPlanId: undefined, digest: carrierCode, currency: 'EUR', validFromUs: 0, validUntilUs: Infinity },
    columns: {
      prefix,
      ratePerMinNanos: Float64Array.from(prefix, (_, at) => 1_000_000 * (1 + ((at * 31 + number * 7) % 80))),
      validFromUs: new Float64Array(prefix.length),
      validUntilUs: new Float64Array(prefix.length).fill(Infinity),
      blocked: [],
      timing: [],
      timings: [],
      charge: [],
      charges: [],
    },
  };
}
