import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { DeckKind } from '../domain/rate-deck.ts';
import { type FileFormat, unseen } from './deck-file.ts';
import { defaultOptions } from './file-options.ts';
import type { RowError } from './row-taker.ts';

/** What a finished import came to. */
export interface ImportOutcome {
  readonly digest: string;
  readonly acceptedCount: number;
  readonly carriedCount: number;
}

/** An import as it stands: open for pieces, closed by the last one, or finished as a version. */
export interface DeckImport {
  readonly importId: string;
  readonly kind: DeckKind;
  readonly ownerId: number;
  readonly by: string;
  readonly amends: boolean;
  /** The file is only read and checked. */
  readonly dryRun: boolean;
  readonly status: 'open' | 'closed' | 'finished';
  readonly format: FileFormat;
  readonly nextSequence: number;
  readonly rest: Buffer;
  readonly nextLine: number;
  readonly rowsRead: number;
  /** Rates that the rows came to. */
  readonly ratesRead: number;
  readonly deckId: bigint;
  /** Of the content that is being stored; null before. */
  readonly digest: string | null;
  /** Rates that an earlier version of this service copied before the version was recorded. */
  readonly copiedRates: number;
  readonly outcome: ImportOutcome | null;
}

const columns = `
  import_id as "importId", kind, owner_id as "ownerId", imported_by as by, amends, dry_run as "dryRun", status, format, next_sequence as "nextSequence", rest,
  next_line::float8 as "nextLine", rows_read::float8 as "rowsRead", rates_read::float8 as "ratesRead", deck_id as "deckId", digest, copied_rates as "copiedRates", outcome`;

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** The import with this id, if there is one. */
export async function readImport(sql: Sql, importId: string): Promise<DeckImport | undefined> {
  if (!uuid.test(importId)) return undefined;
  const [found] = await sql.query<DeckImport>(`select ${columns} from deck_import where import_id = $1`, [importId]);
  return found === undefined ? undefined : { ...found, format: formatOf(found.format) };
}

/** A format as it is now; imports that an earlier version began have less of it. */
function formatOf(stored: Partial<FileFormat> & { readonly columns?: readonly string[] }): FileFormat {
  const options = { ...defaultOptions, columns: stored.columns ?? [], ...stored.options };
  return { ...unseen(options), ...stored, options, kind: stored.kind ?? (stored.places === null ? null : 'text') };
}

export async function insertImport(
  sql: Sql,
  { importId, kind, ownerId, by, amends, dryRun, format }: Pick<DeckImport, 'importId' | 'kind' | 'ownerId' | 'by' | 'amends' | 'dryRun' | 'format'>,
  now: InstantUs,
): Promise<void> {
  await sql.query(
    `insert into deck_import (import_id, kind, owner_id, imported_by, amends, dry_run, status, format, deck_id, touched_at)
     values ($1, $2, $3, $4, $5, $6, 'open', $7, nextval('deck_id'), from_us($8))`,
    [importId, kind, ownerId, by, amends, dryRun, JSON.stringify(format), now],
  );
}

/** A piece as it is kept until the import is finished. */
export interface StoredPiece {
  readonly sequence: number;
  readonly csvSha256: Buffer;
  /** Compressed rate columns. */
  readonly rates: Buffer;
  /** Bytes of a workbook, which is read when all of it is there. */
  readonly file?: Buffer;
}

/** What a piece changes of an import. */
type MovedImport = Pick<DeckImport, 'importId' | 'format' | 'rest' | 'nextLine' | 'rowsRead' | 'ratesRead' | 'status'>;

