import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { present } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { CatalogDeps } from '../catalog.deps.ts';
import { readChunk } from '../decks/deck-reads.ts';
import type { DeckKind } from '../domain/rate-deck.ts';
import { inSlices, withPauses } from '../in-slices.ts';
import { PlanInMemory } from '../number-plan/plan-in-memory.ts';
import { decodeDeck } from './deck-chunks.ts';
import { type CopySource, copyStatement, copyText } from './rate-tables.ts';

/** What was imported just now is compared, activated and spread first: who waits for its prices does not wait for its rows. */
const REST_US = 20_000_000;

/** A version whose rates are not all in their documented table yet. */
interface RateCopy {
  readonly deckId: bigint;
  readonly kind: DeckKind;
  readonly ownerId: number;
  readonly digest: string;
  readonly chunkCount: number;
  readonly copiedChunks: number;
}

/** Notes, in the transaction that records a version, that its rates are to be copied into their documented table. */
export async function noteCopy(tx: Sql, { deckId, kind, ownerId, digest, chunkCount }: Omit<RateCopy, 'copiedChunks'>, atUs: number): Promise<void> {
  await tx.query('insert into rate_copy (deck_id, kind, owner_id, digest, chunk_count, imported_at) values ($1, $2, $3, $4, $5, from_us($6))', [
    deckId, kind, ownerId, digest, chunkCount, atUs,
  ]);
}

const selectDue = `
  select deck_id as "deckId", kind, owner_id as "ownerId", digest, chunk_count as "chunkCount", copied_chunks as "copiedChunks",
    imported_at <= from_us($1) as "isDue", (select count(*)::int from rate_copy) as "waitingCount"
  from rate_copy order by imported_at, deck_id limit 1`;

/** What copying needs; `databaseUrl` is where COPY goes, on a connection of its own: `postgres://…`, as the database's. */
export type CopyDeps = Pick<CatalogDeps, 'database' | 'clock'> & { readonly databaseUrl: string };

/** Copies the rates of recorded versions into their documented tables, the oldest version first. */
export class RateCopier {
  readonly #deps: CopyDeps;
  readonly #plan: PlanInMemory;
  #waitingCount = 0;

  constructor(deps: CopyDeps) {
    this.#deps = deps;
    this.#plan = new PlanInMemory(deps.database);
  }

  /** Versions whose rates were not all copied, when that was looked at last. */
  get waitingCount(): number {
    return this.#waitingCount;
  }

  /**
   * Copies the next chunk, if one is due; true where it was. A chunk is one transaction, which notes how far it came: however
   * often it is interrupted, and by however many instances it is done, each rate is there once.
   */
  async copyNext(): Promise<boolean> {
    const { database, databaseUrl, clock } = this.#deps;
    const [next] = await database.query<RateCopy & { readonly isDue: boolean; readonly waitingCount: number }>(selectDue, [clock.nowUs() - REST_US]);
    this.#waitingCount = next?.waitingCount ?? 0;
    if (next === undefined || !next.isDue) return false;
    const chunk = present(await readChunk(database, next.digest, next.copiedChunks), 'a chunk of a version');
    const rates = await inSlices(decodeDeck([chunk]));
    // Only the rates of a tariff name their prefix in the number plan.
    const known = next.kind === 'tariff' ? await this.#plan.known() : undefined;
    await copyChunk(databaseUrl, next, { ...next, rates, longestId: (prefix) => known?.longestId(prefix) ?? null });
    return true;
  }
}

/** On a connection of its own, because COPY takes a connection whole. */
async function copyChunk(databaseUrl: string, due: RateCopy, source: CopySource): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'tollwire-catalog-copy', idle_in_transaction_session_timeout: 10_000 });
  // A connection that is lost while nobody waits for it speaks through this; whoever waits next is told.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query('begin');
    // Another instance that copies the same chunk waits here, and then finds it copied.
    if (await noted(client, due)) {
      await pipeline(Readable.from(withPauses(copyText(source))), client.query(copyFrom(copyStatement(source))));
    }
    await client.query('commit');
  } finally {
    await client.end();
  }
}

async function noted(client: pg.Client, { deckId, chunkCount, copiedChunks }: RateCopy): Promise<boolean> {
  const isLast = copiedChunks + 1 === chunkCount;
  const moved = await client.query(
    isLast ? 'delete from rate_copy where deck_id = $1 and copied_chunks = $2' : 'update rate_copy set copied_chunks = $2 + 1 where deck_id = $1 and copied_chunks = $2',
    [deckId, copiedChunks],
  );
  return moved.rowCount === 1;
}
