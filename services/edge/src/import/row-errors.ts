import type { Clock } from '@tollwire/core';
import type { CodedRefusal } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import { maskedNumber, numberPattern } from '@tollwire/telecom';

/** A row of a file that could not be taken. */
export interface RefusedRow {
  readonly line: number;
  readonly refusal: CodedRefusal;
  /** The row as it stood in the file. */
  readonly rowText: string;
}

/** Which file the rows are of. */
export interface ImportedFile {
  readonly importId: string;
  readonly format: string;
  readonly by: string;
}

/** A row that is kept, as it is told. */
export interface KeptRow {
  readonly line: number;
  readonly code: string;
  readonly field: string | null;
  readonly detail: string;
  readonly rowText: string;
  readonly format: string;
  readonly importedBy: string;
  readonly refusedAtUs: number;
}

/** Rows of one import after a line, so many at most. */
export interface RowErrorsQuestion {
  readonly importId: string;
  readonly afterLine: number;
  readonly pageSize: number;
}

/** A row is kept up to this length: enough to mend it, too short to fill the disk with a file that is none. */
const rowTextMax = 8192;

const insertRows = `
  INSERT INTO import_row_error (import_id, format, line, code, field, detail, row_text, imported_by, refused_at)
  SELECT $1, $2, line, code, field, detail, row_text, $3, from_us($4::bigint)
  FROM unnest($5::bigint[], $6::text[], $7::text[], $8::text[], $9::text[]) AS r (line, code, field, detail, row_text)
  ON CONFLICT (import_id, line) DO NOTHING`;

const starRows = `
  WITH gone AS (
    UPDATE import_row_error SET row_text = regexp_replace(row_text, $1, $2, 'g'), detail = regexp_replace(detail, $1, $2, 'g')
    WHERE (position($3 IN row_text) > 0 OR position($3 IN detail) > 0) AND (row_text ~ $1 OR detail ~ $1)
    RETURNING 1)
  SELECT count(*)::int AS count FROM gone`;

const selectRows = `
  SELECT line::float8 AS line, code, field, detail, row_text AS "rowText", format, imported_by AS "importedBy", to_us(refused_at)::float8 AS "refusedAtUs"
  FROM import_row_error WHERE import_id = $1 AND line > $2::bigint ORDER BY line LIMIT $3`;

/** The rows that imports refused, kept with their reasons. */
export class RowErrors {
  private readonly sql: Sql;
  private readonly clock: Clock;

  constructor(sql: Sql, clock: Clock) {
    this.sql = sql;
    this.clock = clock;
  }

  /** Keeps rows of one file; a line that is kept already stays as it is. */
  async keep({ importId, format, by }: ImportedFile, rows: readonly RefusedRow[]): Promise<void> {
    if (rows.length === 0) return;
    await this.sql.query(insertRows, [
      importId,
      format,
      by,
      this.clock.nowUs(),
      rows.map(({ line }) => line),
      rows.map(({ refusal }) => refusal.code),
      rows.map(({ refusal }) => refusal.field ?? null),
      rows.map(({ refusal }) => refusal.detail ?? ''),
      rows.map(({ rowText }) => storable(rowText)),
    ]);
  }

  /** Stars out a number, given by its digits, in the rows that were kept of any file; of how many. */
  async forget(digits: string): Promise<number> {
    const [starred] = await this.sql.query<{ count: number }>(starRows, [numberPattern(digits), maskedNumber(digits), digits]);
    return starred?.count ?? 0;
  }

  /** What is kept of one import, by line, with the count of all of it; nothing of an import that is not known. */
  async page({ importId, afterLine, pageSize }: RowErrorsQuestion): Promise<{ rows: KeptRow[]; errorCount: number }> {
    const [rows, counts] = await Promise.all([
      this.sql.query<KeptRow>(selectRows, [importId, afterLine, pageSize]),
      this.sql.query<{ count: number }>('SELECT count(*)::float8 AS count FROM import_row_error WHERE import_id = $1', [importId]),
    ]);
    return { rows, errorCount: counts[0]?.count ?? 0 };
  }
}

/** PostgreSQL keeps no NUL in a text. */
function storable(rowText: string): string {
  return rowText.slice(0, rowTextMax).replaceAll('\0', '\u{fffd}');
}
