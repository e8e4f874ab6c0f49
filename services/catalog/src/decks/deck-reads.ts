import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { DeckKind, ImportedDeck } from '../domain/rate-deck.ts';
import type { DeckRow } from './deck-projections.ts';
import type { ActivationKey } from './page-token.ts';

/** A version of a deck as it is listed. */
export type ListedDeck = ImportedDeck & Pick<DeckRow, 'importedAt' | 'importedBy' | 'review' | 'reviewedAt' | 'reviewedBy' | 'reviewNote' | 'origin'>;

/** A stretch of time in force, with the version that it is of. */
export interface ListedActivation {
  readonly deck: ListedDeck;
  readonly activation: number;
  readonly validFrom: InstantUs;
  readonly validUntil: InstantUs | null;
  readonly activatedAt: InstantUs;
  readonly by: string;
  readonly withdrawnAt: InstantUs | null;
  readonly withdrawnBy: string | null;
}

const deckColumns = `
  d.kind, d.owner_id as "ownerId", d.version, d.deck_id as "deckId", d.digest, d.rate_count as "rateCount", d.chunk_count as "chunkCount",
  d.currency, d.carrier_code as "carrierCode", d.base_version as "baseVersion", to_us(d.imported_at)::float8 as "importedAt",
  d.imported_by as "importedBy", d.review, to_us(d.reviewed_at)::float8 as "reviewedAt", d.reviewed_by as "reviewedBy", d.review_note as "reviewNote", d.origin`;

const activationColumns = `
  a.activation, to_us(a.valid_from)::float8 as "validFrom", to_us(a.valid_until)::float8 as "validUntil",
  to_us(a.activated_at)::float8 as "activatedAt", a.activated_by as by, to_us(a.withdrawn_at)::float8 as "withdrawnAt",
  a.withdrawn_by as "withdrawnBy"`;

/** All versions of a deck, oldest first. */
export function readDecks(sql: Sql, kind: DeckKind, ownerId: number): Promise<ListedDeck[]> {
  return sql.query(`select ${deckColumns} from rate_deck d where kind = $1 and owner_id = $2::bigint order by version`, [kind, ownerId]);
}

/** The version with this content, if it was imported. */
export async function readDeck(sql: Sql, kind: DeckKind, ownerId: number, digest: string): Promise<ListedDeck | undefined> {
  const [deck] = await sql.query<ListedDeck>(
    `select ${deckColumns} from rate_deck d where kind = $1 and owner_id = $2::bigint and digest = $3`,
    [kind, ownerId, digest],
  );
  return deck;
}

type ActivationRecord = ListedDeck & Omit<ListedActivation, 'deck'>;

const selectActivations = `select ${deckColumns}, ${activationColumns} from deck_activation a join rate_deck d using (kind, owner_id, version)`;

/** Every stretch of time that a version of a deck was, is or will be in force for, in the order of activation. */
export async function readActivations(sql: Sql, { kind, ownerId }: { kind: DeckKind; ownerId: number }): Promise<ListedActivation[]> {
  return activationsOf(await sql.query(`${selectActivations} where a.kind = $1 and a.owner_id = $2::bigint order by a.activation`, [kind, ownerId]));
}

/** The same from one activation on, at most `max`. */
export async function readActivationsAfter(sql: Sql, { kind, ownerId }: { kind: DeckKind; ownerId: number }, after: number, max: number): Promise<ListedActivation[]> {
  const where = 'where a.kind = $1 and a.owner_id = $2::bigint and a.activation > $3::bigint order by a.activation limit $4';
  return activationsOf(await sql.query(`${selectActivations} ${where}`, [kind, ownerId, after, max]));
}

/** What was in force at `since` or later, or will be, of all decks: at most `max` after an activation, in the order of their key. */
export async function readActivationPage(sql: Sql, since: number, after: ActivationKey | undefined, max: number): Promise<ListedActivation[]> {
  const { kind = '', ownerId = 0, activation = 0 } = after ?? {};
  return activationsOf(await sql.query(
    `${selectActivations}
     where (a.valid_until is null or a.valid_until > from_us($1)) and (a.kind, a.owner_id, a.activation) > ($2, $3, $4)
     order by a.kind, a.owner_id, a.activation limit $5`,
    [since, kind, ownerId, activation, max],
  ));
}

function activationsOf(rows: readonly ActivationRecord[]): ListedActivation[] {
  return rows.map(({ activation, validFrom, validUntil, activatedAt, by, withdrawnAt, withdrawnBy, ...version }) => {
    return { deck: version, activation, validFrom, validUntil, activatedAt, by, withdrawnAt, withdrawnBy };
  });
}

/** The content of chunks of a deck, in their order. */
export async function readChunks(sql: Sql, digest: string): Promise<Buffer[]> {
  const rows = await sql.query<{ content: Buffer }>('select content from deck_chunk where digest = $1 order by chunk', [digest]);
  return rows.map(({ content }) => content);
}

/** One chunk of a deck's content. Only what belongs to an imported version is shown. */
export async function readChunk(sql: Sql, digest: string, chunk: number): Promise<Buffer | undefined> {
  const [row] = await sql.query<{ content: Buffer }>(
    'select content from deck_chunk c where digest = $1 and chunk = $2::bigint and exists (select from rate_deck d where d.digest = c.digest)',
    [digest, chunk],
  );
  return row?.content;
}
