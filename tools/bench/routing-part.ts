import { z } from 'zod';
import { progress } from '../cli/progress.ts';
import { secrets } from '../servers/secrets.ts';
import { busUrl } from '../stack/environment.ts';
import { rounded } from './arithmetic.ts';
import { runChild } from './child.ts';
import { breakdownOf, cpuBetween, cpuSeconds, type CpuUse, generator, perItem } from './cpu.ts';
import { type Figure, figureOf, type Target } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { type Bed, newRunId } from './pipeline.ts';

const loadReport = z.object({ count: z.number(), p50Ms: z.number(), p90Ms: z.number(), p99Ms: z.number(), maxMs: z.number(), outcomes: z.record(z.string(), z.number()), generatorCpuSec: z.number() });
const swapReport = z.object({ rates: z.number(), swapMs: z.number(), decisions: z.number(), slowestMs: z.number(), slowestBeforeMs: z.number() });

/** As often as the target is for, whatever authorizations are asked at. */
const routesPerSec = 2_000;
const warmUpSeconds = 5;
const fullRates = 1_000_000;

/** As services are run: what a request leaves behind dies before a collection copies it, and pauses of the generator are no latency. */
const generatorFlags = ['--max-semi-space-size=64'];

/** More than the bench lets through, so that no carrier is out. */
const limits = { concurrentCallsMax: 1_000_000, callsPerSecMax: 1_000_000 };
const providers = z.object({ providers: z.array(z.object({ carrierCode: z.string() })) });

/** What came of a load, and the processor time that each part of the system took of it. */
interface Load extends z.infer<typeof loadReport> {
  readonly cpu: readonly CpuUse[];
}

/**
 * What a route takes when it is asked for over the bus: without limits, and where every carrier has limits of its capacity and each call takes a lease; and what decisions
 * notice of a large deck that is swapped in.
 */
export async function routingFigures(bed: Bed, { seconds, rates }: BenchOptions): Promise<Figure[]> {
  const perSec = routesPerSec.toLocaleString('en');
  await progress('Warming up', () => load(bed, Math.min(seconds, warmUpSeconds)));
  const asked = await progress(`Asking for ${perSec} routes a second over the bus`, () => load(bed, seconds));
  await limitAll(bed, limits);
  await progress('Warming up with limits', () => load(bed, Math.min(seconds, warmUpSeconds), true));
  const limited = await progress(`Asking for ${perSec} routes a second of limited carriers`, () => load(bed, seconds, true));
  await limitAll(bed, {});
  const swap = await progress('Swapping a deck while decisions go on', () => runChild('swap-child.ts', rates, swapReport));
  return [
    ...requestFigures('route_request', asked, `${perSec}/s for ${seconds} s over NATS, a call each`, { atMost: 3 }),
    ...requestFigures('route_limited', limited, 'the same where every carrier is limited and each call takes a lease'), ...swapFigures(swap),
  ];
}

async function load({ state, seeded }: Bed, seconds: number, takesCapacity = false): Promise<Load> {
  const input = { busUrl: busUrl(state.plan, 'operator', secrets()), rate: routesPerSec, tariffId: seeded.world.tariffId, destinations: seeded.plan.prefixes };
  const before = cpuSeconds(state);
  const report = await runChild('routing-load.ts', { ...input, runId: newRunId(), seconds, takesCapacity }, loadReport, { flags: generatorFlags });
  const used = cpuBetween(before, cpuSeconds(state)).filter(({ name }) => name !== generator);
  return { ...report, cpu: [...used, { name: generator, seconds: report.generatorCpuSec }] };
}

async function limitAll({ api }: Bed, agreed: object): Promise<void> {
  const listed = await api.get('/v1/providers', providers);
  for (const { carrierCode } of listed.providers) await api.post(`/v1/providers/${encodeURIComponent(carrierCode)}/limits`, agreed, z.object({}));
}

function requestFigures(name: string, { count, p50Ms, p90Ms, p99Ms, maxMs, outcomes, cpu }: Load, note: string, target?: Target): Figure[] {
  const told = Object.entries(outcomes).map(([outcome, calls]) => `${outcome} ${calls.toLocaleString('en')}`).join(', ');
  const parts = perItem(cpu, count);
  const routing = parts.find((part) => part.name === 'routing')?.seconds ?? 0;
  return [
    figureOf(`${name}_p50_ms`, p50Ms, 'ms'),
    figureOf(`${name}_p90_ms`, p90Ms, 'ms'),
    figureOf(`${name}_p99_ms`, p99Ms, 'ms', { ...(target === undefined ? {} : { target }), note: `${note}; ${told}` }),
    figureOf(`${name}_max_ms`, maxMs, 'ms'),
    figureOf(`${name}_cpu`, rounded(routing, 1), 'µs', { note: `of routing, for each; all: ${breakdownOf(parts)}` }),
  ];
}

function swapFigures({ rates, swapMs, decisions, slowestMs, slowestBeforeMs }: z.infer<typeof swapReport>): Figure[] {
  const note = `${rates.toLocaleString('en')} rates in ${swapMs.toLocaleString('en')} ms, ${decisions.toLocaleString('en')} decisions meanwhile; the second before, ${rounded(slowestBeforeMs, 1)} ms`;
  return [figureOf('route_swap_max_ms', rounded(slowestMs, 1), 'ms', { note, ...(rates >= fullRates ? { target: { atMost: 50 } } : {}) })];
}
