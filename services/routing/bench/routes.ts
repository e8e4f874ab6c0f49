import { buildIndex } from '../src/domain/build-index.ts';
import type { Carrier } from '../src/domain/carriers.ts';
import { route } from '../src/domain/route.ts';
import { RoutingPlan } from '../src/domain/routing-plan.ts';
import type { SourceDeck } from '../src/domain/source.ts';
import { carrier, e164, noonUs } from '../src/domain/route.fixture.ts';

/** What routing costs in process. */
export interface RouteBench {
  readonly carriers: number;
  readonly rates: number;
  readonly routesPerSec: number;
  readonly bytesPerRate: number;
  readonly buildMs: number;
}

/** Decides explained routes over `carriers` × `prefixes` rates for about `seconds`, one core. */
export function benchRoutes(carrierCount = 20, prefixCount = 100_000, seconds = 2): RouteBench {
  const carriers = Array.from({ length: carrierCount }, (_, number) => carrier(number, `C${String(number).padStart(2, '0')}`));
  const started = performance.now();
  const build = buildIndex(carriers, carriers.map((each) => deckOf(each, prefixCount)));
  let step = build.next();
  while (step.done !== true) step = build.next();
  const index = step.value;
  const buildMs = performance.now() - started;
  const numbers = Array.from({ length: 4096 }, (_, at) => e164(String(10 ** 11 + ((at * 48_271_000_003) % (9 * 10 ** 11)))));
  const sell = { ratePerMinNanos: 60_000_000, currency: 'EUR' };
  let decisions = 0;
  let ranked = 0;
  const from = performance.now();
  while (performance.now() - from < seconds * 1000) {
    for (const number of numbers) {
      const decision = route({ e164: number, atUs: noonUs, plan: RoutingPlan.ofTariff, sell }, index);
      ranked += decision.routed ? decision.carriers.length : 0;
    }
    decisions += numbers.length;
  }
  const routesPerSec = Math.round(decisions / ((performance.now() - from) / 1000));
  if (ranked === 0) throw new Error('The bench routed nothing');
  return { carriers: carrierCount, rates: index.rateCount, routesPerSec, bytesPerRate: index.bytes / index.rateCount, buildMs: Math.round(buildMs) };
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
