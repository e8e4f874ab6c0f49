import type { CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { RateColumns } from '../domain/rate-columns.ts';
import { compressedRates, movedOn, type PieceDeps, RATES_MAX, sha256, tooLarge, WORKBOOK_BYTES_MAX } from './import-pieces.ts';
import { type DeckImport, insertErrors, insertPiece, readWorkbookFile, type StoredPiece } from './import-store.ts';
import { readWorkbook } from './read-workbook.ts';

/** Keeps a piece of a workbook, which cannot be read before its end, where its directory stands. `file` is the piece with what came before it. */
export async function keepWorkbookPiece(deps: PieceDeps, before: DeckImport, csv: Uint8Array, file: Buffer): Promise<Result<DeckImport, CodedRefusal>> {
  const fileBytes = before.format.fileBytes + file.length;
  if (fileBytes > WORKBOOK_BYTES_MAX) return refuse(tooLarge);
  const after: DeckImport = { ...before, rest: Buffer.alloc(0), format: { ...before.format, kind: 'workbook', fileBytes } };
  const stored = { sequence: before.nextSequence, csvSha256: sha256(csv), rates: await compressedRates(new RateColumns(0)), file };
  const moved = await deps.database.transaction((tx) => insertPiece(tx, after, stored, deps.clock.nowUs()));
  return moved ? ok({ ...after, nextSequence: before.nextSequence + 1 }) : refuse(movedOn);
}

/**
 * Reads a workbook that is there as a whole, and closes its import. What is wrong with its rows is kept first; read again
 * after a crash, it is the same. Refuses what is no deck, and leaves the import as it was.
 */
export async function takeWorkbook(deps: PieceDeps, before: DeckImport): Promise<Result<DeckImport, CodedRefusal>> {
  const { database, clock, plan } = deps;
  const known = await plan.known();
  const isKnownPrefix = (prefix: string) => known.isKnown(prefix);
  const read = await readWorkbook(await readWorkbookFile(database, before.importId), { format: before.format, isKnownPrefix, ratesMax: RATES_MAX, tooLarge });
  if (!read.ok) return read;
  const { batches, places } = read.value;
  const pieces: StoredPiece[] = [];
  let after: DeckImport = { ...before, format: { ...before.format, places }, status: 'open' };
  for (const { rates, errors, rowCount } of batches) {
    await insertErrors(database, before.importId, errors);
    const sequence = before.nextSequence + pieces.length;
    pieces.push({ sequence, csvSha256: sha256(Buffer.alloc(0)), rates: await compressedRates(rates) });
    after = { ...after, rowsRead: after.rowsRead + rowCount, ratesRead: after.ratesRead + rates.size };
  }
  if (pieces.length === 0) pieces.push({ sequence: before.nextSequence, csvSha256: sha256(Buffer.alloc(0)), rates: await compressedRates(new RateColumns(0)) });
  const moved = await database.transaction(async (tx) => {
    for (const [at, piece] of pieces.entries()) {
      const status = at === pieces.length - 1 ? 'closed' : 'open';
      if (!(await insertPiece(tx, { ...after, status }, piece, clock.nowUs()))) return false;
    }
    return true;
  });
  return moved ? ok({ ...after, status: 'closed', nextSequence: before.nextSequence + pieces.length }) : refuse(movedOn);
}
