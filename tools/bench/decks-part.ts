import { request } from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { type Note, progress } from '../cli/progress.ts';
import { Stop } from '../cli/stop.ts';
import { secrets } from '../servers/secrets.ts';
import { addressesOf, liveRun, type RunState } from '../stack/run-state.ts';
import { rounded } from './arithmetic.ts';
import { type CpuUse, cpuBetween, cpuSeconds, totalOf } from './cpu.ts';
import { deckCsv } from './deck-csv.ts';
import { type Figure, figureOf, type Target } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { type Bed, newRunId } from './pipeline.ts';
import { wealthyCards } from './population.ts';
import { type Stretch, withSteadyCalls } from './steady-calls.ts';

const steadyCallsPerSec = 500;
const beforeMs = 5_000;
const patienceMs = 180_000;
const targetRates = 1_000_000;

const created = z.object({ id: z.number() });
const anything = z.object({});
const imported = z.object({ deck: z.object({ digest: z.string() }), acceptedCount: z.number() });

/** How long a large deck takes from its file to the prices, what calls notice of it, and how long rating takes to start with it. */
export async function decksFigures(bed: Bed, { rates }: BenchOptions): Promise<Figure[]> {
  const cardIds = await wealthyCards(bed.api, bed.seeded, 1000);
  const ownerId = await newCarrier(bed);
  const { before, during, seconds } = await withSteadyCalls(bed, cardIds, steadyCallsPerSec, async (since) => {
    const quiet = since();
    await progress('Sending calls at a moderate rate', () => delay(beforeMs));
    const calm = await quiet();
    const busy = since();
    const took = await progress(`Importing ${rates.toLocaleString('en')} rates while calls go on`, (note) => takeDeck(bed, ownerId, rates, note));
    return { before: calm, during: await busy(), seconds: took };
  });
  const readySec = await progress('Restarting rating', () => restartRating(bed.state));
  const isFull = rates >= targetRates;
  const target = (atMost: number): { target?: Target } => (isFull ? { target: { atMost } } : {});
  const size = `${rates.toLocaleString('en')} rates`;
  return [
    figureOf('deck_in_force_sec', rounded(seconds.all, 1), 's', { ...target(20), note: `${size}, from the first byte until rating and routing have it: ${stepsText(seconds)}` }),
    figureOf('deck_cpu_sec', rounded(totalOf(seconds.cpu), 1), 's', { note: `of all, calls included: ${cpuText(seconds.cpu)}` }),
    figureOf('calls_before_import', before.closedPerSec, 'calls/s', { note: openText(before) }),
    figureOf('calls_during_import', during.closedPerSec, 'calls/s', { note: openText(during) }),
    figureOf('rating_ready_sec', rounded(readySec, 1), 's', { ...target(10), note: `killed and started again by its keeper, with ${size} more than the seed's` }),
  ];
}

interface DeckSeconds {
  readonly imported: number;
  readonly compared: number;
  readonly activated: number;
  readonly all: number;
  /** What each part of the system used of the processor from the first byte on. */
  readonly cpu: readonly CpuUse[];
}

function stepsText({ imported: first, compared, activated, all }: DeckSeconds): string {
  return `import ${rounded(first, 1)}, diff ${rounded(compared, 1)}, activation ${rounded(activated, 1)}, spread ${rounded(all - first - compared - activated, 1)}`;
}

function cpuText(uses: readonly CpuUse[]): string {
  return uses.filter(({ seconds }) => seconds >= 0.05).map(({ name, seconds }) => `${name} ${rounded(seconds, 1)}`).join(', ');
}

function openText({ openMax }: Stretch): string {
  return `sent at ${steadyCallsPerSec}/s; open at once, at most ${openMax}`;
}

/** A carrier of its own, so that the deck comes beside those of the seed. */
async function newCarrier({ api }: Bed): Promise<number> {
  const run = newRunId();
  const carrierCode = `BENCH${run.slice(0, 6).toUpperCase()}`;
  await api.post('/v1/providers', { carrierCode, name: `Bench ${run}`, priority: 9, gateway: { address: 'sip.bench.example', tech: 'SIP', timeoutSec: 30 } }, anything);
  const { id } = await api.post('/v1/carrier-plans', { name: `Bench ${run}`, currency: 'EUR', carrierCode }, created);
  return id;
}

