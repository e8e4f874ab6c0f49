import { z } from 'zod';
import { progress } from '../cli/progress.ts';
import { secrets } from '../servers/secrets.ts';
import { busUrl } from '../stack/environment.ts';
import { requestFlags } from '../stack/node-flags.ts';
import { seeded as seededRandom } from '../world/random.ts';
import { rounded } from './arithmetic.ts';
import { calledNumber } from './call-bodies.ts';
import { runChild, startProgram } from './child.ts';
import { breakdownOf, cpuBetween, cpuSeconds, type CpuUse, generator, perItem } from './cpu.ts';
import { type Figure, figureOf, type Target } from './figures.ts';
import { floorRoot } from './floor/shape.ts';
import type { BenchOptions } from './options.ts';
import { type Bed, newRunId } from './pipeline.ts';

const loadReport = z.object({ count: z.number(), p50Ms: z.number(), p90Ms: z.number(), p99Ms: z.number(), maxMs: z.number(), outcomes: z.record(z.string(), z.number()), generatorCpuSec: z.number() });
const swapReport = z.object({ rates: z.number(), swapMs: z.number(), decisions: z.number(), slowestMs: z.number(), slowestBeforeMs: z.number() });

/** As often as the target is for, whatever authorizations are asked at. */
const routesPerSec = 2_000;
/** Until all code on the way is compiled, as it is in what has run for days. */
const warmUpSeconds = 20;
const fullRates = 1_000_000;

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
  const floor = await progress(`Asking ${perSec} times a second for an answer that is always the same`, () => floorLoad(bed, seconds));
  await limitAll(bed, limits);
  await progress('Warming up with limits', () => load(bed, Math.min(seconds, warmUpSeconds), true));
  const limited = await progress(`Asking for ${perSec} routes a second of limited carriers`, () => load(bed, seconds, true));
  await limitAll(bed, {});
  const swap = await progress('Swapping a deck while decisions go on', () => runChild('swap-child.ts', rates, swapReport));
  return [
    ...requestFigures('route_request', asked, `${perSec}/s for ${seconds} s over NATS, a call each`, { atMost: 3 }),
    ...latencyFigures('route_floor', floor, 'the same asked of a bare program that answers each with the bytes of one real answer'),
    ...requestFigures('route_limited', limited, 'the same where every carrier is limited and each call takes a lease'), ...swapFigures(swap),
  ];
}

async function load({ state, seeded }: Bed, seconds: number, takesCapacity = false, root = 'tollwire'): Promise<Load> {
  const input = { root, busUrl: busUrl(state.plan, 'operator', secrets()), rate: routesPerSec, tariffId: seeded.world.tariffId, destinations: seeded.plan.prefixes };
  const before = cpuSeconds(state);
  const report = await runChild('routing-load.ts', { ...input, runId: newRunId(), seconds, takesCapacity }, loadReport, { flags: requestFlags });
  const used = cpuBetween(before, cpuSeconds(state)).filter(({ name }) => name !== generator);
  return { ...report, cpu: [...used, { name: generator, seconds: report.generatorCpuSec }] };
}

/** The same load on a bare program: what the bus, the generator and the machine take of a request by themselves. */
async function floorLoad(bed: Bed, seconds: number): Promise<Load> {
  const { state, seeded } = bed;
  const stopping = new AbortController();
  const input = { busUrl: busUrl(state.plan, 'operator', secrets()), tariffId: seeded.world.tariffId, e164: sampleNumber(bed) };
  const echo = await startProgram('floor/route-echo.ts', input, stopping.signal);
  try {
    await load(bed, Math.min(seconds, warmUpSeconds), false, floorRoot);
    return await load(bed, seconds, false, floorRoot);
  } finally {
    stopping.abort();
    await echo.ended;
  }
}

/** A number that carriers have offers for. */
function sampleNumber({ seeded }: Bed): string {
  return calledNumber(seededRandom(11), seeded.plan.prefixes);
}

async function limitAll({ api }: Bed, agreed: object): Promise<void> {
  const listed = await api.get('/v1/providers', providers);
  for (const { carrierCode } of listed.providers) await api.post(`/v1/providers/${encodeURIComponent(carrierCode)}/limits`, agreed, z.object({}));
}

function requestFigures(name: string, load: Load, note: string, target?: Target): Figure[] {
  const parts = perItem(load.cpu, load.count);
  const routing = parts.find((part) => part.name === 'routing')?.seconds ?? 0;
  return [...latencyFigures(name, load, note, target), figureOf(`${name}_cpu`, rounded(routing, 1), 'µs', { note: `of routing, for each; all: ${breakdownOf(parts)}` })];
}

function latencyFigures(name: string, { p50Ms, p90Ms, p99Ms, maxMs, outcomes }: Load, note: string, target?: Target): Figure[] {
  const told = Object.entries(outcomes).map(([outcome, calls]) => `${outcome} ${calls.toLocaleString('en')}`).join(', ');
  return [
    figureOf(`${name}_p50_ms`, p50Ms, 'ms'),
    figureOf(`${name}_p90_ms`, p90Ms, 'ms'),
    figureOf(`${name}_p99_ms`, p99Ms, 'ms', { ...(target === undefined ? {} : { target }), note: `${note}; ${told}` }),
    figureOf(`${name}_max_ms`, maxMs, 'ms'),
  ];
}

function swapFigures({ rates, swapMs, decisions, slowestMs, slowestBeforeMs }: z.infer<typeof swapReport>): Figure[] {
  const note = `${rates.toLocaleString('en')} rates in ${swapMs.toLocaleString('en')} ms, ${decisions.toLocaleString('en')} decisions meanwhile; the second before, ${rounded(slowestBeforeMs, 1)} ms`;
  return [figureOf('route_swap_max_ms', rounded(slowestMs, 1), 'ms', { note, ...(rates >= fullRates ? { target: { atMost: 50 } } : {}) })];
}
