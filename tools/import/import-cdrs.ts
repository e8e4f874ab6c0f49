import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { lineBatchesOf } from '../../services/edge/src/cdr-import/lines.ts';
import type { Api } from '../client/api.ts';
import { unreadable } from '../cli/document.ts';
import { progress } from '../cli/progress.ts';
import { Misuse, Stop } from '../cli/stop.ts';
import { counted } from '../cli/told.ts';
import { inOptions } from '../client/option-words.ts';
import { mappingOf } from './mapping.ts';

export interface CdrOptions {
  readonly format?: string | undefined;
  readonly switch?: string | undefined;
  readonly zone?: string | undefined;
  readonly json?: boolean | undefined;
  readonly column?: string[] | undefined;
  readonly delimiter?: string | undefined;
}

const badRow = z.object({ line: z.number(), accepted: z.literal(false), code: z.string(), detail: z.string().optional(), field: z.string().optional() });
const summaryLine = z.object({ done: z.literal(true), accepted: z.number(), refused: z.number() });

const shownMax = 20;
type Write = (text: string) => unknown;

/** Sends a file of calls as it is read, and tells what became of it as that comes back: neither is ever held as a whole. Answers 1 where rows were refused. */
export async function importCdrs(api: Pick<Api, 'converse'>, file: string, values: CdrOptions, write: Write = writeOut): Promise<number> {
  const { format } = values;
  if (format === undefined) throw new Misuse('Say in which format the file is: --format freeswitch_json, asterisk_csv, asterisk_cel, kamailio_acc or mapped_csv.');
  const bytes = await sizeOf(file);
  const query = await queryOf(file, format, values);
  const contentType = format.endsWith('csv') ? 'text/csv' : 'application/x-ndjson';
  let last = '';
  let shown = 0;
  await progress('Importing', async (note) => {
    const content = bytesOf(file, (read) => note(`${Math.floor((100 * read) / Math.max(bytes, 1))} %`));
    for await (const lines of lineBatchesOf(api.converse(`/v1/cdrs/import?${query.toString()}`, contentType, content))) {
      last = lines.at(-1)?.text ?? last;
      if (values.json === true) await write(lines.map(({ text }) => `${text}\n`).join(''));
      else {
        for (const { text } of lines) {
          const bad = badRowOf(text);
          if (bad !== undefined && ++shown <= shownMax) await write(bad);
        }
      }
    }
  });
  const counts = summaryLine.safeParse(last === '' ? undefined : JSON.parse(last));
  if (!counts.success) throw new Stop(`The import did not end; send the file again, rows that were taken change nothing. ${last}`);
  if (values.json !== true) {
    if (shown > shownMax) await write(`… and ${shown - shownMax} more.\n`);
    const kept = counts.data.refused === 0 ? '' : ` and kept: GET /v1/cdrs/imports/${query.get('importId') ?? ''}/errors`;
    await write(`${counted(counts.data.accepted, 'row')} taken, ${counts.data.refused} refused${kept}.\n`);
  }
  return counts.data.refused === 0 ? 0 : 1;
}

/** What to say of a row that was refused; nothing of one that was taken. */
function badRowOf(text: string): string | undefined {
  if (text.includes('"accepted":true')) return undefined;
  const bad = badRow.safeParse(JSON.parse(text)).data;
  return bad === undefined ? undefined : `line ${bad.line}: ${bad.code}${bad.field === undefined ? '' : ` in ${bad.field}`} ${inOptions(bad.detail ?? '')}\n`;
}

async function queryOf(file: string, format: string, values: CdrOptions): Promise<URLSearchParams> {
  const query = new URLSearchParams({ format, importId: await digestOf(file) });
  if (values.switch !== undefined) query.set('switchId', values.switch);
  if (values.zone !== undefined) query.set('zone', values.zone);
  const mapping = mappingOf(values.column, values.delimiter);
  if (mapping !== undefined) {
    query.set('mapping', JSON.stringify(mapping.columns));
    query.set('delimiter', mapping.delimiter);
  }
  return query;
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    throw unreadable(file, error);
  }
}

/** The same content is the same import, whatever the file is called today. */
async function digestOf(file: string): Promise<string> {
  const digest = createHash('sha256');
  try {
    for await (const piece of createReadStream(file)) digest.update(Buffer.isBuffer(piece) ? piece : String(piece));
  } catch (error) {
    throw unreadable(file, error);
  }
  return digest.digest('hex');
}

/** Opened as it is first read, so that nobody has to close what was never read. */
async function* bytesOf(file: string, note: (read: number) => void): AsyncGenerator<Uint8Array> {
  let read = 0;
  for await (const piece of createReadStream(file)) {
    if (!(piece instanceof Uint8Array)) continue;
    read += piece.length;
    note(read);
    yield piece;
  }
}

async function writeOut(text: string): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain');
}
