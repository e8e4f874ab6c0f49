import { zstdDecompressSync } from 'node:zlib';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, FinishDeckImportReplySchema } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { Database, EventMeta, Sql } from '@tollwire/event-store';
import type { Aggregates, CatalogDeps } from '../catalog.deps.ts';
import { deckIdOf } from '../decks/deck-projections.ts';
import { type ListedDeck, readActivations, readChunks, readDeck } from '../decks/deck-reads.ts';
import { deckContent, type DeckContent } from '../domain/deck-content.ts';
import { RateColumns } from '../domain/rate-columns.ts';
import { type ImportedDeck, versionOf } from '../domain/rate-deck.ts';
import { inSlices } from '../in-slices.ts';
import type { PlanInMemory } from '../number-plan/plan-in-memory.ts';
import { deckVersionOf } from '../wire/messages.ts';
import { deckRefusalOf } from '../wire/refusals.ts';
import { takePiece, unknownImport } from './append-import.ts';
import { noteCopy } from './copy-rates.ts';
import { decodeDeck, encodeDeck, type EncodedDeck } from './deck-chunks.ts';
import { readPlan } from './deck-owner.ts';
import { discardChunks, discardRates } from './discard-rates.ts';
import { type DeckImport, finishImport, insertErrors, noteDigest, readErrors, readImport, readPieceRates } from './import-store.ts';
import type { RecentContent } from './recent-content.ts';
import { withAdvice } from './row-errors.ts';

export type FinishDeps = CatalogDeps & {
  readonly aggregates: Aggregates;
  readonly plan: PlanInMemory;
  readonly recent: RecentContent;
};

type FinishReply = Result<MessageInitShape<typeof FinishDeckImportReplySchema>, CodedRefusal>;

export const ERRORS_MAX = 1_000;

/**
 * Makes a version of everything that was appended. Nothing of it counts before its last step, one transaction in which
 * the version is recorded; interrupted anywhere, it is finished by asking again. The same content as a version that the
 * deck has is that version.
 */
export async function finishDeckImport(deps: FinishDeps, importId: string, meta: EventMeta): Promise<FinishReply> {
  const found = await readImport(deps.database, importId);
  if (found === undefined) return refuse(unknownImport);
  if (found.status === 'finished') return await replyOf(deps.database, found);
  const closed = found.status === 'open' ? await takePiece(deps, found, new Uint8Array(), true) : ok(found);
  return closed.ok ? await finishClosed(deps, closed.value, meta) : closed;
}

/** A version about to be: its content, and the version in force that it was laid over. */
interface Draft {
  readonly content: DeckContent;
  readonly encoded: EncodedDeck;
  readonly baseVersion: number;
}

async function finishClosed(deps: FinishDeps, closed: DeckImport, meta: EventMeta): Promise<FinishReply> {
  const { database } = deps;
  const drafted = await draftOf(deps, closed);
  if (!drafted.ok) return drafted;
  const draft = drafted.value;
  await insertErrors(database, closed.importId, draft.content.duplicates.map(({ line, prefix }) => {
    return { line, column: 'prefix', code: 'duplicate_prefix', value: prefix };
  }));
  if (closed.dryRun) return await endDryRun(deps, closed, draft);
  const isNew = draft.content.rates.size > 0 && (await readDeck(database, closed.kind, closed.ownerId, draft.encoded.digest)) === undefined;
  if (isNew) await storeContent(database, closed, draft.encoded);
  return await record(deps, closed, draft, meta);
}

async function draftOf({ database: sql, plan }: FinishDeps, closed: DeckImport): Promise<Result<Draft, CodedRefusal>> {
  const file = await inSlices(joined(await readPieceRates(sql, closed.importId)));
  const needsBase = closed.amends || file.validFromUs.subarray(0, file.size).some((validFromUs) => validFromUs !== 0);
  const base = needsBase ? await lastInForce(sql, closed) : undefined;
  const baseRates = base === undefined ? new RateColumns(0) : await inSlices(decodeDeck(await readChunks(sql, base.digest)));
  const content = await inSlices(deckContent({ file, base: baseRates, amends: closed.amends }));
  const zone = await windowZoneOf(sql, closed, content.carriedCount > 0 && baseRates.hasWindows ? baseRates.timeZone : undefined);
  if (!zone.ok) return zone;
  content.rates.timeZone = zone.value;
  const known = await plan.known();
  return ok({ content, encoded: await inSlices(encodeDeck(content.rates, known)), baseVersion: content.carriedCount > 0 ? (base?.version ?? 0) : 0 });
}

/** By whose clocks a content's windows go: those that it carries over from before, else as was said, else the plan's. A content has one zone. */
async function windowZoneOf(sql: Sql, closed: DeckImport, carried: string | undefined): Promise<Result<string, CodedRefusal>> {
  const said = closed.format.options.windowZone;
  if (carried === undefined) return ok(said === '' ? ((await readPlan(sql, closed))?.timeZone ?? '') : said);
  if (said === '' || said === carried || (said === 'UTC' && carried === '')) return ok(carried);
  return refuse({
    code: 'deck_malformed', field: 'windowZone', facts: { windowZone: carried },
    detail: `Rates that go on from the version in force have windows by the clocks of ${carried === '' ? 'UTC' : carried}; import the whole deck without dates, or in that zone.`,
  });
}

