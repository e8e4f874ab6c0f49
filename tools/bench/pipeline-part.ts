import { progress } from '../cli/progress.ts';
import { ratio, rounded } from './arithmetic.ts';
import { callParties } from './call-bodies.ts';
import { breakdownOf, generator, shareOf, totalOf } from './cpu.ts';
import { type Figure, figureOf } from './figures.ts';
import { benchFloor, type FloorFigures } from './floor.ts';
import type { BenchOptions } from './options.ts';
import { eventSizes } from './outcome.ts';
import { benchPipeline, type Bed, newRunId, type PipelineFigures } from './pipeline.ts';
import { wealthyCards } from './population.ts';
import { reserveFor } from './reserve.ts';

const cardCount = 10_000;
const reservedCallsMax = 20_000;

/** The whole way of calls, without and with reservations, and the floor under it, measured one after the other. */
export async function pipelineFigures(bed: Bed, options: BenchOptions): Promise<Figure[]> {
  const figures: Figure[] = [];
  let pipeline: PipelineFigures | undefined;
  if (options.only.includes('pipeline')) {
    const cardIds = await progress('Issuing cards', () => wealthyCards(bed.api, bed.seeded, Math.min(cardCount, options.calls)));
    // Statements are prepared and code is compiled on the first calls; they are not measured.
    await progress('Warming up', (note) => benchPipeline(bed, newRunId(), cardIds, Math.ceil(options.calls / 10), note));
    pipeline = await progress('Sending calls the whole way', (note) => benchPipeline(bed, newRunId(), cardIds, options.calls, note));
    figures.push(...wholeWay(pipeline, options));
    figures.push(await withReservations(bed, cardIds, Math.min(options.calls, reservedCallsMax)));
  }
  if (options.only.includes('floor')) {
    const sizes = pipeline === undefined ? {} : await eventSizes(bed.state);
    const floor = await progress('Writing the same without logic', (note) => benchFloor(bed.state, sizes, options.calls, note));
    figures.push(...underIt(floor));
    if (pipeline !== undefined) {
      const note = `${pipeline.callsPerSec.toLocaleString('en')} of ${floor.callsPerSec.toLocaleString('en')} calls/s, one after the other`;
      figures.push(figureOf('pipeline_to_floor', ratio(pipeline.callsPerSec, floor.callsPerSec), 'ratio', { target: { atLeast: 0.5 }, note }));
    }
  }
  return figures;
}

function wholeWay({ callsPerSec, acceptedPerSec, exact, cpu }: PipelineFigures, { calls }: BenchOptions): Figure[] {
  const share = shareOf(generator, cpu);
  const note = `${calls.toLocaleString('en')} calls, ${exact ? 'exact' : 'NOT EXACT: counts differ'}`;
  return [
    figureOf('pipeline_calls_per_sec', callsPerSec, 'calls/s', { target: { atLeast: 5000 }, note }),
    figureOf('pipeline_exact', exact ? 1 : 0, 'yes = 1', { target: { atLeast: 1 }, note: 'one CDR, rating and charge each; ledger sum 0' }),
    figureOf('door_calls_per_sec', acceptedPerSec, 'calls/s', { note: 'durable in the journal, while all else went on' }),
    figureOf('pipeline_cpu_per_call', rounded(totalOf(cpu) * (1 - share), 1), 'µs', { note: breakdownOf(cpu.filter(({ name }) => name !== generator)) }),
    figureOf('load_generator_share', rounded(share * 100, 1), '%', { note: 'of the processor time; the figures above share the machine with it' }),
  ];
}

async function withReservations(bed: Bed, cardIds: readonly string[], calls: number): Promise<Figure> {
  const runId = newRunId();
  await progress('Reserving credit for calls', (note) => reserveFor(bed.api, callParties({ ...bed.seeded, cardIds, runId }, calls), note));
  const { callsPerSec, exact } = await progress('Sending calls with reservations', (note) => benchPipeline(bed, runId, cardIds, calls, note));
  const note = `${calls.toLocaleString('en')} calls that had been authorized, ${exact ? 'exact' : 'NOT EXACT: counts differ'}`;
  return figureOf('reserved_calls_per_sec', callsPerSec, 'calls/s', { note });
}

function underIt({ callsPerSec, cpu }: FloorFigures): Figure[] {
  return [
    figureOf('floor_calls_per_sec', callsPerSec, 'calls/s', { note: 'the same durable writes and messages without domain logic' }),
    figureOf('floor_cpu_per_call', rounded(totalOf(cpu), 1), 'µs', { note: breakdownOf(cpu) }),
  ];
}
