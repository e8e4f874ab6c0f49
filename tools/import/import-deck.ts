import { createReadStream } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import { unreadable } from '../cli/document.ts';
import { type Note, progress } from '../cli/progress.ts';
import { counted } from '../cli/told.ts';
import type { Api } from '../client/api.ts';
import { runningApi } from '../client/connect.ts';
import { closedCount, closedText } from '../client/deck-closures.ts';
import { inOptions } from '../client/option-words.ts';
import type { DeckOwner } from '../client/deck-options.ts';
import { deckQuery } from './deck-options.ts';

const count = z.number().default(0);
const imported = z.object({
  importId: z.string(),
  deck: z.object({ digest: z.string(), version: count, rateCount: count }),
  acceptedCount: count, carriedCount: count, rowCount: count, errorCount: count, passedOver: z.array(z.string()).default([]),
  errors: z.array(z.object({ line: z.number(), column: z.string().default(''), code: z.string(), value: z.string().default(''), advice: z.string().default('') })).default([]),
});
type Imported = z.infer<typeof imported>;

const shownMax = 20;

export type ImportDeckOptions = Parameters<typeof deckQuery>[0] & { readonly json?: boolean | undefined };

/** Sends a deck's file as it is read, and tells what became of it. Answers 1 where rows were refused. */
export async function importDeck(file: string, values: ImportDeckOptions, api: Api = runningApi()): Promise<number> {
  const query = deckQuery(values);
  const answer = await progress('Importing', async (note) => await api.stream(`/v1/decks/import?${query.toString()}`, contentTypeOf(file), await bytesOf(file, note)));
  const reply = imported.parse(JSON.parse(answer));
  const [isDryRun, isWhole, owner] = [values['dry-run'] === true, values.amends !== true, { kind: query.get('kind') ?? '', ownerId: Number(query.get('ownerId')) }];
  if (values.json === true) process.stdout.write(`${answer}\n`);
  else {
    const closes = isDryRun || reply.acceptedCount === 0 ? 0 : await progress('Comparing', () => closedCount(api, owner, reply.deck.digest));
    process.stdout.write(toldOf(reply, { isDryRun, isWhole, owner, closes }));
  }
  if (typeof values.errors === 'string') await writeFile(values.errors, await api.text(`/v1/decks/imports/${reply.importId}/errors.csv`));
  return reply.errorCount === 0 ? 0 : 1;
}

/** How a file was imported, and what its version does to the one in force. */
interface Told {
  readonly isDryRun: boolean;
  readonly isWhole: boolean;
  readonly owner: DeckOwner;
  readonly closes: number;
}

/** What became of a file, for people. */
export function toldOf(reply: Imported, { isDryRun, isWhole, owner, closes }: Told): string {
  const { deck, acceptedCount, carriedCount, rowCount, errorCount, importId, passedOver } = reply;
  const lines = reply.errors.slice(0, shownMax).map(({ line, column, code, value, advice }) => {
    return `line ${line}: ${code}${column === '' ? '' : ` in ${column}`}: ${value}${advice === '' ? '' : `. ${inOptions(advice)}`}`;
  });
  if (errorCount > shownMax) lines.push(`… and ${errorCount - shownMax} more: --errors FILE writes all of them, as does GET /v1/decks/imports/${importId}/errors.csv`);
  const carried = carriedCount === 0 ? '' : `, ${carriedCount} kept of the version in force`;
  lines.push(`${counted(rowCount, 'row')}: ${counted(acceptedCount, 'rate')} taken${carried}, ${counted(errorCount, 'error')}.`);
  if (passedOver.length > 0) lines.push(`Columns that were passed over: ${passedOver.join(', ')}. --map names what one of them holds.`);
  if (isDryRun) lines.push(`This was a dry run: no version was made.${isWhole ? ' The file is the whole deck: what it does not name would be closed; --amends keeps it.' : ''}`);
  else if (acceptedCount === 0) lines.push('No rate was taken, so nothing is new.');
  else {
    const named = `${deck.version} --kind ${owner.kind} --owner ${owner.ownerId}`;
    if (closes > 0) lines.push(`In force it ${closedText(closes)}${isWhole ? ', because the file does not name them; --amends keeps them' : ''}.`);
    lines.push(`It is version ${deck.version}. Compare it: ./tollwire deck diff ${named}. Put it in force: ./tollwire deck activate ${named}`);
  }
  return `${lines.join('\n')}\n`;
}

function contentTypeOf(file: string): string {
  return file.toLowerCase().endsWith('.xlsx') ? 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet' : 'text/csv';
}

/** The bytes of a file; notes how much of it was taken. */
async function bytesOf(file: string, note: Note): Promise<AsyncGenerator<Buffer>> {
  const found = await stat(file).catch((error: unknown) => {
    throw unreadable(file, error);
  });
  return noted(file, found.size, note);
}

async function* noted(file: string, size: number, note: Note): AsyncGenerator<Buffer> {
  let sent = 0;
  for await (const piece of createReadStream(file, { highWaterMark: 256 * 1024 })) {
    const bytes = Buffer.isBuffer(piece) ? piece : Buffer.from(String(piece));
    yield bytes;
    sent += bytes.length;
    note(`${Math.floor((100 * sent) / size)} % of ${(size / 1_048_576).toFixed(1)} MB taken`);
  }
  note('sorting and storing its rates');
}