/** Moves an import on by one piece; false where another request was first. */
export async function insertPiece(
  tx: Sql,
  { importId, format, rest, nextLine, rowsRead, ratesRead, status }: MovedImport,
  { sequence, csvSha256, rates, file }: StoredPiece,
  now: InstantUs,
): Promise<boolean> {
  const moved = await tx.query(
    `update deck_import set status = $3, format = $4, rest = $5, next_line = $6, rows_read = $7, rates_read = $8, next_sequence = $2 + 1,
       touched_at = from_us($9)
     where import_id = $1 and next_sequence = $2 and status = 'open' returning import_id`,
    [importId, sequence, status, JSON.stringify(format), rest, nextLine, rowsRead, ratesRead, now],
  );
  if (moved.length === 0) return false;
  await tx.query('insert into deck_import_piece (import_id, sequence, csv_sha256, rates, file) values ($1, $2, $3, $4, $5)', [
    importId, sequence, csvSha256, rates, file ?? null,
  ]);
  return true;
}

export async function readPieceDigest(sql: Sql, importId: string, sequence: number): Promise<Buffer | undefined> {
  const [piece] = await sql.query<{ digest: Buffer }>(
    'select csv_sha256 as digest from deck_import_piece where import_id = $1 and sequence = $2',
    [importId, sequence],
  );
  return piece?.digest;
}

/** The rates of all pieces, in their order. */
export async function readPieceRates(sql: Sql, importId: string): Promise<Buffer[]> {
  const rows = await sql.query<{ rates: Buffer }>('select rates from deck_import_piece where import_id = $1 order by sequence', [importId]);
  return rows.map(({ rates }) => rates);
}

/** A workbook, of all its pieces. */
export async function readWorkbookFile(sql: Sql, importId: string): Promise<Buffer> {
  const rows = await sql.query<{ file: Buffer }>('select file from deck_import_piece where import_id = $1 and file is not null order by sequence', [importId]);
  return Buffer.concat(rows.map(({ file }) => file));
}

// A file may repeat itself from end to end; nobody else waits while a million errors become one statement.
const ERRORS_PER_INSERT = 5_000;

/** Keeps what is wrong with rows; what is known already stays as it is. */
export async function insertErrors(tx: Sql, importId: string, errors: readonly RowError[]): Promise<void> {
  for (let from = 0; from < errors.length; from += ERRORS_PER_INSERT) await insertSome(tx, importId, errors.slice(from, from + ERRORS_PER_INSERT));
}

async function insertSome(tx: Sql, importId: string, errors: readonly RowError[]): Promise<void> {
  await tx.query(
    `insert into deck_import_error (import_id, line, column_name, code, value)
     select $1, line, column_name, code, value
     from unnest($2::bigint[], $3::text[], $4::text[], $5::text[]) as e (line, column_name, code, value)
     on conflict do nothing`,
    [importId, errors.map(({ line }) => line), errors.map(({ column }) => column), errors.map(({ code }) => code), errors.map(({ value }) => value)],
  );
}

/** A bad row as it is kept. */
export interface KeptError {
  readonly line: bigint;
  readonly column: string;
  readonly code: string;
  readonly value: string;
}

/** The bad rows after a line, in their order, and how many errors there are in all. A line is never cut in two by `max`. */
export async function readErrors(sql: Sql, importId: string, afterLine: bigint, max: number): Promise<{ errors: KeptError[]; errorCount: bigint }> {
  const [errors, counts] = await Promise.all([
    sql.query<KeptError>(
      `select line, column_name as column, code, value from deck_import_error where import_id = $1 and line > $2
       order by line fetch first $3 rows with ties`,
      [importId, afterLine, max],
    ),
    sql.query<{ count: bigint }>('select count(*) from deck_import_error where import_id = $1', [importId]),
  ]);
  return { errors, errorCount: counts[0]?.count ?? 0n };
}

/** Notes which content is being stored, so that nobody takes it for left over. */
export async function noteDigest(sql: Sql, importId: string, digest: string): Promise<void> {
  await sql.query('update deck_import set digest = $2, copied_rates = 0 where import_id = $1', [importId, digest]);
}

export async function finishImport(tx: Sql, importId: string, outcome: ImportOutcome, now: InstantUs): Promise<void> {
  await tx.query(`update deck_import set status = 'finished', outcome = $2, rest = '', touched_at = from_us($3) where import_id = $1`, [
    importId, JSON.stringify(outcome), now,
  ]);
  await tx.query('delete from deck_import_piece where import_id = $1', [importId]);
}
