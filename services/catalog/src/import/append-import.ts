import { randomUUID } from 'node:crypto';
import type { BeginDeckImportRequest, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CatalogDeps } from '../catalog.deps.ts';
import { deckFields } from '../decks/deck-answers.ts';
import { inSlices } from '../in-slices.ts';
import { byField } from '../wire/fields.ts';
import { readPiece, unseen } from './deck-file.ts';
import { readPlan } from './deck-owner.ts';
import { fileOptionsOf } from './file-options.ts';
import { compressedRates, LINES_MAX, movedOn, type PieceDeps, RATES_MAX, sha256, tooLarge } from './import-pieces.ts';
import { type DeckImport, insertErrors, insertImport, insertPiece, readImport, readPieceDigest, type StoredPiece } from './import-store.ts';
import type { RowError } from './row-taker.ts';
import { keepWorkbookPiece, takeWorkbook } from './take-workbook.ts';
import { workbookKind } from './workbook.ts';

/** Begins an import. Refuses an owner that there is none of, and columns that cannot hold a deck. */
export async function beginImport({ database, clock }: CatalogDeps, request: BeginDeckImportRequest): Promise<Result<{ importId: string }, CodedRefusal>> {
  const [owner, by] = [deckFields(request), byField(request.by)];
  if (!owner.ok) return owner;
  if (!by.ok) return by;
  const options = fileOptionsOf(request);
  if (!options.ok) return options;
  const plan = await readPlan(database, owner.value);
  if (plan === undefined) {
    return refuse({ code: 'unknown_plan', field: 'ownerId', detail: `There is no ${owner.value.kind} plan ${owner.value.ownerId}; create it first.` });
  }
  const importId = randomUUID();
  const { amends, dryRun } = request;
  await insertImport(database, { importId, ...owner.value, by: by.value, amends, dryRun, format: unseen(options.value, plan.currency) }, clock.nowUs());
  return ok({ importId });
}

export interface AppendedPiece {
  readonly importId: string;
  readonly sequence: number;
  readonly csv: Uint8Array;
}

export type AppendReply = Result<{ rowsRead: bigint }, CodedRefusal>;

/** What is answered to who sent a piece. */
export function appendReply(taken: Result<DeckImport, CodedRefusal>): AppendReply {
  return taken.ok ? ok({ rowsRead: BigInt(taken.value.rowsRead) }) : taken;
}

/**
 * Takes a piece of the file: reads it, and keeps its rates and bad rows in one transaction. A piece that was taken
 * already is answered again; one that comes too early, or has another content than before, is refused.
 */
export async function appendImport(
  deps: PieceDeps,
  { importId, sequence, csv }: AppendedPiece,
  tell?: (after: DeckImport) => void,
): Promise<AppendReply> {
  const found = await readImport(deps.database, importId);
  if (found === undefined) return refuse(unknownImport);
  if (sequence < found.nextSequence) return await answerAgain(deps.database, found, sequence, csv);
  if (found.status !== 'open') return refuse({ code: 'import_finished', field: 'importId', detail: 'The import takes no more pieces; begin another.' });
  if (sequence > found.nextSequence) {
    return refuse({
      code: 'import_out_of_sequence', field: 'sequence', facts: { nextSequence: String(found.nextSequence) },
      detail: `Send piece ${found.nextSequence} first.`,
    });
  }
  return appendReply(await takePiece(deps, found, csv, false, tell));
}

/**
 * Reads and keeps the next piece of an import; the last one closes it. Refuses when another request was first. `tell` is told of the import as the
 * piece of a text leaves it as soon as that was read, before it is kept.
 */
export async function takePiece(
  deps: PieceDeps, before: DeckImport, csv: Uint8Array, isLast: boolean, tell: (after: DeckImport) => void = () => undefined,
): Promise<Result<DeckImport, CodedRefusal>> {
  if (before.format.kind !== 'text') {
    const head = Buffer.concat([before.rest, csv]);
    const kind = before.format.kind ?? workbookKind(head);
    if (kind === 'old workbook') return refuse(oldWorkbook);
    if (kind === 'workbook') return isLast ? await takeWorkbook(deps, before) : await keepWorkbookPiece(deps, before, csv, head);
  }
  const read = await readText(deps, before, csv, isLast);
  if (!read.ok) return read;
  tell(read.value.after);
  return await keepText(deps, read.value);
}

/** A piece of a text that was read: the import as it leaves it, and what is to be kept. */
export interface TextPiece {
  readonly after: DeckImport;
  readonly stored: StoredPiece;
  readonly errors: readonly RowError[];
}

/** Reads the next piece of an import's text. */
export async function readText(deps: PieceDeps, before: DeckImport, csv: Uint8Array, isLast: boolean): Promise<Result<TextPiece, CodedRefusal>> {
  const known = await deps.plan.known();
  const piece = await inSlices(readPiece(before, csv, isLast, (prefix) => known.isKnown(prefix)));
  if (!piece.ok) return piece;
  const { progress, rates, errors, rowCount } = piece.value;
  const [rowsRead, ratesRead] = [before.rowsRead + rowCount, before.ratesRead + rates.size];
  if (ratesRead > RATES_MAX || progress.nextLine > LINES_MAX) return refuse(tooLarge);
  const after: DeckImport = { ...before, ...progress, rowsRead, ratesRead, status: isLast ? 'closed' : 'open', nextSequence: before.nextSequence + 1 };
  return ok({ after, stored: { sequence: before.nextSequence, csvSha256: sha256(csv), rates: await compressedRates(rates) }, errors });
}

/** Keeps what was read. Refuses when another request was first. */
export async function keepText({ database, clock }: PieceDeps, { after, stored, errors }: TextPiece): Promise<Result<DeckImport, CodedRefusal>> {
  const moved = await database.transaction(async (tx) => {
    const isNext = await insertPiece(tx, after, stored, clock.nowUs());
    if (isNext) await insertErrors(tx, after.importId, errors);
    return isNext;
  });
  return moved ? ok(after) : refuse(movedOn);
}

const oldWorkbook: CodedRefusal = {
  code: 'deck_malformed', field: 'csv', detail: 'This is an old workbook (XLS), or one with a password; save it as XLSX without a password.',
};

export const unknownImport: CodedRefusal = {
  code: 'unknown_import', field: 'importId', detail: 'There is no such import, or it was abandoned for a day and is gone; begin another.',
};

/** The pieces of a finished import are gone, so its past pieces are taken at their word. */
async function answerAgain(sql: Sql, found: DeckImport, sequence: number, csv: Uint8Array): Promise<AppendReply> {
  const digest = await readPieceDigest(sql, found.importId, sequence);
  if (digest !== undefined && !digest.equals(sha256(csv))) {
    return refuse({ code: 'idempotency_mismatch', field: 'csv', detail: `Piece ${sequence} was taken with another content; begin another import.` });
  }
  return ok({ rowsRead: BigInt(found.rowsRead) });
}
