import type { InstantUs } from '@tollwire/core';
import { decodeJson, encodeJson, isUniqueViolation, type Sql } from '@tollwire/event-store';
import type { DiffSums, RateChange } from '../domain/deck-diff.ts';
import type { Place } from '../number-plan/places.ts';

/** Two contents of a deck, by their digests: what is compared, and from which instant on. */
export interface ComparedContents {
  /** Empty: nothing. */
  readonly fromDigest: string;
  readonly toDigest: string;
  readonly sinceUs: number;
}

/** What two contents differ in, in all and by destination. */
export interface DiffSummary {
  readonly sums: DiffSums;
  readonly destinations: readonly { readonly place: Place; readonly sums: DiffSums }[];
}

export interface StoredDiff {
  readonly diffId: bigint;
  /** Of each change, how many rows a block has; its last one has fewer. */
  readonly rowsPerBlock: number;
  readonly summary: DiffSummary;
}

/** The difference of these contents, where it was worked out before; notes that it is still wanted. */
export async function findDiff(sql: Sql, { fromDigest, toDigest, sinceUs }: ComparedContents, now: InstantUs): Promise<StoredDiff | undefined> {
  const [row] = await sql.query<{ diffId: bigint; rowsPerBlock: number; summary: string }>(
    `update deck_diff set asked_at = from_us($4) where from_digest = $1 and to_digest = $2 and since_us = $3 and summary is not null
     returning diff_id as "diffId", rows_per_block as "rowsPerBlock", summary`,
    [fromDigest, toDigest, sinceUs, now],
  );
  return row && { diffId: row.diffId, rowsPerBlock: row.rowsPerBlock, summary: decodeJson<DiffSummary>(row.summary) };
}

/** Begins to keep a difference; nobody sees it before `finishDiff`. */
export async function beginDiff(
  sql: Sql, { fromDigest, toDigest, sinceUs, rowsPerBlock }: ComparedContents & Pick<StoredDiff, 'rowsPerBlock'>, now: InstantUs,
): Promise<bigint> {
  const [row] = await sql.query<{ diffId: bigint }>(
    `insert into deck_diff (from_digest, to_digest, since_us, rows_per_block, asked_at) values ($1, $2, $3, $4, from_us($5))
     returning diff_id as "diffId"`,
    [fromDigest, toDigest, sinceUs, rowsPerBlock, now],
  );
  return row?.diffId ?? 0n;
}

/** A block of rows as it is kept, compressed. */
export interface StoredBlock {
  readonly change: RateChange;
  readonly block: number;
  readonly content: Buffer;
}

export async function insertBlocks(sql: Sql, diffId: bigint, blocks: readonly StoredBlock[]): Promise<void> {
  await sql.query(
    `insert into deck_diff_page (diff_id, change, page, content)
     select $1, change, page, content from unnest($2::text[], $3::int[], $4::bytea[]) as p (change, page, content)`,
    [diffId, blocks.map(({ change }) => change), blocks.map(({ block }) => block), blocks.map(({ content }) => content)],
  );
}

/** Lets a difference be found; false where another request has worked out the same meanwhile. */
export async function finishDiff(sql: Sql, diffId: bigint, summary: DiffSummary): Promise<boolean> {
  try {
    await sql.query('update deck_diff set summary = $2 where diff_id = $1', [diffId, encodeJson(summary)]);
    return true;
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    await sql.query('delete from deck_diff where diff_id = $1', [diffId]);
    return false;
  }
}

/** A block of one change; undefined where there is none. */
export async function readBlock(sql: Sql, diffId: bigint, change: RateChange, block: number): Promise<Buffer | undefined> {
  const [row] = await sql.query<{ content: Buffer }>('select content from deck_diff_page where diff_id = $1 and change = $2 and page = $3', [diffId, change, block]);
  return row?.content;
}
