import { z } from 'zod';
import { progress } from '../cli/progress.ts';
import { secrets } from '../servers/secrets.ts';
import { requestFlags } from '../stack/node-flags.ts';
import { addressesOf } from '../stack/run-state.ts';
import { seeded as seededRandom } from '../world/random.ts';
import { rounded } from './arithmetic.ts';
import { withAuthorizeFloor } from './authorize-floor.ts';
import { benchSwitch, calledNumber } from './call-bodies.ts';
import { runChild } from './child.ts';
import { breakdownOf, cpuBetween, cpuSeconds, type CpuUse, generator, perItem, shareOf, totalOf } from './cpu.ts';
import { type Figure, figureOf } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { type Bed, newRunId } from './pipeline.ts';
import { wealthyCards } from './population.ts';
import { untilQuiet } from './quiet.ts';
import { highestBorne, nextRate, type Tried } from './ramp.ts';

const loadReport = z.object({ count: z.number(), p50Ms: z.number(), p90Ms: z.number(), p99Ms: z.number(), maxMs: z.number(), outcomes: z.record(z.string(), z.number()), generatorCpuSec: z.number() });

/** What became of a load, and the processor time that each part of the system used meanwhile, the generator among them. */
interface LoadReport extends z.infer<typeof loadReport> {
  readonly cpu: readonly CpuUse[];
}

/** A rate is borne while one call in a hundred, at most, waits longer than this. */
const p99MsBorne = 50;
const rampSeconds = 5;
const floorWarmUpSeconds = 10;
/**
 * What has run for days has its code compiled, its statements prepared on every connection, and few cards that have never called. So each card makes a call first,
 * for so long at most.
 */
const warmUpSecondsMax = 120;

/** Latency of authorizations, each with a durable reservation: over many cards, on one card, and the highest rate that is borne. */
export async function authorizeFigures(bed: Bed, { rate, seconds, cards }: BenchOptions): Promise<Figure[]> {
  const cardIds = await progress(`Issuing ${cards.toLocaleString('en')} cards`, (note) => wealthyCards(bed.api, bed.seeded, cards, note));
  const hot = await wealthyCards(bed.api, bed.seeded, 1);
  await progress('Making a call with each card', () => load(bed, cardIds, { rate, seconds: Math.min(warmUpSecondsMax, Math.ceil(cards / rate)), inTurn: true }));
  await untilQuiet(bed.state);
  const many = await progress(`Authorizing ${rate} calls a second`, () => load(bed, cardIds, { rate, seconds }));
  const answer = await bed.api.post('/v1/calls/authorize', floorCall(bed, cardIds), z.unknown());
  const bare = await progress(`Asking ${rate} times a second for an authorization that is always the same`, () =>
    withAuthorizeFloor(bed.state, JSON.stringify(answer), async (baseUrl) => {
      await load(bed, cardIds, { rate, seconds: Math.min(seconds, floorWarmUpSeconds), baseUrl });
      return await load(bed, cardIds, { rate, seconds, baseUrl });
    }));
  const one = await progress(`Authorizing ${rate} calls a second on one card`, () => load(bed, hot, { rate, seconds: Math.min(seconds, 10) }));
  const tried: Tried[] = [];
  await progress('Looking for the highest rate', async (note) => {
    for (let next = nextRate(rate, tried); next !== undefined; next = nextRate(rate, tried)) {
      note(`${next} calls a second`);
      const { p99Ms, outcomes } = await load(bed, cardIds, { rate: next, seconds: Math.min(seconds, rampSeconds) });
      tried.push({ rate: next, borne: p99Ms <= p99MsBorne && failuresOf(outcomes) === 0 });
    }
  });
  return [
    ...distribution('authorize', many, rate === 1000 ? 10 : undefined, `${rate}/s for ${seconds} s over ${cards.toLocaleString('en')} cards`),
    ...cpuFigures(many),
    ...distribution('authorize_floor', bare, undefined, 'the same asked of bare programs with as many hops, trips and commits, which decide nothing'),
    ...distribution('authorize_hot', one, undefined, `${rate}/s on one card`),
    figureOf('authorize_rate_max', highestBorne(tried), 'calls/s', { note: `p99 ≤ ${p99MsBorne} ms; tried ${tried.map((each) => `${each.rate}${each.borne ? '' : ' (not borne)'}`).join(', ')}` }),
  ];
}

/** How often is asked, for how long, and whether with one card after the other. */
interface Asking {
  readonly rate: number;
  readonly seconds: number;
  readonly inTurn?: boolean;
  /** Whom: the door of the system where nothing is said. */
  readonly baseUrl?: string;
}

/** A call whose answer is one of many carriers, as most are. */
function floorCall({ seeded }: Bed, [cardId = '']: readonly string[]): object {
  return { switchId: benchSwitch, callId: newRunId(), cli: '436641234567', calledNumber: calledNumber(seededRandom(11), seeded.plan.prefixes), cardId };
}

async function load({ state, seeded }: Bed, cardIds: readonly string[], { rate, seconds, inTurn = false, baseUrl = addressesOf(state).api }: Asking): Promise<LoadReport> {
  const input = { baseUrl, key: secrets().edgeAdminKey, runId: newRunId(), rate, seconds, cardIds, inTurn, destinations: seeded.plan.prefixes };
  const before = cpuSeconds(state);
  const report = await runChild('authorize-load.ts', input, loadReport, { flags: requestFlags });
  const used = cpuBetween(before, cpuSeconds(state)).filter(({ name }) => name !== generator);
  return { ...report, cpu: [...used, { name: generator, seconds: report.generatorCpuSec }] };
}

/** What one authorization costs, by process, and what making the load took of the same machine. */
function cpuFigures({ count, cpu }: LoadReport): Figure[] {
  const services = perItem(cpu.filter(({ name }) => name !== generator), count);
  return [
    figureOf('authorize_cpu_per_call', rounded(totalOf(services), 1), 'µs', { note: breakdownOf(services) }),
    figureOf('authorize_generator_share', rounded(shareOf(generator, cpu) * 100, 1), '%', { note: 'of the processor time, on the same machine' }),
  ];
}

function distribution(name: string, { p50Ms, p90Ms, p99Ms, maxMs, outcomes }: LoadReport, p99MsMax: number | undefined, note: string): Figure[] {
  const target = p99MsMax === undefined ? undefined : { atMost: p99MsMax };
  return [
    figureOf(`${name}_p50_ms`, p50Ms, 'ms'),
    figureOf(`${name}_p90_ms`, p90Ms, 'ms'),
    figureOf(`${name}_p99_ms`, p99Ms, 'ms', { target, note: `${note}; ${outcomesText(outcomes)}` }),
    figureOf(`${name}_max_ms`, maxMs, 'ms'),
  ];
}

function outcomesText(outcomes: Readonly<Record<string, number>>): string {
  return Object.entries(outcomes).map(([outcome, count]) => `${outcome} ${count.toLocaleString('en')}`).join(', ');
}

/** Requests that were not answered, as opposed to refused by a rule of the trade. */
function failuresOf(outcomes: Readonly<Record<string, number>>): number {
  return Object.entries(outcomes).reduce((sum, [outcome, count]) => (/^(http|broken|timeout)/.test(outcome) ? sum + count : sum), 0);
}
