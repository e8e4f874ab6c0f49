import type { MessageInitShape } from '@bufbuild/protobuf';
import type { BeginDeckImportRequestSchema, CodedRefusal, FinishDeckImportReply } from '@tollwire/contracts';
import { refuse, type Result } from '@tollwire/core';
import type { EdgeAskers } from '../edge.deps.ts';
import { chunked } from './chunked.ts';

/** Whose rates the file holds, how to read it, and who sends it. */
export type DeckFile = MessageInitShape<typeof BeginDeckImportRequestSchema>;

/** What became of a file; with the name that its bad rows are kept under, once the catalog has begun with it. */
export interface DeckImported {
  readonly importId: string;
  readonly finished: Result<FinishDeckImportReply, CodedRefusal>;
}

/** Bytes of the file in one request: below the 1 MB that NATS takes, with room for the envelope. */
const chunkBytes = 512 * 1024;

const appendTimeout = { timeoutMs: 30_000 };
/** A workbook of a million rows is read, its rates are sorted, digested and stored before the answer. */
const finishTimeout = { timeoutMs: 300_000 };

/**
 * Hands a file on to the catalog piece by piece. The next piece is read only when the last one was taken, so a slow
 * catalog slows the sender down and nothing piles up here. The first refusal ends the import, and has its name
 * among its facts, for whoever looks up the bad rows.
 */
export async function importDeck(
  catalog: Pick<EdgeAskers['catalog'], 'beginDeckImport' | 'appendDeckImport' | 'finishDeckImport'>,
  file: DeckFile,
  bytes: AsyncIterable<Buffer>,
): Promise<DeckImported> {
  const begun = await catalog.beginDeckImport(file);
  if (!begun.ok) return { importId: '', finished: begun };
  const { importId } = begun.value;
  const ended = (refusal: CodedRefusal): DeckImported => ({ importId, finished: refuse({ ...refusal, facts: { ...refusal.facts, importId } }) });
  let sequence = 0;
  for await (const piece of chunked(bytes, chunkBytes)) {
    const appended = await catalog.appendDeckImport({ importId, sequence, csv: piece }, appendTimeout);
    if (!appended.ok) return ended(appended.refusal);
    sequence += 1;
  }
  const finished = await catalog.finishDeckImport({ importId }, finishTimeout);
  return finished.ok ? { importId, finished } : ended(finished.refusal);
}
