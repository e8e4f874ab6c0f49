import { z } from 'zod';
import { progress } from '../cli/progress.ts';
import { secrets } from '../servers/secrets.ts';
import { busUrl } from '../stack/environment.ts';
import { rounded } from './arithmetic.ts';
import { runChild } from './child.ts';
import { type Figure, figureOf } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { type Bed, newRunId } from './pipeline.ts';

const loadReport = z.object({ count: z.number(), p50Ms: z.number(), p90Ms: z.number(), p99Ms: z.number(), maxMs: z.number(), outcomes: z.record(z.string(), z.number()) });
const swapReport = z.object({ rates: z.number(), swapMs: z.number(), decisions: z.number(), slowestMs: z.number(), slowestBeforeMs: z.number() });

/** As often as the target is for, whatever authorizations are asked at. */
const routesPerSec = 2_000;
const warmUpSeconds = 5;
const fullRates = 1_000_000;

/** What a route takes when it is asked for over the bus, and what decisions notice of a large deck that is swapped in. */
export async function routingFigures({ state: { plan }, seeded }: Bed, { seconds, rates }: BenchOptions): Promise<Figure[]> {
  const input = { busUrl: busUrl(plan, 'operator', secrets()), rate: routesPerSec, tariffId: seeded.world.tariffId, destinations: seeded.plan.prefixes };
  const load = (sec: number) => runChild('routing-load.ts', { ...input, runId: newRunId(), seconds: sec }, loadReport);
  await progress('Warming up', () => load(Math.min(seconds, warmUpSeconds)));
  const asked = await progress(`Asking for ${routesPerSec.toLocaleString('en')} routes a second over the bus`, () => load(seconds));
  return [...requestFigures(asked, seconds), ...swapFigures(await progress('Swapping a deck while decisions go on', () => runChild('swap-child.ts', rates, swapReport)))];
}

function requestFigures({ p50Ms, p90Ms, p99Ms, maxMs, outcomes }: z.infer<typeof loadReport>, seconds: number): Figure[] {
  const told = Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count.toLocaleString('en')}`).join(', ');
  return [
    figureOf('route_request_p50_ms', p50Ms, 'ms'),
    figureOf('route_request_p90_ms', p90Ms, 'ms'),
    figureOf('route_request_p99_ms', p99Ms, 'ms', { target: { atMost: 3 }, note: `${routesPerSec.toLocaleString('en')}/s for ${seconds} s over NATS, a call each; ${told}` }),
    figureOf('route_request_max_ms', maxMs, 'ms'),
  ];
}

function swapFigures({ rates, swapMs, decisions, slowestMs, slowestBeforeMs }: z.infer<typeof swapReport>): Figure[] {
  const note = `${rates.toLocaleString('en')} rates in ${swapMs.toLocaleString('en')} ms, ${decisions.toLocaleString('en')} decisions meanwhile; the second before, ${rounded(slowestBeforeMs, 1)} ms`;
  return [figureOf('route_swap_max_ms', rounded(slowestMs, 1), 'ms', { note, ...(rates >= fullRates ? { target: { atMost: 50 } } : {}) })];
}
