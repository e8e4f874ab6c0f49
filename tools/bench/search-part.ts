import type pg from 'pg';
import { z } from 'zod';
import { type Filling, fillSql, fillSwitchesSql, indexesSql, partitionsSql, recountSql, spread } from '../../services/cdr/bench/fill-calls.ts';
import { type Note, progress } from '../cli/progress.ts';
import { percentile, rounded } from './arithmetic.ts';
import { type Figure, figureOf } from './figures.ts';
import type { BenchOptions } from './options.ts';
import type { Bed } from './pipeline.ts';
import { writePlans } from './search-plans.ts';
import { withDatabase } from './servers.ts';

const days = 30;
const rowsAtOnce = 250_000;
const askedTimes = 200;
const targetRows = 10_000_000;
const known = '4366412345678';
const anything = z.looseObject({});

/** How long searches and reports take over so many calls, asked one after the other at the door. */
export async function searchFigures({ api, state }: Bed, { rows, plans }: BenchOptions): Promise<Figure[]> {
  // Whole days, as people ask for them: sums by the hour serve them.
  const filling: Filling = { untilUs: BigInt(Math.floor(Date.now() / 86_400_000)) * 86_400_000_000n, days, rows };
  await api.post('/v1/calls/events', { events: [calling(filling)] }, anything);
  await progress(`Filling ${rows.toLocaleString('en')} calls in`, (note) => withDatabase(state, 'tollwire_cdr', (client) => fill(client, filling, note)));
  if (plans) await progress('Asking for plans', () => withDatabase(state, 'tollwire_cdr', (client) => writePlans(client, filling)));
  const figures: Figure[] = [];
  for (const { name, target, pathOf } of questions(filling)) {
    const tookMs = await progress(`Asking: ${name}`, () => asked((path) => api.get(path, anything), pathOf));
    const sorted = Float64Array.from(tookMs).sort();
    figures.push(figureOf(`search_${name}_p95_ms`, rounded(percentile(sorted, 0.95), 1), 'ms', {
      target: rows >= targetRows ? { atMost: target } : undefined, note: `p50 ${rounded(percentile(sorted, 0.5), 1)} ms; ${rows.toLocaleString('en')} calls`,
    }));
  }
  return figures;
}

/** A call whose numbers are sealed by the service itself, to be found by its number. */
function calling({ untilUs }: Filling): object {
  const at = new Date(Number(untilUs / 1000n)).toISOString();
  return { type: 'CallStarted', switchId: 'bench-known', callId: 'known', accountCode: 'acme-1', cli: '431234567', calledNumber: known, startedAt: at };
}

async function fill(client: pg.Client, { untilUs, rows }: Filling, note: Note): Promise<void> {
  const { rows: indexes } = await client.query<{ name: string; definition: string }>(indexesSql);
  for (const { name } of indexes) await client.query(`DROP INDEX ${name}`);
  await client.query(fillSwitchesSql);
  const lastDay = Number(untilUs / 86_400_000_000n);
  await client.query(partitionsSql, [lastDay - days, lastDay, 1]);
  const stepUs = Math.floor((days * 86_400_000_000) / rows);
  for (let first = 1; first <= rows; first += rowsAtOnce) {
    await client.query(fillSql, [first, Math.min(first + rowsAtOnce - 1, rows), rows, untilUs.toString(), stepUs]);
    note(`${Math.round((100 * first) / rows)} %`);
  }
  for (const { definition } of indexes) await client.query(definition);
  note('sums and statistics');
  // In one transaction, because the service folds calls of the parts before this one meanwhile.
  await client.query('BEGIN');
  for (const statement of recountSql) await client.query(statement);
  await client.query('COMMIT');
  await client.query('VACUUM ANALYZE call');
  await client.query('ANALYZE report_bucket');
}

interface Question {
  readonly name: string;
  /** Milliseconds. */
  readonly target: number;
  readonly pathOf: (time: number) => string;
}

function questions({ untilUs, rows }: Filling): Question[] {
  const dayAt = (time: number) => new Date(Number(untilUs / 1000n) - (1 + (time % (days - 2))) * 86_400_000).toISOString();
  const search = (name: string, queryOf: (time: number) => string): Question => ({ name, target: 100, pathOf: (time) => `/v1/calls?${queryOf(time)}` });
  const report = (name: string, queryOf: (time: number) => string): Question => ({ name, target: 200, pathOf: (time) => `/v1/reports/traffic?${queryOf(time)}` });
  const from = encodeURIComponent(new Date(Number(untilUs / 1000n) - days * 86_400_000).toISOString());
  const until = encodeURIComponent(new Date(Number(untilUs / 1000n)).toISOString());
  return [
    { name: 'call_id', target: 100, pathOf: (time) => {
      const n = 1 + ((time * 7919 * 13) % rows);
      return `/v1/calls/bench-${n % spread.switches}/bench-${String(n).padStart(10, '0')}`;
    } },
    search('card', (time) => `cardId=${String(((time * 2 * 7919) % spread.cards)).padStart(16, '0')}`),
    search('account', (time) => `accountCode=acme-${((2 * time + 1) * 7919) % spread.accounts}`),
    search('number', () => `number=${known}&reason=bench`),
    search('time', (time) => `until=${dayAt(time)}`),
    search('carrier', (time) => `carrierCode=CARRIER-${time % spread.carriers}&until=${dayAt(time)}`),
    search('cause', (time) => `q850Cause=${[16, 17, 19, 31, 34][time % 5] ?? 16}&until=${dayAt(time)}`),
    search('rare_cause', (time) => `q850Cause=41&until=${dayAt(time)}`),
    search('prefix', (time) => `calledPrefix=${40 + (time % 60)}&until=${dayAt(time)}`),
    report('report_carriers_by_day', () => `by=carrier&step=day&from=${from}&until=${until}`),
    report('report_destinations', () => `by=destination&step=whole&from=${from}&until=${until}`),
    report('report_hours', () => `by=all&step=hour&from=${from}&until=${until}`),
  ];
}

/** Milliseconds of each answer, after some that prepare statements and warm what is warm in life. */
async function asked(get: (path: string) => Promise<unknown>, pathOf: (time: number) => string): Promise<number[]> {
  for (let time = 0; time < 20; time += 1) await get(pathOf(askedTimes + time));
  const tookMs: number[] = [];
  for (let time = 0; time < askedTimes; time += 1) {
    const began = performance.now();
    await get(pathOf(time));
    tookMs.push(performance.now() - began);
  }
  return tookMs;
}