/** The version that a file is laid over: the one that is in force for good, so far as it is known. */
async function lastInForce(sql: Sql, { kind, ownerId }: DeckImport): Promise<ListedDeck | undefined> {
  const activations = await readActivations(sql, { kind, ownerId });
  return activations.find(({ validUntil }) => validUntil === null)?.deck;
}

/** The rates of all pieces of a file. */
function* joined(compressed: readonly Uint8Array[]): Generator<void, RateColumns> {
  const pieces: RateColumns[] = [];
  for (const piece of compressed) {
    pieces.push(RateColumns.fromBytes(zstdDecompressSync(piece)));
    yield;
  }
  const rates = new RateColumns(pieces.reduce((size, piece) => size + piece.size, 0));
  for (const piece of pieces) {
    rates.append(piece);
    yield;
  }
  return rates;
}

/** Chunks are named by their content, and so may be there already, whole or in part. The rows of their rates follow the version (`copy-rates.ts`). */
async function storeContent(sql: Database, { importId, deckId, digest, copiedRates }: DeckImport, { digest: named, chunks }: EncodedDeck): Promise<void> {
  // An earlier version of this service copied rates before it recorded what they are of.
  if (copiedRates > 0) await discardRates(sql, deckId);
  if (digest !== named) {
    // Another version came in force since the last attempt, and with it another content.
    await sql.transaction(async (tx) => {
      await noteDigest(tx, importId, named);
      if (digest !== null) await discardChunks(tx, digest);
    });
  }
  for (const [chunk, bytes] of chunks.entries()) {
    await sql.query('insert into deck_chunk (digest, chunk, content) values ($1, $2, $3) on conflict do nothing', [named, chunk, bytes]);
  }
}

async function record(deps: FinishDeps, closed: DeckImport, { content, encoded, baseVersion }: Draft, meta: EventMeta): Promise<FinishReply> {
  const { database, clock, aggregates, recent, wakeRelay } = deps;
  const { kind, ownerId, deckId, by, importId } = closed;
  const { currency, carrierCode } = present(await readPlan(database, closed), 'the plan of an import');
  const deck = {
    kind, ownerId, deckId, currency, carrierCode, baseVersion,
    digest: encoded.digest, rateCount: content.rates.size, chunkCount: encoded.chunks.length,
  };
  const outcome = { digest: encoded.digest, acceptedCount: content.rates.size - content.carriedCount, carriedCount: content.carriedCount };
  const recorded = await database.transaction(async (tx) => {
    const command = { type: 'RecordImport', deck, by, at: clock.nowUs() } as const;
    const handled = present((await aggregates.decks.handleIn(tx, [{ id: deckIdOf(deck), command, meta }]))[0], 'an answer for the import');
    if (!handled.ok) return handled;
    await finishImport(tx, importId, outcome, clock.nowUs());
    if (handled.value.events.length > 0) await noteCopy(tx, deck, clock.nowUs());
    return handled;
  });
  if (!recorded.ok) return refuse(deckRefusalOf(recorded.refusal));
  wakeRelay();
  recent.hold(encoded.digest, content.rates);
  const version = present(versionOf(recorded.value.state, encoded.digest), 'the version that was imported');
  return await replyWith(database, closed, version, outcome);
}

/** A dry run ends without a version; what it came to is kept, and may be asked for again. */
async function endDryRun({ database, clock }: FinishDeps, closed: DeckImport, { content, encoded }: Draft): Promise<FinishReply> {
  const { rates, carriedCount } = content;
  const outcome = { digest: encoded.digest, acceptedCount: rates.size - carriedCount, carriedCount };
  await database.transaction((tx) => finishImport(tx, closed.importId, outcome, clock.nowUs()));
  return await replyOf(database, { ...closed, outcome });
}

async function replyOf(sql: Sql, finished: DeckImport): Promise<FinishReply> {
  const { kind, ownerId, deckId, dryRun } = finished;
  const { digest, ...counts } = present(finished.outcome, 'the outcome of a finished import');
  if (!dryRun) return await replyWith(sql, finished, present(await readDeck(sql, kind, ownerId, digest), 'the version of a finished import'), counts);
  const { currency, carrierCode } = present(await readPlan(sql, finished), 'the plan of an import');
  const deck = { kind, ownerId, deckId, currency, carrierCode, digest, version: 0, baseVersion: 0, rateCount: counts.acceptedCount + counts.carriedCount, chunkCount: 0 };
  return await replyWith(sql, finished, deck, counts);
}

async function replyWith(
  sql: Sql,
  { importId, rowsRead, format }: DeckImport,
  deck: ImportedDeck,
  { acceptedCount, carriedCount }: { readonly acceptedCount: number; readonly carriedCount: number },
): Promise<FinishReply> {
  const { errors, errorCount } = await readErrors(sql, importId, 0n, ERRORS_MAX);
  return ok({
    deck: deckVersionOf(deck), acceptedCount: BigInt(acceptedCount), carriedCount: BigInt(carriedCount), rowCount: BigInt(rowsRead),
    errorCount, errors: errors.map(withAdvice), passedOver: [...(format.places?.passedOver ?? [])],
  });
}
