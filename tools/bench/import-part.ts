import { createReadStream, createWriteStream, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { lineBatchesOf } from '../../services/edge/src/cdr-import/lines.ts';
import { type Note, progress } from '../cli/progress.ts';
import { homeFolder } from '../cli/project.ts';
import { Stop } from '../cli/stop.ts';
import { secrets } from '../servers/secrets.ts';
import { addressesOf, liveRun, type RunState } from '../stack/run-state.ts';
import { rounded } from './arithmetic.ts';
import { cdrFile } from './cdr-file.ts';
import { breakdownOf, cpuBetween, cpuSeconds, perItem } from './cpu.ts';
import { type Figure, figureOf } from './figures.ts';
import type { BenchOptions } from './options.ts';
import { type Bed, newRunId } from './pipeline.ts';
import { wealthyCards } from './population.ts';
import { withDatabase } from './servers.ts';

const targetRows = 1_000_000;
const targetPerSec = 20_000;
const sampledEveryMs = 100;
const queuedSql = `SELECT coalesce(sum(event_count), 0)::int AS count FROM (
  SELECT event_count FROM import_queue UNION ALL SELECT event_count FROM outbox WHERE subject LIKE '%.call.ended.%') q`;

/**
 * How fast a switch's file of calls becomes durable and is queued for rating, row by row answered, and what memory the edge takes
 * meanwhile. Everything behind it works along, on the same cores: what is queued is rated, charged and recorded at its pace.
 */
export async function importFigures({ api, state, seeded }: Bed, { fileRows }: BenchOptions): Promise<Figure[]> {
  const file = join(homeFolder(), 'Master.csv');
  const source = { ...seeded, cardIds: await wealthyCards(api, seeded, 1_000), runId: newRunId() };
  await progress(`Writing a file of ${fileRows.toLocaleString('en')} rows`, () => pipeline(Readable.from(cdrFile(source, fileRows, Math.floor(Date.now() / 1000))), createWriteStream(file)));
  try {
    const queuedBefore = await queued(state);
    const cpuBefore = cpuSeconds(state);
    const { seconds, taken, heldMb: held } = await progress('Importing it', (note) => sendFile(state, file, fileRows, note));
    const perRow = perItem(cpuBetween(cpuBefore, cpuSeconds(state)), fileRows);
    const queuedRows = (await queued(state)) - queuedBefore;
    if (taken !== fileRows || queuedRows !== fileRows) throw new Stop(`Of ${fileRows} rows ${taken} were taken and ${queuedRows} queued.`);
    const isFull = fileRows >= targetRows;
    const size = `${fileRows.toLocaleString('en')} rows`;
    return [
      figureOf('import_rows_per_sec', rounded(fileRows / seconds, 0), 'rows/s', {
        target: isFull ? { atLeast: targetPerSec } : undefined,
        note: `${size} of Asterisk's, each answered, durable and queued for rating; while some are rated, charged and recorded already`,
      }),
      figureOf('import_cpu_per_row', perRow.find(({ name }) => name === 'edge')?.seconds ?? 0, 'µs', { note: `of the edge; all: ${breakdownOf(perRow)}` }),
      figureOf('import_memory_peak_mb', rounded(Math.max(...held), 0), 'MB', { note: `of the edge; by quarters of the file ${held.map((mb) => rounded(mb, 0)).join(', ')} MB at most` }),
    ];
  } finally {
    rmSync(file, { force: true });
  }
}

async function queued(state: RunState): Promise<number> {
  return await withDatabase(state, 'tollwire_edge', async (client) => (await client.query<{ count: number }>(queuedSql)).rows[0]?.count ?? 0);
}

const quarters = 4;

interface Sent {
  readonly seconds: number;
  readonly taken: number;
  /** The most that the edge held at once while each quarter of the rows was answered, in MB. */
  readonly heldMb: readonly number[];
}

const done = z.object({ done: z.literal(true), accepted: z.number() });

async function sendFile(state: RunState, file: string, rows: number, note: Note): Promise<Sent> {
  const peaksMb = new Array<number>(quarters).fill(0);
  let answered = 0;
  let last = '';
  const pid = liveRun()?.processes['edge']?.process?.pid;
  const sampler = setInterval(() => {
    const quarter = Math.min(Math.floor((quarters * answered) / rows), quarters - 1);
    peaksMb[quarter] = Math.max(peaksMb[quarter] ?? 0, pid === undefined ? 0 : heldMb(pid));
    note(`${answered.toLocaleString('en')} of ${rows.toLocaleString('en')} rows answered`);
  }, sampledEveryMs);
  const startedMs = performance.now();
  try {
    for await (const lines of lineBatchesOf(await answerTo(state, file))) {
      answered += lines.length;
      last = lines.at(-1)?.text ?? last;
    }
  } finally {
    clearInterval(sampler);
  }
  const seconds = (performance.now() - startedMs) / 1000;
  const summary = done.safeParse(JSON.parse(last));
  if (!summary.success) throw new Stop(`The import did not end: ${last.slice(0, 300)}`);
  return { seconds, taken: summary.data.accepted, heldMb: peaksMb };
}

/** Sends the file as it is read; the answer comes meanwhile. */
async function answerTo(state: RunState, file: string): Promise<Readable> {
  const headers = { authorization: `Bearer ${secrets().edgeAdminKey}`, 'content-type': 'text/csv' };
  const sent = request(`${addressesOf(state).api}/v1/cdrs/import?format=asterisk_csv&switchId=bench-pbx`, { method: 'POST', headers });
  const answer = new Promise<Readable>((resolve, reject) => {
    sent.once('error', reject);
    sent.once('response', resolve);
  });
  createReadStream(file).pipe(sent);
  return await answer;
}

function heldMb(pid: number): number {
  try {
    return Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
  } catch {
    // No Linux, or no process any more: nothing is known.
    return 0;
  }
}
