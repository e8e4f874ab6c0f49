import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { unreadable } from './cli/document.ts';
import { progress } from './cli/progress.ts';
import { Misuse, Stop } from './cli/stop.ts';
import { counted } from './cli/told.ts';
import { runningApi } from './client/connect.ts';
import { inOptions } from './client/option-words.ts';
import { deckHelp, deckOptions } from './import/deck-options.ts';
import { mappingHelp, mappingOf } from './import/mapping.ts';
import { importDeck } from './import/import-deck.ts';

export const summary = 'imports a file of CDRs or a rate deck';

export const help = `
./tollwire import cdr FILE --format FORMAT [--switch ID] [--zone ZONE] [--json]
./tollwire import deck FILE --plan tariff|retail|carrier:ID [--dry-run] [--json] [how the file is written]

A file can be imported again: rows that are there already change nothing. Bad rows are told with their reason and kept; where
there is one, the command ends with 1, also with --errors, and with 2 where the command line cannot be read.

  --format FORMAT   freeswitch_json, asterisk_csv, asterisk_cel, kamailio_acc or mapped_csv
  --switch ID       which switch wrote the file, where its rows do not say
  --zone ZONE       whose local time the file tells, as Europe/Vienna or +01:00 (default: UTC)

${mappingHelp}

${deckHelp}`;

const rowResult = z.object({ line: z.number(), accepted: z.literal(false), code: z.string(), detail: z.string().optional(), field: z.string().optional() });
const summaryLine = z.object({ done: z.literal(true), accepted: z.number(), refused: z.number() });

const options = { format: { type: 'string' }, switch: { type: 'string' }, json: { type: 'boolean' }, column: { type: 'string', multiple: true }, ...deckOptions } as const;

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals } = argumentsOf(args, options, { cdr: 1, deck: 1 });
  const [what, file] = positionals;
  if (file === undefined || (what !== 'cdr' && what !== 'deck')) throw new Misuse('Say what and from where: ./tollwire import cdr Master.csv --format asterisk_csv');
  if (what === 'deck') return await importDeck(file, values);
  const content = await readFile(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  return await importCdrs(content, digestOf(content), values);
}

interface CdrOptions {
  readonly format?: string | undefined;
  readonly switch?: string | undefined;
  readonly zone?: string | undefined;
  readonly json?: boolean | undefined;
  readonly column?: string[] | undefined;
  readonly delimiter?: string | undefined;
}

async function importCdrs(content: Uint8Array, importId: string, values: CdrOptions): Promise<number> {
  if (values.format === undefined) throw new Misuse('Say in which format the file is: --format freeswitch_json, asterisk_csv, asterisk_cel, kamailio_acc or mapped_csv.');
  const query = new URLSearchParams({ format: values.format, importId });
  if (values.switch !== undefined) query.set('switchId', values.switch);
  if (values.zone !== undefined) query.set('zone', values.zone);
  const mapping = mappingOf(values.column, values.delimiter);
  if (mapping !== undefined) {
    query.set('mapping', JSON.stringify(mapping.columns));
    query.set('delimiter', mapping.delimiter);
  }
  const contentType = values.format.endsWith('csv') ? 'text/csv' : 'application/x-ndjson';
  const answer = await progress('Importing', () => runningApi().send(`/v1/cdrs/import?${query.toString()}`, contentType, content));
  if (values.json === true) process.stdout.write(answer);
  const lines = answer.trim().split('\n').map((line): unknown => JSON.parse(line));
  const counts = summaryLine.safeParse(lines.at(-1));
  if (!counts.success) throw new Stop(`The import did not end; send the file again, rows that were taken change nothing. ${JSON.stringify(lines.at(-1))}`);
  if (values.json !== true) {
    for (const bad of lines.flatMap((line) => rowResult.safeParse(line).data ?? []).slice(0, 20)) {
      process.stdout.write(`line ${bad.line}: ${bad.code}${bad.field === undefined ? '' : ` in ${bad.field}`} ${inOptions(bad.detail ?? '')}\n`);
    }
    if (counts.data.refused > 20) process.stdout.write(`… and ${counts.data.refused - 20} more.\n`);
    const kept = counts.data.refused === 0 ? '' : ` and kept: GET /v1/cdrs/imports/${importId}/errors`;
    process.stdout.write(`${counted(counts.data.accepted, 'row')} taken, ${counts.data.refused} refused${kept}.\n`);
  }
  return counts.data.refused === 0 ? 0 : 1;
}

/** The same content is the same import, whatever the file is called today. */
function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
