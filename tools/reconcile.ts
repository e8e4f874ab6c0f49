import { createReadStream, statSync } from 'node:fs';
import { instantUs } from '@tollwire/core';
import { localClockOf } from '@tollwire/telecom';
import { cdrFormats } from '../services/edge/src/cdr-import/parsers.ts';
import { cdrRows } from '../services/edge/src/cdr-import/rows.ts';
import { argumentsOf } from './cli/arguments.ts';
import { unreadable } from './cli/document.ts';
import { columns } from './cli/paint.ts';
import { progress } from './cli/progress.ts';
import { Misuse, Stop } from './cli/stop.ts';
import { mappingHelp, mappingOf } from './import/mapping.ts';
import { runningApi } from './client/connect.ts';
import type { Finding } from './reconcile/join.ts';
import { findingJson, findingRow, summaryLines } from './reconcile/lines.ts';
import { type Reconciled, reconcile, type ReconcileOptions } from './reconcile/reconcile.ts';
import { byOurClock, switchClocks } from './reconcile/switch-clocks.ts';

export const summary = "holds a switch's own CDR file against the calls that are recorded here";

export const help = `
./tollwire reconcile FILE --format FORMAT [--switch ID] [--zone ZONE] [--tolerance-sec N] [--around-sec N] [--limit N] [--json]

Call by call, by switch, call id and leg, over the time of the file: matched, missing here, missing there, and different, with by
how much. Nothing is changed; ./tollwire import cdr brings in what is missing here.

  --format, --switch, --zone   as ./tollwire import cdr takes them: ${cdrFormats.join(', ')}; zone and skew of a switch count as they are set
  --tolerance-sec N   times and seconds may differ by so much (default 1, because many switches write whole seconds)
  --around-sec N      how far beyond the file's time our calls are looked for, for clocks that differ (default 7200)
  --limit N           findings shown in the table (default 100); --json tells all of them
  --json              one finding a line, and a last line with the counts

${mappingHelp}

It ends with 0 where everything matched, with 1 where something was found, with 2 where the two could not be compared. Memory does
not grow with the file: calls are set aside on disk, some 100 bytes each.
`;

const options = {
  format: { type: 'string' }, switch: { type: 'string' }, zone: { type: 'string' }, 'tolerance-sec': { type: 'string', default: '1' },
  column: { type: 'string', multiple: true }, delimiter: { type: 'string' }, 'around-sec': { type: 'string', default: '7200' }, limit: { type: 'string', default: '100' }, json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof argumentsOf<typeof options>>['values'];

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: [file] } = argumentsOf(args, options, 1);
  if (file === undefined) throw new Misuse('Say which file: ./tollwire reconcile Master.csv --format asterisk_csv --switch ID');
  try {
    const how = await howOf(file, values);
    return values.json === true ? await told(how, (finding) => process.stdout.write(`${findingJson(finding)}\n`)) : await shown(how, numberOf('limit', values.limit));
  } catch (error) {
    throw error instanceof Stop ? new Stop(error.message, 2) : error;
  }
}

async function howOf(file: string, values: Values): Promise<ReconcileOptions> {
  const format = cdrFormats.find((each) => each === values.format);
  if (format === undefined) throw new Misuse(`Say in which format the file is: --format ${cdrFormats.join(', ')}.`);
  const told = values.zone === undefined ? undefined : localClockOf(values.zone);
  if (values.zone !== undefined && told === undefined) throw new Misuse(`--zone takes an IANA time zone or an offset, not "${values.zone}".`);
  const mapping = mappingOf(values.column, values.delimiter);
  const fileBytes = sizeOf(file);
  const api = runningApi();
  const known = await switchClocks(api);
  const zone = told ?? known.clocks.get(values.switch ?? '')?.zone;
  const rows = () => byOurClock(cdrRows(format, createReadStream(file), { switchId: values.switch, zone, mapping }), known, instantUs(Date.now() * 1000));
  return {
    rows, fileBytes, api, toleranceSec: numberOf('tolerance-sec', values['tolerance-sec']), aroundSec: numberOf('around-sec', values['around-sec']),
  };
}

function sizeOf(file: string): number {
  try {
    return statSync(file).size;
  } catch (error) {
    throw unreadable(file, error);
  }
}

async function told(how: ReconcileOptions, tell: (finding: Finding) => unknown): Promise<number> {
  const done = await progress('Reconciling', () => reconcile(how, tell));
  for (const bad of done.file.unreadable) process.stdout.write(`${JSON.stringify({ found: 'unreadable', ...bad })}\n`);
  const { rows, unreadableCount } = done.file;
  process.stdout.write(`${JSON.stringify({ done: true, ...done.counts, rows, unreadable: unreadableCount, openHere: done.openHere })}\n`);
  return exitCodeOf(done);
}

async function shown(how: ReconcileOptions, limit: number): Promise<number> {
  const rows: string[][] = [];
  let more = 0;
  const done = await progress('Reconciling', () => reconcile(how, (finding) => (rows.length < limit ? rows.push(findingRow(finding)) : (more += 1))));
  const { file } = done;
  for (const { line, code, detail } of file.unreadable.slice(0, limit)) rows.push(['unreadable', `line ${line}`, `${code} ${detail}`]);
  const lines = [...(rows.length === 0 ? [] : [columns(['found', 'call', 'what'], rows)]), ...(more === 0 ? [] : [`… and ${more} more`]), ...summaryLines(done.counts, file, done.openHere)];
  process.stdout.write(`${lines.join('\n')}\n`);
  return exitCodeOf(done);
}

function exitCodeOf({ counts, file }: Reconciled): number {
  const { missingHere, missingThere, different, toldTwice } = counts;
  return missingHere + missingThere + different + toldTwice + file.unreadableCount === 0 ? 0 : 1;
}

function numberOf(option: string, text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new Misuse(`--${option} takes a whole number, not "${text}".`);
  return Number(text);
}