async function takeDeck({ api, state, seeded }: Bed, ownerId: number, rates: number, note: Note): Promise<DeckSeconds> {
  const held = await ratesHeld(state);
  const cpuBefore = cpuSeconds(state);
  const startedMs = performance.now();
  const sinceStart = () => (performance.now() - startedMs) / 1000;
  note('import');
  const { deck, acceptedCount } = await stream(state, `/v1/decks/import?kind=carrier&ownerId=${ownerId}`, deckCsv(rates, seeded.plan.prefixes.map(({ prefix }) => prefix)));
  if (acceptedCount !== rates) throw new Stop(`The catalog took ${acceptedCount} of ${rates} rates.`);
  const importedSec = sinceStart();
  note('diff');
  await api.get(`/v1/decks/${deck.digest}/diff?kind=carrier&ownerId=${ownerId}`, anything);
  const compared = sinceStart() - importedSec;
  note('activation');
  await api.post(`/v1/decks/${deck.digest}/activate`, { kind: 'carrier', ownerId, validFrom: '2026-01-01T00:00:00.000000Z' }, anything);
  const activated = sinceStart() - importedSec - compared;
  note('spread');
  await untilHeld(state, { rating: held.rating + rates, routing: held.routing + rates }, startedMs);
  return { imported: importedSec, compared, activated, all: sinceStart(), cpu: cpuBetween(cpuBefore, cpuSeconds(state)) };
}

/** Posts a CSV piece by piece, at the pace at which it is taken. */
async function stream(state: RunState, path: string, csv: Iterable<string>): Promise<z.infer<typeof imported>> {
  const headers = { authorization: `Bearer ${secrets().edgeAdminKey}`, 'content-type': 'text/csv' };
  const sent = request(`${addressesOf(state).api}${path}`, { method: 'POST', headers });
  const answered = new Promise<string>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      response.on('error', reject);
    });
  });
  Readable.from(csv).pipe(sent);
  const text = await answered;
  const known = imported.safeParse(JSON.parse(text));
  if (!known.success) throw new Stop(`The import was refused: ${text.slice(0, 300)}`);
  return known.data;
}

const ratingFacts = z.object({ facts: z.object({ rateCount: z.number().default(0) }) });
const routingFacts = z.object({ facts: z.object({ rates: z.number().default(0) }) });

/** How many rates the two services that price calls say that they hold; 0 while one does not answer. */
async function ratesHeld(state: RunState): Promise<{ rating: number; routing: number }> {
  const { health } = addressesOf(state);
  const rating = ratingFacts.safeParse(await readiness(health['rating'] ?? ''));
  const routing = routingFacts.safeParse(await readiness(health['routing'] ?? ''));
  return { rating: rating.data?.facts.rateCount ?? 0, routing: routing.data?.facts.rates ?? 0 };
}

async function readiness(url: string): Promise<unknown> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return response.ok ? await response.json() : undefined;
  } catch {
    // It is being started, or busy for longer than two seconds: not ready either way.
    return undefined;
  }
}

async function untilHeld(state: RunState, wanted: { rating: number; routing: number }, startedMs: number): Promise<void> {
  for (;;) {
    const held = await ratesHeld(state);
    if (held.rating >= wanted.rating && held.routing >= wanted.routing) return;
    if (performance.now() - startedMs > patienceMs) {
      throw new Stop(`After ${patienceMs / 1000} s rating holds ${held.rating} of ${wanted.rating} rates and routing ${held.routing} of ${wanted.routing}.`);
    }
    await delay(50);
  }
}

/** Seconds from a kill of rating to the readiness of its successor, with every rate that it held. */
async function restartRating(state: RunState): Promise<number> {
  const held = await ratesHeld(state);
  const pid = liveRun()?.processes['rating']?.process?.pid;
  if (pid === undefined) throw new Stop('Rating is not running, so it cannot be restarted.');
  const startedMs = performance.now();
  process.kill(pid, 'SIGKILL');
  await delay(100);
  await untilHeld(state, held, startedMs);
  return (performance.now() - startedMs) / 1000;
}
